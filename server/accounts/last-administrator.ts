import type { LocalDate } from '../calendar/local-date.ts';
import type { Trx } from '../db/schema.ts';
import { Refused } from '../errors.ts';

/**
 * Has whoever changes administrators do so one after the other, so that two of them cannot take each
 * other's place away at the same moment. Called first in the transaction.
 */
export async function lockAdministrators(trx: Trx): Promise<void> {
  await trx
    .updateTable('account')
    .set({ role: 'administrator' })
    .where('role', '=', 'administrator')
    .execute();
}

/**
 * Requires an administrator who can sign in today: has a password, is not stopped and within the period.
 * Called after the change, in its transaction, which it undoes. Throws Refused.
 */
export async function requireAdministrator(trx: Trx, today: LocalDate): Promise<void> {
  const left = await trx
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'administrator')
    .where('passwordHash', 'is not', null)
    .where('stoppedAt', 'is', null)
    .where('validFromOn', '<=', today)
    .where((where) => where.or([where('validUntilOn', 'is', null), where('validUntilOn', '>=', today)]))
    .limit(1)
    .executeTakeFirst();
  if (left !== undefined) return;
  throw new Refused(
    '使用中のシステム管理者が一人もいなくなるため、変更しませんでした。先に、ほかの職員をシステム管理者にしてください。',
  );
}
