import type { LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { Invalid } from '../errors.ts';
import type { AccountDetails } from './account.ts';
import type { Addition } from './added-right.ts';

export const DETAIL_FIELDS = ['displayName', 'officeCode', 'role', 'validFromOn', 'validUntilOn'] as const;
export const ADDITION_FIELDS = ['right', 'startsOn', 'endsOn', 'ground'] as const;

type Typed<Names extends readonly string[]> = Record<Names[number], string>;
export type TypedDetails = Typed<typeof DETAIL_FIELDS>;
export type TypedAddition = Typed<typeof ADDITION_FIELDS>;

/** Reads what was typed about an account. Throws Invalid with a sentence for each date that is none. */
export function readDetails({ displayName, officeCode, role, ...typed }: TypedDetails): AccountDetails {
  const faults: Record<string, string> = {};
  const validFromOn = readDay(typed.validFromOn, 'validFromOn', '有効期間の開始日', faults);
  const validUntilOn =
    typed.validUntilOn.trim() === ''
      ? null
      : readDay(typed.validUntilOn, 'validUntilOn', '有効期間の終了日', faults);
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  return { displayName, officeCode, role, validFromOn, validUntilOn };
}

/** Reads what was typed about a right to be added. Throws Invalid with a sentence for each date that is none. */
export function readAddition({ right, ground, ...typed }: TypedAddition, accountId: number): Addition {
  const faults: Record<string, string> = {};
  const startsOn = readDay(typed.startsOn, 'startsOn', '開始日', faults);
  const endsOn = readDay(typed.endsOn, 'endsOn', '終了日', faults);
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  return { accountId, right, startsOn, endsOn, ground };
}

function readDay(text: string, field: string, label: string, faults: Record<string, string>): LocalDate {
  const read = parseDate(text);
  if ('date' in read) return read.date;
  faults[field] = `${label}: ${read.problem}`;
  return '';
}
