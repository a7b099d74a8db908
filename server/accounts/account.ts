import { businessDay, dayBounds, type LocalDate } from '../calendar/local-date.ts';
import { Invalid } from '../errors.ts';
import { ROLES, type Role } from './rights.ts';

/** What decides whether an account may be used. */
export interface Usability {
  stoppedAt: string | null;
  validFromOn: LocalDate;
  validUntilOn: LocalDate | null;
}

export const ACCOUNT_STATES = ['stopped', 'before', 'ended', 'waiting', 'usable'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

export const ACCOUNT_STATE_NAMES: Readonly<Record<AccountState, string>> = {
  stopped: '停止中',
  before: '有効期間前',
  ended: '有効期間終了',
  waiting: 'パスワード設定待ち',
  usable: '使用中',
};

/** How an account stands on `today`. */
export function accountState(account: Usability & { hasPassword: boolean }, today: LocalDate): AccountState {
  if (account.stoppedAt !== null) return 'stopped';
  if (account.validFromOn > today) return 'before';
  if (account.validUntilOn !== null && account.validUntilOn < today) return 'ended';
  return account.hasPassword ? 'usable' : 'waiting';
}

/** Whether an account is neither stopped nor out of its period at an instant. */
export function isUsable(account: Usability, at: Date): boolean {
  const state = accountState({ ...account, hasPassword: true }, businessDay(at));
  return state === 'usable';
}

/** A login name as it is stored: half width, small letters, at most the 50 characters its column has. */
export function tidyLoginName(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().slice(0, 50);
}

const CODE_HOURS = 72;

/** Until when a one-time code is good: 72 hours from now, or from the first day of the account when that is later. */
export function codeExpiry(at: Date, validFromOn: LocalDate): string {
  const from = Math.max(at.getTime(), Date.parse(dayBounds(validFromOn).fromAt));
  return new Date(from + CODE_HOURS * 3_600_000).toISOString();
}

/** What an administrator decides about an account beside its ID. */
export interface AccountDetails {
  displayName: string;
  officeCode: string;
  role: string;
  validFromOn: LocalDate;
  validUntilOn: LocalDate | null;
}

/** What is wrong with the details of an account, by field; empty when nothing is. */
export function detailFaults({ displayName, role, validFromOn, validUntilOn }: AccountDetails) {
  const faults: Record<string, string> = {};
  if (displayName.trim() === '' || displayName.length > 100) {
    faults.displayName = '職員氏名を入力してください（100文字まで）。';
  }
  if (!isRole(role)) faults.role = '役割を選んでください。';
  if (validUntilOn !== null && validUntilOn < validFromOn) {
    faults.validUntilOn =
      '有効期間の終了日が開始日より前になっています。開始日と同じか、後の日にしてください。';
  }
  return faults;
}

export function isRole(role: string): role is Role {
  return (ROLES as readonly string[]).includes(role);
}

/** Why something is done to an account, as it is recorded. Throws Invalid, naming `field`, without one. */
export function requireGround(typed: string, field: string): string {
  const ground = typed.trim();
  if (ground !== '' && ground.length <= 200) return ground;
  throw new Invalid({ [field]: '理由を入力してください（200文字まで）。操作記録に残ります。' });
}
