import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { readSetting } from '../settings/queries.ts';
import { isUsable, tidyLoginName } from './account.ts';
import { forgetAttempts } from './attempts.ts';
import { hashOneTimeCode } from './one-time-code.ts';
import { hashPassword, isPassword } from './password.ts';
import { passwordProblem } from './password-rules.ts';
import { asOwner, findByLoginName, refuseSignIn, requireNoPause } from './sign-in.ts';

const WRONG_CODE =
  '利用者IDまたはコードが違うか、コードの期限が切れています。システム管理者に新しいコードを依頼してください。';

/**
 * Sets a password with a one-time code, which is used up. Throws Invalid when the password cannot be
 * taken, Refused when ID and code do not belong together or the code has expired.
 */
export async function setPasswordWithCode(
  db: Database,
  actor: Actor,
  typedName: string,
  code: string,
  password: string,
): Promise<void> {
  const loginName = tidyLoginName(typedName);
  const leastLength = await readSetting(db, 'password.least-length');
  const problem = passwordProblem(password, { loginName, leastLength });
  if (problem !== undefined) throw new Invalid({ password: problem });
  const account = await findByLoginName(db, loginName);
  await requireNoPause(db, actor, loginName, account?.id);
  const codeHash = hashOneTimeCode(code);
  // The same work whether or not the code fits, so that the time tells nothing of which IDs there are.
  const passwordHash = await hashPassword(password);
  const fits =
    account?.codeHash === codeHash &&
    account.codeExpiresAt !== null &&
    account.codeExpiresAt > actor.at.toISOString() &&
    isUsable(account, actor.at);
  if (!fits) return await refuseSignIn(db, actor, account?.id, 'code', WRONG_CODE);
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('account')
      .set({ passwordHash, passwordChangedAt: actor.at.toISOString(), codeHash: null, codeExpiresAt: null })
      .where('id', '=', account.id)
      .where('codeHash', '=', codeHash)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused(WRONG_CODE);
    await trx.deleteFrom('session').where('accountId', '=', account.id).execute();
    await forgetAttempts(trx, actor, loginName);
    recordEvent(trx, asOwner(actor, account), {
      kind: 'account.password-set',
      subjectAccountId: account.id,
    });
  });
}

/**
 * Changes one's own password, which takes the present one; every session of the account ends, the one at
 * hand included. Throws Invalid, or Refused after many wrong entries of the present password.
 */
export async function changeOwnPassword(
  db: Database,
  actor: Actor,
  present: string,
  password: string,
): Promise<void> {
  const account = await findByLoginName(db, actor.name);
  if (account === undefined || account.id !== actor.accountId) throw new TypeError('no such account');
  const { id, loginName, displayName, passwordHash } = account;
  const leastLength = await readSetting(db, 'password.least-length');
  const problem = passwordProblem(password, { loginName, displayName, leastLength });
  if (problem !== undefined) throw new Invalid({ password: problem });
  await requireNoPause(db, actor, loginName, id);
  if (!(await isPassword(present, passwordHash))) {
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actor, { kind: 'account.password-refused', subjectAccountId: id });
    });
    throw new Invalid({
      presentPassword:
        '今のパスワードが違います。入力し直してください。忘れた場合はシステム管理者に再設定コードを依頼してください。',
    });
  }
  if (await isPassword(password, passwordHash)) {
    throw new Invalid({
      password: '新しいパスワードが今のものと同じです。別のパスワードにしてください。',
    });
  }
  const renewed = await hashPassword(password);
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('account')
      .set({ passwordHash: renewed, passwordChangedAt: actor.at.toISOString() })
      .where('id', '=', id)
      .execute();
    await trx.deleteFrom('session').where('accountId', '=', id).execute();
    await forgetAttempts(trx, actor, loginName);
    recordEvent(trx, actor, { kind: 'account.password-changed', subjectAccountId: id });
  });
}
