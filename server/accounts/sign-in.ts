import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { hashOneTimeCode } from './one-time-code.ts';
import { hashPassword, isPassword, needsRehash, passwordProblem } from './password.ts';

// After five failures in a row a pause, doubled each time: 30 s, 1 min, … 15 min.
const FREE_FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

const WRONG =
  '利用者IDまたはパスワードが違います。入力し直してください。忘れた場合はシステム管理者に再設定コードを依頼してください。';
const WRONG_CODE =
  '利用者IDまたは初回コードが違うか、コードの期限が切れています。システム管理者に新しいコードを依頼してください。';

type Reason = 'unknown' | 'password' | 'locked' | 'stopped' | 'code';

/**
 * Checks an ID and password. Returns the account's id; throws Refused with one and the same sentence
 * whatever was wrong, or with how long to wait after many failures at this terminal.
 */
export async function signIn(
  db: Database,
  actor: Actor,
  loginName: string,
  password: string,
): Promise<number> {
  await requireNoPause(db, actor, loginName);
  const account = await findByLoginName(db, loginName);
  const matches = await isPassword(password, account?.passwordHash ?? null);
  if (account === undefined || !matches) {
    return await refuse(db, actor, loginName, account === undefined ? 'unknown' : 'password', WRONG);
  }
  if (!isUsable(account, actor.at)) return await refuse(db, actor, loginName, 'stopped', WRONG);
  const renewed = needsRehash(account.passwordHash!) ? await hashPassword(password) : account.passwordHash;
  await inTransaction(db, async (trx) => {
    await forgetFailures(trx, actor, loginName);
    await trx
      .updateTable('account')
      .set({ lastSignInAt: actor.at.toISOString(), passwordHash: renewed })
      .where('id', '=', account.id)
      .execute();
    recordEvent(
      trx,
      { ...actor, accountId: account.id, name: account.loginName, officeCode: account.officeCode },
      {
        kind: 'session.signed-in',
        subjectAccountId: account.id,
      },
    );
  });
  return account.id;
}

/**
 * Sets a password with a one-time code, which is used up. Throws Invalid when the password cannot be
 * taken, Refused when ID and code do not belong together or the code has expired.
 */
export async function setPasswordWithCode(
  db: Database,
  actor: Actor,
  loginName: string,
  code: string,
  password: string,
): Promise<void> {
  const problem = passwordProblem(password, loginName);
  if (problem !== undefined) throw new Invalid({ password: problem });
  await requireNoPause(db, actor, loginName);
  const account = await findByLoginName(db, loginName);
  const codeHash = hashOneTimeCode(code);
  const fits =
    account?.codeHash === codeHash &&
    account.codeExpiresAt !== null &&
    account.codeExpiresAt > actor.at.toISOString() &&
    isUsable(account, actor.at);
  if (!fits) return await refuse(db, actor, loginName, 'code', WRONG_CODE);
  const passwordHash = await hashPassword(password);
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('account')
      .set({ passwordHash, passwordChangedAt: actor.at.toISOString(), codeHash: null, codeExpiresAt: null })
      .where('id', '=', account.id)
      .where('codeHash', '=', codeHash)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused(WRONG_CODE);
    await trx.deleteFrom('session').where('accountId', '=', account.id).execute();
    await forgetFailures(trx, actor, loginName);
    recordEvent(
      trx,
      { ...actor, accountId: account.id, name: account.loginName, officeCode: account.officeCode },
      {
        kind: 'account.password-set',
        subjectAccountId: account.id,
      },
    );
  });
}

async function findByLoginName(db: Database, loginName: string) {
  return await db
    .selectFrom('account')
    .select(['id', 'loginName', 'officeCode', 'passwordHash', 'codeHash', 'codeExpiresAt', 'stoppedAt'])
    .select(['validFromOn', 'validUntilOn'])
    .where('loginName', '=', loginName)
    .executeTakeFirst();
}

function isUsable(
  account: { stoppedAt: string | null; validFromOn: string; validUntilOn: string | null },
  at: Date,
): boolean {
  const today = businessDay(at);
  return (
    account.stoppedAt === null &&
    account.validFromOn <= today &&
    (account.validUntilOn === null || account.validUntilOn >= today)
  );
}

function pauseAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - FREE_FAILURES), LONGEST_PAUSE_MS);
}

async function requireNoPause(db: Database, actor: Actor, loginName: string): Promise<void> {
  const row = await db
    .selectFrom('signInFailure')
    .select(['failures', 'lastAt'])
    .where('loginName', '=', loginName)
    .where('terminal', '=', actor.terminal)
    .executeTakeFirst();
  if (row === undefined) return;
  const until = Date.parse(row.lastAt) + pauseAfter(row.failures);
  if (until <= actor.at.getTime()) return;
  const seconds = Math.ceil((until - actor.at.getTime()) / 1000);
  const wait = seconds > 90 ? `約${Math.ceil(seconds / 60)}分` : `${seconds}秒`;
  await inTransaction(db, async (trx) => {
    recordEvent(trx, actor, { kind: 'session.refused', reason: 'locked' });
  });
  throw new Refused(
    `続けて失敗したため、この端末からのサインインを一時止めています。${wait}待ってから入力し直してください。`,
  );
}

async function refuse(
  db: Database,
  actor: Actor,
  loginName: string,
  reason: Reason,
  sentence: string,
): Promise<never> {
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('signInFailure')
      .set((set) => ({ failures: set('failures', '+', 1), lastAt: actor.at.toISOString() }))
      .where('loginName', '=', loginName)
      .where('terminal', '=', actor.terminal)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      await trx
        .insertInto('signInFailure')
        .values({ loginName, terminal: actor.terminal, failures: 1, lastAt: actor.at.toISOString() })
        .execute();
    }
    recordEvent(trx, actor, { kind: 'session.refused', reason });
  });
  throw new Refused(sentence);
}

async function forgetFailures(trx: Trx, actor: Actor, loginName: string): Promise<void> {
  await trx
    .deleteFrom('signInFailure')
    .where('loginName', '=', loginName)
    .where('terminal', '=', actor.terminal)
    .execute();
}
