import type { Database } from '../../server/db/schema.ts';
import { inTransaction } from '../../server/db/transaction.ts';

/** Puts a run of the host import into the record as if it had been applied, without its people. Returns its id. */
export async function makeRun(
  db: Database,
  baseOn: string,
  appliedSequence: number | null = null,
  status: 'applied' | 'undone' = 'applied',
): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('importRun')
      .values({
        fileName: 'FNT.csv',
        fileSha256: '0'.repeat(64),
        fileSize: 1,
        baseOn,
        startedAt: `${baseOn}T00:00:00.000Z`,
        finishedAt: `${baseOn}T00:00:00.000Z`,
        status,
        actor: 'job:test',
        accountId: null,
        report: '{}',
        expectedCount: null,
        progressAt: null,
        answeredBy: null,
        answeredAt: null,
        appliedSequence,
        undoneBy: null,
        undoneAt: null,
        originalErasedAt: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}
