import { unlink } from 'node:fs/promises';
import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { addDays, businessDay } from '../../calendar/local-date.ts';
import type { AppContext } from '../../context.ts';
import { inTransaction } from '../../db/transaction.ts';
import { readSetting } from '../../settings/queries.ts';
import { batchFilePath } from './batch.ts';

/**
 * Deletes the files of batches that are older than the setting says; the letters stay in the register, and the same
 * files can be drawn again. Returns how many were deleted.
 */
export async function purgeLetterFiles(
  { db, config }: Pick<AppContext, 'db' | 'config'>,
  actor: Actor,
): Promise<number> {
  const days = await readSetting(db, 'letter.keep-file-days');
  const before = addDays(businessDay(actor.at), -days);
  const runs = await db
    .selectFrom('printRun')
    .select('fileName')
    .where('kind', '=', 'batch')
    .where('printedOn', '<', before)
    .where('sha256', '<>', '')
    .execute();
  let files = 0;
  for (const { fileName } of runs) {
    if (await remove(batchFilePath(config.letterDirectory, fileName))) files += 1;
  }
  if (files > 0) {
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actor, { kind: 'letter.files-purged', before, files }),
    );
  }
  return files;
}

async function remove(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
