import { addDays, businessDay, type LocalDate } from '../calendar/local-date.ts';
import { prepared } from '../db/prepared.ts';
import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { settingColumn, settingFrom } from '../settings/queries.ts';
import { isRight, type Right, type RightsHolder, type Role } from './rights.ts';

/** The account behind a request, as it stands now. */
export interface CurrentAccount extends RightsHolder {
  id: number;
  loginName: string;
  displayName: string;
  officeCode: string;
  officeName: string;
  /** Whether the password is older than the municipality allows, so that nothing but changing it is open. */
  isPasswordExpired: boolean;
}

interface UsableRow extends Omit<CurrentAccount, 'addedRights' | 'isPasswordExpired'> {
  passwordChangedAt: string | null;
  rightName: string | null;
  expiryDays: string | null;
}

const usableAccount = prepared<{ id: number; today: LocalDate }, UsableRow>((db, value) =>
  db
    .selectFrom('account')
    .innerJoin('office', 'office.code', 'account.officeCode')
    .leftJoin('accountRight', (join) =>
      join
        .onRef('accountRight.accountId', '=', 'account.id')
        .on('accountRight.startsOn', '<=', value('today'))
        .on('accountRight.endsOn', '>=', value('today'))
        .on('accountRight.endedAt', 'is', null),
    )
    .select(['account.id', 'account.loginName', 'account.displayName', 'account.officeCode'])
    .select(['office.name as officeName', 'account.role', 'account.passwordChangedAt'])
    .select('accountRight.rightName')
    .select(settingColumn('password.expiry-days', 'expiryDays'))
    .where('account.id', '=', value('id'))
    .where('account.stoppedAt', 'is', null)
    .where('account.validFromOn', '<=', value('today'))
    .where((where) =>
      where.or([
        where('account.validUntilOn', 'is', null),
        where('account.validUntilOn', '>=', value('today')),
      ]),
    ),
);

/**
 * An account that may work on `today` with the rights added to it, or undefined when there is none, it was
 * stopped or is out of its period. One query, as every request makes it.
 */
export async function findUsableAccount(
  db: Database,
  id: number,
  today: LocalDate,
): Promise<CurrentAccount | undefined> {
  const rows = await usableAccount(db, { id, today });
  const first = rows[0];
  if (first === undefined) return undefined;
  const { passwordChangedAt, expiryDays, rightName: _, ...account } = first;
  const days = settingFrom('password.expiry-days', expiryDays);
  return {
    ...account,
    addedRights: rows.map(({ rightName }) => rightName ?? '').filter(isRight),
    isPasswordExpired:
      days > 0 &&
      passwordChangedAt !== null &&
      addDays(businessDay(new Date(passwordChangedAt)), days) < today,
  };
}

const LISTED = [
  'account.id',
  'account.loginName',
  'account.displayName',
  'account.officeCode',
  'account.role',
  'account.codeExpiresAt',
  'account.validFromOn',
  'account.validUntilOn',
  'account.stoppedAt',
  'account.lastSignInAt',
  'account.lastSignInTerminal',
  'account.version',
] as const;

export interface ListedAccount {
  id: number;
  loginName: string;
  displayName: string;
  officeCode: string;
  officeName: string;
  role: Role;
  /** Until when a one-time code of this account may still be used; null when there is none. */
  codeExpiresAt: string | null;
  hasPassword: boolean;
  validFromOn: LocalDate;
  validUntilOn: LocalDate | null;
  stoppedAt: string | null;
  lastSignInAt: string | null;
  lastSignInTerminal: string;
  version: number;
}

function listed(db: Database) {
  return db
    .selectFrom('account')
    .innerJoin('office', 'office.code', 'account.officeCode')
    .select(LISTED)
    .select(['office.name as officeName', 'account.passwordHash']);
}

/** Every account, stopped ones as well, by office and ID. */
export async function listAccounts(db: Database): Promise<ListedAccount[]> {
  const rows = await listed(db).orderBy('account.officeCode').orderBy('account.loginName').execute();
  return rows.map(withoutHash);
}

/** One account. Throws NotFound. */
export async function getAccount(db: Database, id: number): Promise<ListedAccount> {
  const row = await listed(db).where('account.id', '=', id).executeTakeFirst();
  if (row === undefined) throw noAccount();
  return withoutHash(row);
}

function withoutHash<Row extends { passwordHash: string | null }>({ passwordHash, ...account }: Row) {
  return { ...account, hasPassword: passwordHash !== null };
}

/** What is answered when there is no such account. */
export function noAccount(): NotFound {
  return new NotFound('この職員アカウントはありません。職員アカウントの一覧から選び直してください。');
}

/** From which terminals, so many, sign-in to an account is being counted as failing. */
export async function countFailingTerminals(db: Database, loginName: string): Promise<number> {
  const { terminals } = await db
    .selectFrom('signInFailure')
    .select((count) => count.fn.countAll<number>().as('terminals'))
    .where('loginName', '=', loginName)
    .executeTakeFirstOrThrow();
  return Number(terminals);
}

export interface AddedRight {
  id: number;
  accountId: number;
  displayName: string;
  officeName: string;
  right: Right;
  startsOn: LocalDate;
  endsOn: LocalDate;
  ground: string;
  grantedByName: string;
  version: number;
}

/** The additions that are in force on `today` or will be, of one account or of all, by office, ID and first day. */
export async function listAddedRights(
  db: Database,
  today: LocalDate,
  accountId?: number,
): Promise<AddedRight[]> {
  let query = db
    .selectFrom('accountRight')
    .innerJoin('account', 'account.id', 'accountRight.accountId')
    .innerJoin('office', 'office.code', 'account.officeCode')
    .leftJoin('account as granter', 'granter.id', 'accountRight.grantedBy')
    .select(['accountRight.id', 'accountRight.accountId', 'account.displayName'])
    .select(['office.name as officeName', 'accountRight.rightName', 'accountRight.startsOn'])
    .select(['accountRight.endsOn', 'accountRight.ground', 'granter.displayName as grantedByName'])
    .select('accountRight.version')
    .where('accountRight.endsOn', '>=', today)
    .where('accountRight.endedAt', 'is', null)
    .orderBy('account.officeCode')
    .orderBy('account.loginName')
    .orderBy('accountRight.startsOn')
    .orderBy('accountRight.id');
  if (accountId !== undefined) query = query.where('accountRight.accountId', '=', accountId);
  const rows = await query.execute();
  return rows.flatMap(({ rightName, grantedByName, ...row }) =>
    isRight(rightName) ? [{ ...row, right: rightName, grantedByName: grantedByName ?? '' }] : [],
  );
}
