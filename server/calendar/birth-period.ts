import { ERAS, eraYearOf, findEra, formatEraYear, gregorianYear } from './eras.ts';
import { daysInMonth, findLocalDate, type LocalDate } from './local-date.ts';
import { matchEraPeriod, matchWesternPeriod, tidyTyped } from './typed-date.ts';

/** The days of a year or month, both ends included; `label` as a clerk reads it: 昭和33年（1958年）, 昭和33年4月. */
export interface Period {
  firstOn: LocalDate;
  lastOn: LocalDate;
  label: string;
}

/**
 * Reads a year or a month of birth: S33, 昭和33年, 1958, S33.4, S3304, 昭和33年4月, 1958年4月. Only the days that the era
 * typed has (S64: seven), unless it has none of them (昭和65年 is 1990). Undefined for anything else, and for what
 * lies before 明治 or after `today`.
 */
export function parseBirthPeriod(text: string, today: LocalDate): Period | undefined {
  const typed = tidyTyped(text);
  const inEra = matchEraPeriod(typed);
  const western = inEra === undefined ? matchWesternPeriod(typed) : undefined;
  const [, mark, number, monthText] = inEra ?? (western && [western[0], '', western[1], western[2]]) ?? [];
  if (number === undefined) return undefined;
  const era = mark === '' ? undefined : findEra(mark!);
  const year = era === undefined ? Number(number) : gregorianYear(era, Number(number));
  const month = monthText === undefined ? undefined : Number(monthText);
  const whole = daysOf(year, month);
  if (whole === undefined || Number(number) === 0) return undefined;
  const clipped = {
    firstOn: era === undefined || era.startsOn < whole.firstOn ? whole.firstOn : era.startsOn,
    lastOn: era === undefined || era.endsOn > whole.lastOn ? whole.lastOn : era.endsOn,
  };
  const days = clipped.firstOn <= clipped.lastOn ? clipped : whole;
  if (days.lastOn < ERAS[0]!.startsOn || days.firstOn > today) return undefined;
  return { ...days, label: labelOf(days.firstOn, days.lastOn, year, month) };
}

function daysOf(year: number, month?: number): Omit<Period, 'label'> | undefined {
  const firstOn = findLocalDate(year, month ?? 1, 1);
  if (firstOn === undefined) return undefined;
  return { firstOn, lastOn: findLocalDate(year, month ?? 12, month ? daysInMonth(year, month) : 31)! };
}

function labelOf(firstOn: LocalDate, lastOn: LocalDate, year: number, month?: number): string {
  // The day on which an era begins bears both names: it alone does not make the year that of the other era.
  const eras = ERAS.filter((era) => era.startsOn < lastOn && firstOn < era.endsOn);
  const inMonth = month === undefined ? '' : `${month}月`;
  const label = eras.map((era) => `${era.name}${formatEraYear(eraYearOf(era, year))}年${inMonth}`).join('・');
  return month === undefined ? `${label}（${year}年）` : label;
}
