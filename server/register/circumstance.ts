import type { Selectable } from 'kysely';
import { addMonths, type LocalDate } from '../calendar/local-date.ts';
import type { CircumstanceTable } from '../db/schema.ts';
import { Invalid } from '../errors.ts';

export const CIRCUMSTANCE_KINDS = ['mailing_address', 'protected', 'caution', 'other'] as const;
export type CircumstanceKind = (typeof CIRCUMSTANCE_KINDS)[number];

export const PROTECTED_SUB_KIND_NAMES = {
  support: '支援措置',
  provisional: '仮支援措置',
  similar: 'これに準ずるもの',
} as const;

export type CircumstanceRow = Selectable<CircumstanceTable>;

/** What a clerk decides about a circumstance (個別事由). */
export interface CircumstanceDetails {
  kind: CircumstanceKind;
  subKind: CircumstanceRow['subKind'];
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  reviewOn: LocalDate | null;
  ground: string;
  addressee: string;
  postalCode: string;
  address: string;
  building: string;
}

export const DETAIL_NAMES: Readonly<Record<Exclude<keyof CircumstanceDetails, 'kind'>, string>> = {
  subKind: '支援措置等の区分',
  startsOn: '開始日',
  endsOn: '終了日',
  reviewOn: '見直しの日',
  ground: '事由・申出の内容',
  addressee: '送付先の宛名',
  postalCode: '送付先の郵便番号',
  address: '送付先の住所',
  building: '送付先の方書',
};
export const DETAIL_FIELDS = Object.keys(DETAIL_NAMES) as (keyof typeof DETAIL_NAMES)[];

/**
 * The details as they are kept: what a kind does not have is emptied, a support measure runs for a year and is
 * reviewed a month before its end (支援措置: 期間1年、延長の申出は1か月前から) unless something else was said.
 * Throws Invalid for what is missing.
 */
export function settleDetails(given: CircumstanceDetails): CircumstanceDetails {
  const faults: Record<string, string> = {};
  if (given.ground === '') faults.ground = '事由・申出の内容を入力してください。';
  if (given.endsOn !== null && given.endsOn < given.startsOn) {
    faults.endsOn = '終了日が開始日より前になっています。開始日と同じか、後の日にしてください。';
  }
  if (given.kind === 'protected' && given.subKind === '')
    faults.subKind = '支援措置等の区分を選んでください。';
  if (given.kind === 'mailing_address') {
    if (!/^\d{7}$/.test(given.postalCode))
      faults.postalCode = '郵便番号は数字7桁で入力してください。例）160-0022';
    if (given.address === '') faults.address = '送付先の住所を入力してください。';
  }
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  const isMailing = given.kind === 'mailing_address';
  const { addressee, postalCode, address, building } = given;
  const place = isMailing ? { addressee, postalCode, address, building } : NO_PLACE;
  if (given.kind !== 'protected') return { ...given, ...place, subKind: '', reviewOn: null };
  const endsOn = given.endsOn ?? lastDayOfYearFrom(given.startsOn);
  return { ...given, ...place, endsOn, reviewOn: given.reviewOn ?? addMonths(endsOn, -1) };
}

const NO_PLACE = { addressee: '', postalCode: '', address: '', building: '' };

/** 令和2年4月1日 → 令和3年3月31日 (支援措置の期間の数え方). */
function lastDayOfYearFrom(startsOn: LocalDate): LocalDate {
  return Temporal.PlainDate.from(startsOn).add({ years: 1 }).subtract({ days: 1 }).toString();
}

/** Whether a circumstance counts on a day. A support measure counts until somebody ends it, whatever its dates. */
export function isInForce(
  one: Pick<CircumstanceRow, 'kind' | 'startsOn' | 'endsOn' | 'endedAt'>,
  on: LocalDate,
) {
  if (one.endedAt !== null) return false;
  if (one.kind === 'protected') return true;
  return one.startsOn <= on && (one.endsOn === null || one.endsOn >= on);
}
