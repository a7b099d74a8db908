import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { isUsable, tidyLoginName } from './account.ts';
import { countAttempt, forgetAttempts } from './attempts.ts';
import { hashPassword, isPassword, needsRehash } from './password.ts';

const WRONG =
  '利用者IDまたはパスワードが違います。入力し直してください。忘れた場合はシステム管理者に再設定コードを依頼してください。';

type Reason = 'unknown' | 'password' | 'locked' | 'stopped' | 'code';

export interface SignedIn {
  accountId: number;
  /** When and from where this account had signed in before; absent at its first time. */
  previousSignIn?: { at: string; terminal: string };
}

/**
 * Checks an ID and password. Throws Refused with one and the same sentence whatever was wrong, after the
 * same work, or with how long to wait after many failures at this terminal.
 */
export async function signIn(
  db: Database,
  actor: Actor,
  typedName: string,
  password: string,
): Promise<SignedIn> {
  const loginName = tidyLoginName(typedName);
  const account = await findByLoginName(db, loginName);
  await requireNoPause(db, actor, loginName, account?.id);
  const matches = await isPassword(password, account?.passwordHash ?? null);
  if (account === undefined || !matches) {
    return await refuseSignIn(db, actor, account?.id, account === undefined ? 'unknown' : 'password', WRONG);
  }
  if (!isUsable(account, actor.at)) return await refuseSignIn(db, actor, account.id, 'stopped', WRONG);
  const { id, lastSignInAt, lastSignInTerminal } = account;
  const renewed = needsRehash(account.passwordHash!) ? await hashPassword(password) : account.passwordHash;
  await inTransaction(db, async (trx) => {
    // A password changed while this one was being checked is not overwritten, and the old one not taken.
    const { numUpdatedRows } = await trx
      .updateTable('account')
      .set({
        lastSignInAt: actor.at.toISOString(),
        lastSignInTerminal: actor.terminal,
        passwordHash: renewed,
      })
      .where('id', '=', id)
      .where('passwordHash', '=', account.passwordHash)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused(WRONG);
    await forgetAttempts(trx, actor, loginName);
    recordEvent(trx, asOwner(actor, account), { kind: 'session.signed-in', subjectAccountId: id });
  });
  return lastSignInAt === null
    ? { accountId: id }
    : { accountId: id, previousSignIn: { at: lastSignInAt, terminal: lastSignInTerminal } };
}

/** The account with a login name as `tidyLoginName` gives it, with what signing in needs to know. */
export async function findByLoginName(db: Database, loginName: string) {
  return await db
    .selectFrom('account')
    .select(['id', 'loginName', 'displayName', 'officeCode', 'passwordHash', 'codeHash', 'codeExpiresAt'])
    .select(['stoppedAt', 'validFromOn', 'validUntilOn', 'lastSignInAt', 'lastSignInTerminal'])
    .where('loginName', '=', loginName)
    .executeTakeFirst();
}

/** The same actor once it is known which account is behind the request. */
export function asOwner(
  actor: Actor,
  { id, loginName, officeCode }: { id: number; loginName: string; officeCode: string },
): Actor {
  return { ...actor, accountId: id, name: loginName, officeCode };
}

/** Counts an attempt, or throws Refused with how long to wait when too many have failed at this terminal. */
export async function requireNoPause(
  db: Database,
  actor: Actor,
  loginName: string,
  accountId: number | undefined,
): Promise<void> {
  const pauseMs = await countAttempt(db, actor, loginName);
  if (pauseMs === 0) return;
  const seconds = Math.ceil(pauseMs / 1000);
  const wait = seconds > 90 ? `約${Math.ceil(seconds / 60)}分` : `${seconds}秒`;
  await refuseSignIn(
    db,
    actor,
    accountId,
    'locked',
    `続けて失敗したため、この端末からのサインインを一時止めています。${wait}待ってから入力し直してください。`,
  );
}

/** Records that somebody was not let in, and to which account if there is one, then throws Refused with the sentence. */
export async function refuseSignIn(
  db: Database,
  actor: Actor,
  accountId: number | undefined,
  reason: Reason,
  sentence: string,
): Promise<never> {
  await inTransaction(db, async (trx) => {
    recordEvent(trx, actor, { kind: 'session.refused', subjectAccountId: accountId ?? null, reason });
  });
  throw new Refused(sentence);
}
