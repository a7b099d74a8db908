import { hash } from 'node:crypto';
import type { AuditEventTable } from '../db/schema.ts';

// The chain: each row's hash covers the hash before it and all of its own columns, in this order.
// Whoever changes, drops, inserts or reorders a row breaks every hash from there on.

export const CHAIN_START = '0'.repeat(64);

type Chained = Omit<AuditEventTable, 'hash'>;

/** The hash of one row, lower-case hexadecimal SHA-256. */
export function hashOfEvent(row: Chained): string {
  return hash(
    'sha256',
    JSON.stringify([
      row.previousHash,
      row.sequence,
      row.occurredAt,
      row.businessOn,
      row.kind,
      row.accountId,
      row.actor,
      row.officeCode,
      row.terminal,
      row.requestId,
      row.personId,
      row.passId,
      row.details,
      row.valuesHash,
    ]),
  );
}
