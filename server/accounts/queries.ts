import type { LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import type { Role } from './rights.ts';

/** The account behind a request, as it stands now. */
export interface CurrentAccount {
  id: number;
  loginName: string;
  displayName: string;
  officeCode: string;
  officeName: string;
  role: Role;
  lastSignInAt: string | null;
}

/** An account that may work on `today`, or undefined when there is none, it was stopped or is out of its period. */
export async function findUsableAccount(
  db: Database,
  id: number,
  today: LocalDate,
): Promise<CurrentAccount | undefined> {
  return await db
    .selectFrom('account')
    .innerJoin('office', 'office.code', 'account.officeCode')
    .select([
      'account.id',
      'account.loginName',
      'account.displayName',
      'account.officeCode',
      'office.name as officeName',
      'account.role',
      'account.lastSignInAt',
    ])
    .where('account.id', '=', id)
    .where('account.stoppedAt', 'is', null)
    .where('account.validFromOn', '<=', today)
    .where((where) =>
      where.or([where('account.validUntilOn', 'is', null), where('account.validUntilOn', '>=', today)]),
    )
    .executeTakeFirst();
}
