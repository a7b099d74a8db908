import { Worker } from 'node:worker_threads';
import { requireOtherPerson } from '../../accounts/second-person.ts';
import { type Actor, recordEvent } from '../../audit/record-event.ts';
import type { AppContext } from '../../context.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { NotFound, Refused } from '../../errors.ts';
import { readSetting } from '../../settings/queries.ts';
import type { BatchThreadData } from './batch-thread.ts';

// Batches whose threads this server runs. One that the register says is running and that is not here was broken off
// with the server; should another server be printing it, the thread finds its lock and leaves at once.
const printing = new Set<number>();

/** Whether this server is printing a batch now. */
export function isPrinting(batchId: number): boolean {
  return printing.has(batchId);
}

/**
 * Starts printing a batch, or goes on with one that was cancelled, failed or broken off, in a thread of its own; of
 * a finished one the files that were lost are drawn again. Resolves when it is under way; the returned promise of
 * `done` when the thread has ended. Throws Refused when another batch is being printed, Forbidden when a large one
 * needs a second person.
 */
export async function startBatch(
  context: AppContext,
  actor: Actor,
  batchId: number,
): Promise<{ done: Promise<void> }> {
  const { db, config, log } = context;
  if (printing.size > 0) {
    throw new Refused('ほかの一括印刷を印刷しているため、始めませんでした。終わってから始めてください。');
  }
  await inTransaction(db, async (trx) => {
    const batch = await trx
      .selectFrom('letterBatch')
      .select(['status', 'itemCount', 'createdBy'])
      .where('id', '=', batchId)
      .executeTakeFirst();
    if (batch === undefined) throw new NotFound(NO_BATCH);
    if (
      batch.status !== 'finished' &&
      batch.itemCount >= (await readSetting(trx, 'letter.second-person-from'))
    ) {
      requireOtherPerson(actor, batch.createdBy, '一括印刷の作成');
    }
    const started = { startedAt: actor.at.toISOString(), startedBy: actor.accountId };
    await trx
      .updateTable('letterBatch')
      .set({ status: 'running', ...started, finishedAt: null, cancelAskedAt: null })
      .where('id', '=', batchId)
      .execute();
    recordEvent(trx, actor, { kind: 'letter.batch-started', batchId });
  });
  const { letterDirectory, municipalityFont } = config;
  const workerData: BatchThreadData = {
    databaseUrl: config.databaseUrl,
    config: { letterDirectory, municipalityFont },
    actor,
    batchId,
  };
  printing.add(batchId);
  const thread = openBatchThread(workerData);
  const done = new Promise<void>((resolve) => {
    thread.on('error', (error) => log.error({ err: error, batchId }, 'printing a batch failed'));
    thread.on('exit', () => {
      printing.delete(batchId);
      resolve();
    });
  });
  return { done };
}

// A file of 500 letters takes some 100 MB while it is drawn; without a limit the garbage of many files piles up.
const THREAD_MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;

/** The thread that prints a batch; it ends with the batch. */
export function openBatchThread(workerData: BatchThreadData): Worker {
  const script = new URL('./batch-thread.ts', import.meta.url);
  return new Worker(script, { workerData, resourceLimits: THREAD_MEMORY });
}

/** Asks a batch that is being printed to stop after the file it is at; it can be resumed. */
export async function cancelBatch(db: Database, actor: Actor, batchId: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('letterBatch')
      .set({ cancelAskedAt: actor.at.toISOString() })
      .where('id', '=', batchId)
      .where('status', '=', 'running')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused('印刷中でないため、中止することはありません。');
    recordEvent(trx, actor, { kind: 'letter.batch-cancelled', batchId });
  });
}

const NO_BATCH = 'この一括印刷は記録にありません。一覧から選び直してください。';
