import type { Actor } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { readSetting } from '../settings/queries.ts';

// Failures are counted for an ID at one terminal, whether the ID exists or not: nobody can lock a colleague
// out from elsewhere, and nobody learns which IDs there are.

const LONGEST_PAUSE_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/**
 * Counts an attempt before it is checked, so that a hundred at once are not a hundred free ones; one that
 * succeeds takes the count back with `forgetAttempts`. Returns how many milliseconds of a pause are left;
 * above zero the attempt is not counted and must not be checked.
 */
export async function countAttempt(db: Database, actor: Actor, loginName: string): Promise<number> {
  try {
    return await inTransaction(db, (trx) => countOnce(trx, actor, loginName));
  } catch (error) {
    // The first two attempts at the same moment: the other one has made the row.
    if (!isDuplicate(error)) throw error;
    return await inTransaction(db, (trx) => countOnce(trx, actor, loginName));
  }
}

async function countOnce(trx: Trx, { terminal, at }: Actor, loginName: string): Promise<number> {
  const forgotten = new Date(at.getTime() - FORGOTTEN_AFTER_MS).toISOString();
  await trx.deleteFrom('signInFailure').where('lastAt', '<', forgotten).execute();
  // The update takes the lock on the row; what is read behind it is ours until the end.
  const { numUpdatedRows } = await trx
    .updateTable('signInFailure')
    .set((set) => ({ failures: set('failures', '+', 1) }))
    .where('loginName', '=', loginName)
    .where('terminal', '=', terminal)
    .executeTakeFirst();
  const lastAt = at.toISOString();
  if (numUpdatedRows === 0n) {
    await trx.insertInto('signInFailure').values({ loginName, terminal, failures: 1, lastAt }).execute();
    return 0;
  }
  const row = await trx
    .selectFrom('signInFailure')
    .select(['failures', 'lastAt'])
    .where('loginName', '=', loginName)
    .where('terminal', '=', terminal)
    .executeTakeFirstOrThrow();
  const before = row.failures - 1;
  const left = Date.parse(row.lastAt) + (await pauseAfter(trx, before)) - at.getTime();
  await trx
    .updateTable('signInFailure')
    .set(left > 0 ? { failures: before } : { lastAt })
    .where('loginName', '=', loginName)
    .where('terminal', '=', terminal)
    .execute();
  return Math.max(left, 0);
}

/** The pause after so many failures in a row, in milliseconds: doubled each time, 15 minutes at most. */
async function pauseAfter(trx: Trx, failures: number): Promise<number> {
  const free = await readSetting(trx, 'sign-in.free-failures');
  if (failures < free) return 0;
  const first = (await readSetting(trx, 'sign-in.first-pause-seconds')) * 1000;
  return Math.min(first * 2 ** (failures - free), LONGEST_PAUSE_MS);
}

/** Takes the counted attempts of an ID at a terminal back after one that succeeded. */
export async function forgetAttempts(trx: Trx, { terminal }: Actor, loginName: string): Promise<void> {
  await trx
    .deleteFrom('signInFailure')
    .where('loginName', '=', loginName)
    .where('terminal', '=', terminal)
    .execute();
}
