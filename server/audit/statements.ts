import { sql } from 'kysely';
import { prepared, preparedInsert } from '../db/prepared.ts';
import type { AuditHeadTable } from '../db/schema.ts';

// What every act and every page of personal data writes, compiled once.

export const advanceHead = prepared<{ by: number }, never>((db, value) =>
  db
    .updateTable('auditHead')
    .set({ lastSequence: sql`last_sequence + ${value('by')}` })
    .where('id', '=', 1),
);

export const readHead = prepared<Record<never, never>, AuditHeadTable>((db) =>
  db.selectFrom('auditHead').selectAll().where('id', '=', 1),
);

export const closeHead = prepared<{ lastHash: string }, never>((db, value) =>
  db
    .updateTable('auditHead')
    .set({ lastHash: value('lastHash') })
    .where('id', '=', 1),
);

export const insertEvent = preparedInsert('auditEvent', [
  'sequence',
  'occurredAt',
  'businessOn',
  'kind',
  'accountId',
  'actor',
  'officeCode',
  'terminal',
  'requestId',
  'personId',
  'passId',
  'details',
  'valuesHash',
  'previousHash',
  'hash',
]);

export const insertValue = preparedInsert('auditValue', [
  'eventSequence',
  'personId',
  'field',
  'oldValue',
  'newValue',
]);

export const insertSalt = preparedInsert('auditValueSalt', ['eventSequence', 'salt']);
