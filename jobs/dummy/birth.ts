import { eraYearOf, findEraOn, formatEraYear } from '../../server/calendar/eras.ts';
import { formatWarekiCode } from '../../server/calendar/wareki.ts';
import { compact, dateOf, dayOf } from './days.ts';
import type { Random } from './random.ts';

/** Columns 5–7 of the extract. */
export interface Birth {
  /** YYYYMMDD, unknown parts 00. */
  readonly birth: string;
  readonly birthWareki: string;
  readonly birthUnknown: string;
}

const UNKNOWN_SHARE = 0.0012;

/**
 * The last birth date, YYYYMMDD, of those who have completed `age` on the base date. An age is completed at the end
 * of the day before the birthday (年齢計算ニ関スル法律), so the day after the base date counts.
 */
export function birthLimit(baseDay: number, age: number): string {
  const [year, month, date] = dateOf(baseDay + 1).split('-') as [string, string, string];
  return `${Number(year) - age}${month}${date}`;
}

/** Whether 60 is completed for certain; of a birth date with unknown parts the latest possible date is taken. */
export function isElderly(birth: string, limit: string): boolean {
  const latest = birth.endsWith('0000') ? `${birth.slice(0, 4)}1231` : birth.replace(/00$/, '31');
  return latest <= limit;
}

/** The last birth date, as a day, of those who have completed `age` on the base date. */
export function lastBirthDay(baseDay: number, age: number): number {
  const [year, month, date] = dateOf(baseDay + 1)
    .split('-')
    .map(Number) as [number, number, number];
  return dayOf(year - age, month, date);
}

/** Draws the birth date, as a day, of someone who has completed exactly `age` years on the base date. */
export function drawBirthDay(random: Random, baseDay: number, age: number): number {
  const latest = lastBirthDay(baseDay, age);
  const earliest = lastBirthDay(baseDay, age + 1) + 1;
  return earliest + random.int(latest - earliest + 1);
}

/**
 * The three columns of a birth date. About one in a thousand is not known to the day; never of people near 60, whose
 * eligibility would hang on it, nor in a year or month in which an era changed.
 */
export function birthColumns(random: Random, day: number, age: number): Birth {
  const birth = compact(dateOf(day));
  if (random.chance(UNKNOWN_SHARE) && (age < 56 || age > 61)) {
    const unknown = unknownBirth(birth, random.chance(0.7));
    if (unknown !== undefined) return unknown;
  }
  return { birth, birthWareki: formatWarekiCode(dateOf(day)), birthUnknown: '' };
}

/** Born on the day the era changed and registered under the old one: 大正15年12月25日 is also 昭和元年. */
export const LAST_DAY_OF_TAISHO: Birth = { birth: '19261225', birthWareki: '2151225', birthUnknown: '' };

function unknownBirth(birth: string, monthToo: boolean): Birth | undefined {
  const [year, month] = [birth.slice(0, 4), birth.slice(4, 6)];
  const era = findEraOn(`${year}-${monthToo ? '01' : month}-01`);
  if (era === undefined || era !== findEraOn(`${year}-${monthToo ? '12' : month}-31`)) return undefined;
  const eraYear = eraYearOf(era, Number(year));
  const rest = monthToo ? '0000' : `${month}00`;
  return {
    birth: year + rest,
    birthWareki: era.code + String(eraYear).padStart(2, '0') + rest,
    birthUnknown: `${era.name}${formatEraYear(eraYear)}${monthToo ? '年頃' : `年${Number(month)}月日不詳`}`,
  };
}
