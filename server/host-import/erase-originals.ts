import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { readSetting } from '../settings/queries.ts';
import { folderOfOriginal } from './receive.ts';

const DAY_MS = 86_400_000;
const UPLOAD = /^upload-/;

/**
 * Erases originals of runs that ended longer ago than the setting says, together with the values of their
 * faults and held differences, each with a record. What waits for an answer is kept; a file that a later run
 * shares is kept for that one. Returns the runs' numbers.
 */
export async function eraseExpiredOriginals(context: AppContext, actor: Actor): Promise<number[]> {
  const { db, config, clock } = context;
  const days = await readSetting(db, 'import.keep-original-days');
  const before = new Date(clock.now().getTime() - days * DAY_MS).toISOString();
  const expired = await db
    .selectFrom('importRun')
    .select(['id', 'fileSha256'])
    .where('originalErasedAt', 'is', null)
    .where('finishedAt', '<', before)
    .where('status', 'not in', ['running', 'held'])
    .where('fileSha256', '<>', '')
    .orderBy('id')
    .execute();
  for (const { id, fileSha256 } of expired) {
    const shared = await db
      .selectFrom('importRun')
      .select('id')
      .where('fileSha256', '=', fileSha256)
      .where((where) =>
        where.or([where('status', 'in', ['running', 'held']), where('finishedAt', '>=', before)]),
      )
      .limit(1)
      .executeTakeFirst();
    if (shared === undefined) {
      await rm(folderOfOriginal(config.receivedDirectory, fileSha256), { recursive: true, force: true });
    }
    await inTransaction(db, async (trx) => {
      await trx.updateTable('importRowFault').set({ value: '' }).where('runId', '=', id).execute();
      await trx.deleteFrom('importHeldDifference').where('runId', '=', id).execute();
      await trx
        .updateTable('importRun')
        .set({ originalErasedAt: actor.at.toISOString() })
        .where('id', '=', id)
        .execute();
      recordEvent(trx, actor, { kind: 'import.original-erased', importRunId: id, sha256: fileSha256 });
    });
  }
  await removeStrayUploads(config.receivedDirectory, clock.now().getTime() - DAY_MS);
  return expired.map(({ id }) => id);
}

/** Removes what an upload left whose server was killed in the middle of it. */
async function removeStrayUploads(directory: string, beforeMs: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => UPLOAD.test(one))) {
    const folder = join(directory, name);
    const { mtimeMs } = await stat(folder);
    if (mtimeMs < beforeMs) await rm(folder, { recursive: true, force: true });
  }
}
