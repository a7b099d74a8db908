import {
  type Era,
  eraYearOf,
  findEra,
  findEraOn,
  formatEraYear,
  gregorianYear,
  isWithinEra,
} from './eras.ts';
import { findLocalDate, type LocalDate } from './local-date.ts';

/** A 和暦 date in parts; 0 is 不詳. `year` is the Gregorian year, 0 while the era year is not known. */
export type WarekiParts = { era: Era; eraYear: number; year: number; month: number; day: number };

/** '昭和33年4月1日', the first year as 元年; a day before 明治 as '西暦1868年1月24日'. */
export function formatWareki(date: LocalDate): string {
  const { era, eraYear, month, day } = splitDate(date);
  if (era === undefined) return `西暦${eraYear}年${month}月${day}日`;
  return `${era.name}${formatEraYear(eraYear)}年${month}月${day}日`;
}

/** 'S33.4.1' for narrow columns; a day before 明治 as '1868.1.24'. */
export function formatWarekiShort(date: LocalDate): string {
  const { era, eraYear, month, day } = splitDate(date);
  return `${era?.letter ?? ''}${eraYear}.${month}.${day}`;
}

/** The host's seven digits for a day, era digit and YYMMDD: '3330401'; '' before 明治. */
export function formatWarekiCode(date: LocalDate): string {
  const { era, eraYear } = splitDate(date);
  if (era === undefined || eraYear > 99) return '';
  return `${era.code}${String(eraYear).padStart(2, '0')}${date.slice(5, 7)}${date.slice(8)}`;
}

/**
 * Reads the host's 生年月日（和暦）: era digit 1–5 and YYMMDD, 00 for what is not known. Days the calendar lacks pass
 * (3160229 stands in real registers). Undefined for any other shape, and for a year or day outside the era (3650401).
 */
export function parseWarekiCode(code: string): WarekiParts | undefined {
  const digits = /^(\d)(\d{2})(\d{2})(\d{2})$/.exec(code);
  const era = digits ? findEra(digits[1]!) : undefined;
  if (!digits || !era) return undefined;
  const [eraYear, month, day] = [Number(digits[2]), Number(digits[3]), Number(digits[4])];
  if (month > 12 || day > 31) return undefined;
  if (eraYear === 0) return { era, eraYear, year: 0, month, day };
  const year = gregorianYear(era, eraYear);
  return isYearOrDayOfEra(era, year, month, day) ? { era, eraYear, year, month, day } : undefined;
}

function isYearOrDayOfEra(era: Era, year: number, month: number, day: number): boolean {
  const whole = findLocalDate(year, month, day);
  if (whole !== undefined) return isWithinEra(era, whole);
  const text = String(year);
  return era.startsOn.slice(0, 4) <= text && text <= era.endsOn.slice(0, 4);
}

function splitDate(date: LocalDate) {
  const era = findEraOn(date);
  const year = Number(date.slice(0, 4));
  const eraYear = era ? eraYearOf(era, year) : year;
  return { era, eraYear, month: Number(date.slice(5, 7)), day: Number(date.slice(8)) };
}
