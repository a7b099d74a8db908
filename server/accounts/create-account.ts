import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid } from '../errors.ts';
import { hashOneTimeCode, newOneTimeCode } from './one-time-code.ts';
import { ROLES, type Role } from './rights.ts';

export interface NewAccount {
  loginName: string;
  displayName: string;
  officeCode: string;
  role: string;
}

const CODE_HOURS = 72;

/**
 * Creates a personal account without a password and returns the code with which its owner chooses one,
 * good once and for 72 hours. Throws Invalid for a bad entry or an ID that is taken.
 */
export async function createAccount(
  db: Database,
  actor: Actor,
  given: NewAccount,
): Promise<{ accountId: number; code: string }> {
  const role = checked(given);
  const code = newOneTimeCode();
  try {
    return await inTransaction(db, async (trx) => {
      const { id } = await trx
        .insertInto('account')
        .values({
          loginName: given.loginName,
          displayName: given.displayName,
          officeCode: given.officeCode,
          role,
          codeHash: hashOneTimeCode(code),
          codeExpiresAt: new Date(actor.at.getTime() + CODE_HOURS * 3_600_000).toISOString(),
          validFromOn: businessDay(actor.at),
          createdAt: actor.at.toISOString(),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      recordEvent(trx, actor, { kind: 'account.created', subjectAccountId: id, role });
      return { accountId: id, code };
    });
  } catch (error) {
    if (isDuplicate(error)) {
      throw new Invalid({
        loginName: `利用者ID「${given.loginName}」はすでに使われています。別のIDにしてください。`,
      });
    }
    throw error;
  }
}

function checked({ loginName, displayName, role }: NewAccount): Role {
  const faults: Record<string, string> = {};
  if (!/^[a-z0-9][a-z0-9._-]{2,49}$/.test(loginName)) {
    faults.loginName = '利用者IDは半角の英小文字・数字・記号（. _ -）で3文字以上50文字までにしてください。';
  }
  if (displayName.trim() === '' || displayName.length > 100) {
    faults.displayName = '職員氏名を100文字までで入力してください。';
  }
  const known = ROLES.find((one) => one === role);
  if (known === undefined) faults.role = `役割は ${ROLES.join('、')} のいずれかにしてください。`;
  if (Object.keys(faults).length > 0 || known === undefined) throw new Invalid(faults);
  return known;
}
