import type { LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import { Invalid } from '../errors.ts';
import {
  CIRCUMSTANCE_KINDS,
  type CircumstanceDetails,
  type CircumstanceKind,
  type CircumstanceRow,
  DETAIL_FIELDS,
  PROTECTED_SUB_KIND_NAMES,
} from './circumstance.ts';

export const CIRCUMSTANCE_FIELDS = ['kind', ...DETAIL_FIELDS] as const;
export type TypedCircumstance = Record<(typeof CIRCUMSTANCE_FIELDS)[number], string>;

/** Reads what was typed about a circumstance. Throws Invalid with a sentence for each entry that cannot be read. */
export function readCircumstance(typed: TypedCircumstance): CircumstanceDetails {
  const faults: Record<string, string> = {};
  const kind = CIRCUMSTANCE_KINDS.find((one) => one === typed.kind);
  if (kind === undefined) faults.kind = '個別事由の種類を選んでください。';
  const startsOn = readDay(typed.startsOn, 'startsOn', '開始日', faults);
  if (startsOn === null && faults.startsOn === undefined) faults.startsOn = '開始日を入力してください。';
  const endsOn = readDay(typed.endsOn, 'endsOn', '終了日', faults);
  const reviewOn = readDay(typed.reviewOn, 'reviewOn', '見直しの日', faults);
  if (kind === undefined || startsOn === null || Object.keys(faults).length > 0) throw new Invalid(faults);
  return {
    kind,
    subKind: readSubKind(typed.subKind),
    startsOn,
    endsOn,
    reviewOn,
    ground: tidy(typed.ground, 200),
    addressee: tidy(typed.addressee, 100),
    postalCode: typed.postalCode.normalize('NFKC').replace(/\D/g, '').slice(0, 8),
    address: tidy(typed.address, 200),
    building: tidy(typed.building, 300),
  };
}

/** A circumstance as its form shows it. */
export function typedFrom(row: CircumstanceRow): TypedCircumstance {
  const day = (date: LocalDate | null) => (date === null ? '' : formatWarekiShort(date));
  const { kind, subKind, ground, addressee, postalCode, address, building } = row;
  const days = { startsOn: day(row.startsOn), endsOn: day(row.endsOn), reviewOn: day(row.reviewOn) };
  return { kind, subKind, ...days, ground, addressee, postalCode, address, building };
}

/** Which kinds an account may register: support measures need a right of their own. */
export function kindsFor(mayProtect: boolean): CircumstanceKind[] {
  return CIRCUMSTANCE_KINDS.filter((kind) => mayProtect || kind !== 'protected');
}

function readSubKind(typed: string): CircumstanceDetails['subKind'] {
  return Object.hasOwn(PROTECTED_SUB_KIND_NAMES, typed) ? (typed as CircumstanceDetails['subKind']) : '';
}

function readDay(
  text: string,
  field: string,
  label: string,
  faults: Record<string, string>,
): LocalDate | null {
  if (text.trim() === '') return null;
  const read = parseDate(text);
  if ('date' in read) return read.date;
  faults[field] = `${label}: ${read.problem}`;
  return null;
}

function tidy(text: string, most: number): string {
  return text.trim().slice(0, most).toWellFormed();
}
