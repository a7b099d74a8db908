import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { requireGround } from './account.ts';
import { type SeenAccount, updateSeen } from './change-account.ts';
import { lockAdministrators, requireAdministrator } from './last-administrator.ts';
import { getAccount } from './queries.ts';

/**
 * Stops an account (使用停止): its sessions end at once. `ground` is why. Throws Invalid without a ground,
 * NotFound, and Refused when it is stopped already, changed in between, or the last administrator.
 */
export async function stopAccount(
  db: Database,
  actor: Actor,
  seen: SeenAccount,
  ground: string,
): Promise<void> {
  const why = requireGround(ground, 'stopGround');
  const { stoppedAt } = await getAccount(db, seen.accountId);
  if (stoppedAt !== null) throw new Refused('このアカウントはすでに停止しています。');
  await inTransaction(db, async (trx) => {
    await lockAdministrators(trx);
    await updateSeen(trx, seen, { stoppedAt: actor.at.toISOString() });
    await trx.deleteFrom('session').where('accountId', '=', seen.accountId).execute();
    recordEvent(trx, actor, {
      kind: 'account.stopped',
      subjectAccountId: seen.accountId,
      ground: why,
    });
    await requireAdministrator(trx, businessDay(actor.at));
  });
}

/**
 * Lets a stopped account be used again (再開), with the password it had. `ground` is why. Throws Invalid
 * without a ground, NotFound, and Refused when it is not stopped or was changed in between.
 */
export async function resumeAccount(
  db: Database,
  actor: Actor,
  seen: SeenAccount,
  ground: string,
): Promise<void> {
  const why = requireGround(ground, 'resumeGround');
  const { stoppedAt } = await getAccount(db, seen.accountId);
  if (stoppedAt === null) throw new Refused('このアカウントは停止していません。');
  await inTransaction(db, async (trx) => {
    await updateSeen(trx, seen, { stoppedAt: null });
    recordEvent(trx, actor, {
      kind: 'account.resumed',
      subjectAccountId: seen.accountId,
      ground: why,
    });
  });
}
