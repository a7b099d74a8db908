import type { AuditEventTable, Database } from '../db/schema.ts';
import { CHAIN_START, hashOfEvent } from './chain.ts';
import { valuesHash } from './values.ts';

const ROWS_AT_ONCE = 2000;

export type Verdict =
  | { whole: true; events: number; lastHash: string }
  | { whole: false; brokenAt: number; problem: string };

/**
 * Reads the whole chain and the values beside it. Names the first place where a row was altered,
 * dropped, inserted or moved, or where the end was cut off; values that were erased with their salt
 * are no fault.
 */
export async function verifyChain(db: Database): Promise<Verdict> {
  let sequence = 0;
  let previousHash = CHAIN_START;
  for (;;) {
    const rows = await db
      .selectFrom('auditEvent')
      .selectAll()
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const row of rows) {
      const problem = problemOf(row, sequence, previousHash) ?? (await valueProblem(db, row));
      if (problem !== undefined) return { whole: false, brokenAt: sequence + 1, problem };
      sequence = row.sequence;
      previousHash = row.hash;
    }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  const head = await db.selectFrom('auditHead').selectAll().executeTakeFirstOrThrow();
  if (head.lastSequence !== sequence || head.lastHash !== previousHash) {
    return {
      whole: false,
      brokenAt: sequence + 1,
      problem: 'the end of the chain is not where its head says',
    };
  }
  return { whole: true, events: sequence, lastHash: previousHash };
}

function problemOf(row: AuditEventTable, before: number, previousHash: string): string | undefined {
  if (row.sequence !== before + 1) return 'a row is missing';
  if (row.previousHash !== previousHash) return 'the row does not follow the one before it';
  if (hashOfEvent(row) !== row.hash) return 'the row was altered';
  return undefined;
}

async function valueProblem(db: Database, row: AuditEventTable): Promise<string | undefined> {
  if (row.valuesHash === '') return undefined;
  const kept = await db
    .selectFrom('auditValueSalt')
    .select('salt')
    .where('eventSequence', '=', row.sequence)
    .executeTakeFirst();
  if (kept === undefined) return undefined;
  const running = valuesHash(kept.salt);
  // Keyset pages, since an import's values can be more than memory should hold.
  let from = { personId: -1, field: '' };
  for (;;) {
    const values = await db
      .selectFrom('auditValue')
      .select(['personId', 'field', 'oldValue', 'newValue'])
      .where('eventSequence', '=', row.sequence)
      .where((where) =>
        where.or([
          where('personId', '>', from.personId),
          where.and([where('personId', '=', from.personId), where('field', '>', from.field)]),
        ]),
      )
      .orderBy('personId')
      .orderBy('field')
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const value of values) running.add(value);
    const last = values.at(-1);
    if (last === undefined || values.length < ROWS_AT_ONCE) break;
    from = last;
  }
  return running.digest() === row.valuesHash ? undefined : 'the values beside the row were altered';
}
