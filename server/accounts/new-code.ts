import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { codeExpiry } from './account.ts';
import { type SeenAccount, updateSeen } from './change-account.ts';
import { lockAdministrators, requireAdministrator } from './last-administrator.ts';
import { hashOneTimeCode, newOneTimeCode } from './one-time-code.ts';
import { getAccount } from './queries.ts';

/**
 * Gives an account a new one-time code (再設定コード), with which its owner, and nobody else, chooses a
 * password. The old password and every session end at once, pauses after failures are lifted. Returns the
 * code. Throws NotFound, and Refused for one's own account or one changed in between.
 */
export async function issueNewCode(db: Database, actor: Actor, seen: SeenAccount): Promise<string> {
  if (seen.accountId === actor.accountId) {
    throw new Refused('自分のパスワードは、右上の「パスワード変更」から変えてください。');
  }
  const { loginName, validFromOn } = await getAccount(db, seen.accountId);
  const code = newOneTimeCode();
  await inTransaction(db, async (trx) => {
    await lockAdministrators(trx);
    await updateSeen(trx, seen, {
      passwordHash: null,
      passwordChangedAt: null,
      codeHash: hashOneTimeCode(code),
      codeExpiresAt: codeExpiry(actor.at, validFromOn),
    });
    await trx.deleteFrom('session').where('accountId', '=', seen.accountId).execute();
    await forgetAllFailures(trx, loginName);
    recordEvent(trx, actor, { kind: 'account.code-issued', subjectAccountId: seen.accountId });
    // A job is the way back in for the only administrator who has forgotten the own password.
    if (actor.accountId !== null) await requireAdministrator(trx, businessDay(actor.at));
  });
  return code;
}

/** Lifts the pauses after failed sign-ins of an account at every terminal; its password stays. Throws NotFound. */
export async function liftPauses(db: Database, actor: Actor, accountId: number): Promise<void> {
  const { loginName } = await getAccount(db, accountId);
  await inTransaction(db, async (trx) => {
    const terminals = await forgetAllFailures(trx, loginName);
    recordEvent(trx, actor, { kind: 'account.pause-lifted', subjectAccountId: accountId, terminals });
  });
}

async function forgetAllFailures(trx: Trx, loginName: string): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('signInFailure')
    .where('loginName', '=', loginName)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
