import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid } from '../errors.ts';
import { listOffices } from '../offices/queries.ts';
import { codeExpiry, detailFaults, isRole } from './account.ts';
import { hashOneTimeCode, newOneTimeCode } from './one-time-code.ts';

export interface NewAccount {
  loginName: string;
  displayName: string;
  officeCode: string;
  role: string;
  /** The first day it may be used; today when not said. */
  validFromOn?: LocalDate;
  /** The last day it may be used; without an end when not said. */
  validUntilOn?: LocalDate | null;
}

/**
 * Creates a personal account without a password and returns the code with which its owner chooses one,
 * good once and for 72 hours. Throws Invalid for a bad entry or an ID that is taken.
 */
export async function createAccount(
  db: Database,
  actor: Actor,
  given: NewAccount,
): Promise<{ accountId: number; code: string }> {
  const { loginName, role } = given;
  const details = {
    displayName: given.displayName.trim(),
    officeCode: given.officeCode,
    role,
    validFromOn: given.validFromOn ?? businessDay(actor.at),
    validUntilOn: given.validUntilOn ?? null,
  };
  const faults = detailFaults(details);
  if (!/^[a-z0-9][a-z0-9._-]{2,49}$/.test(loginName)) {
    faults.loginName = '利用者IDは半角の英小文字・数字・記号（. _ -）で3文字以上50文字までにしてください。';
  }
  if (!(await listOffices(db)).some(({ code }) => code === details.officeCode)) {
    faults.officeCode = '所属を選んでください。';
  }
  if (Object.keys(faults).length > 0 || !isRole(role)) throw new Invalid(faults);
  const code = newOneTimeCode();
  try {
    return await inTransaction(db, async (trx) => {
      const { id } = await trx
        .insertInto('account')
        .values({
          ...details,
          loginName,
          role,
          codeHash: hashOneTimeCode(code),
          codeExpiresAt: codeExpiry(actor.at, details.validFromOn),
          createdAt: actor.at.toISOString(),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      recordEvent(trx, actor, { kind: 'account.created', subjectAccountId: id, loginName, ...details });
      return { accountId: id, code };
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Invalid({
      loginName: `利用者ID「${loginName}」はすでに使われています。別のIDにしてください。`,
    });
  }
}
