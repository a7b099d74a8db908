import { hash } from 'node:crypto';
import type { AuditEventTable, Database } from '../db/schema.ts';

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

/** A place in the chain: the hash of the event with that sequence stands for all events up to it. */
export interface Anchor {
  sequence: number;
  hash: string;
}

/** Where the chain ends now; undefined when somebody removed its head. */
export async function findHead(db: Database): Promise<Anchor | undefined> {
  return await db
    .selectFrom('auditHead')
    .select(['lastSequence as sequence', 'lastHash as hash'])
    .where('id', '=', 1)
    .executeTakeFirst();
}

/** Where the chain ends now, to be printed, filed or sent: whoever holds it can tell a later cut. */
export async function headOf(db: Database): Promise<Anchor> {
  const head = await findHead(db);
  if (head === undefined) throw new Error('the head of the audit chain is missing');
  return head;
}
