import { existsSync } from 'node:fs';
import type { Actor } from '../../audit/record-event.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { withLock } from '../../db/lock.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { NotFound } from '../../errors.ts';
import type { CoverLetter } from '../cover-letter.ts';
import { countProtected } from '../protected-run.ts';
import { BATCH_LOCK, batchFilePath } from './batch.ts';
import { type Batch, printChunk } from './print-chunk.ts';
import { writeLetterFile } from './write-file.ts';

/** What printing a batch needs; small enough to be handed to a thread. */
export interface BatchContext {
  db: Database;
  config: Pick<Config, 'letterDirectory' | 'municipalityFont'>;
  clock: Clock;
}

/**
 * Prints a batch from where it stands to its end, or until somebody asks to cancel: first the files that a broken
 * run left undrawn, then chunk by chunk. Returns at once when another process prints a batch.
 * A fault leaves the batch failed with everything printed so far in order; it can be resumed.
 */
export async function runBatch(context: BatchContext, actor: Actor, batchId: number): Promise<void> {
  const work = async () => {
    try {
      const batch = await getBatch(context.db, batchId);
      await drawMissingFiles(context, batch);
      for (;;) {
        if (await isCancelled(context.db, batchId)) return await close(context, batchId, 'cancelled');
        const at = context.clock.now();
        if ((await printChunk(context.db, context.config, { ...actor, at }, batch)) === 0) break;
        await drawMissingFiles(context, batch);
      }
      await close(context, batchId, 'finished');
    } catch (error) {
      await close(context, batchId, 'failed');
      throw error;
    }
  };
  await withLock(context.db, BATCH_LOCK, work);
}

async function getBatch(db: Database, id: number): Promise<Batch> {
  const batch = await db
    .selectFrom('letterBatch')
    .select([
      'id',
      'listKind',
      'offsetRight',
      'offsetDown',
      'printerName',
      'chunkSize',
      'officeCode',
      'reason',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (batch === undefined) throw new NotFound('この一括印刷は記録にありません。一覧から選び直してください。');
  return batch;
}

async function isCancelled(db: Database, id: number): Promise<boolean> {
  const { cancelAskedAt } = await db
    .selectFrom('letterBatch')
    .select('cancelAskedAt')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return cancelAskedAt !== null;
}

/**
 * Draws the files whose letters are kept but that do not lie on the disk, and records the hash of each. A file that
 * was lost comes out as it was, byte for byte. Throws when it would not.
 */
async function drawMissingFiles({ db, config }: BatchContext, batch: Batch): Promise<void> {
  const runs = await db
    .selectFrom('printRun')
    .select(['id', 'title', 'fileName', 'printedAt', 'sha256'])
    .where('batchId', '=', batch.id)
    .orderBy('fileNumber')
    .execute();
  for (const run of runs) {
    const path = batchFilePath(config.letterDirectory, run.fileName);
    // A file that nobody may open any more is not drawn again.
    if (run.sha256 !== '' && (existsSync(path) || (await countProtected(db, run.id)) > 0)) continue;
    const letters = await readFileLetters(db, run.id);
    const sha256 = await writeLetterFile(path, letters, {
      title: run.title,
      author: letters[0]!.sender.join(''),
      createdAt: new Date(run.printedAt),
      ownFont: config.municipalityFont,
    });
    if (run.sha256 !== '' && run.sha256 !== sha256) {
      throw new Error(`${run.fileName} came out differently: is the municipality's font another one?`);
    }
    await inTransaction(db, async (trx) => {
      await trx.updateTable('printRun').set({ sha256 }).where('id', '=', run.id).execute();
    });
  }
}

/** The letters of one file in the order of their pages. */
export async function readFileLetters(db: Database, printRunId: number): Promise<CoverLetter[]> {
  const rows = await db
    .selectFrom('letter')
    .select('content')
    .where('printRunId', '=', printRunId)
    .orderBy('pageNumber')
    .execute();
  return rows.map(({ content }) => JSON.parse(content) as CoverLetter);
}

async function close(
  { db, clock }: BatchContext,
  id: number,
  status: 'finished' | 'cancelled' | 'failed',
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('letterBatch')
      .set({ status, finishedAt: clock.now().toISOString() })
      .where('id', '=', id)
      .execute();
  });
}
