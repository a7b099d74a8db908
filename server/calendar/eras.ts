import type { LocalDate } from './local-date.ts';

/** An era (元号). `code` is the host's era digit, `endsOn` the last day a document may still bear it. */
export type Era = {
  code: string;
  name: string;
  short: string;
  letter: string;
  startsOn: LocalDate;
  endsOn: LocalDate;
};

/**
 * 元号を改める政令等. The day a new era began also bears the old name: 明治45年7月30日 and 大正15年12月25日 stand in
 * family registers. 明治 before 1873 is counted by the Gregorian calendar, though the calendar of the day was lunar.
 * A new era is a new row here.
 */
export const ERAS: readonly Era[] = [
  { code: '1', name: '明治', short: '明', letter: 'M', startsOn: '1868-01-25', endsOn: '1912-07-30' },
  { code: '2', name: '大正', short: '大', letter: 'T', startsOn: '1912-07-30', endsOn: '1926-12-25' },
  { code: '3', name: '昭和', short: '昭', letter: 'S', startsOn: '1926-12-25', endsOn: '1989-01-07' },
  { code: '4', name: '平成', short: '平', letter: 'H', startsOn: '1989-01-08', endsOn: '2019-04-30' },
  { code: '5', name: '令和', short: '令', letter: 'R', startsOn: '2019-05-01', endsOn: '9999-12-31' },
];

/** The era a clerk or the host means by a digit, letter (either case), 昭 or 昭和. */
export function findEra(mark: string): Era | undefined {
  const upper = mark.toUpperCase();
  return ERAS.find((era) => [era.code, era.letter, era.short, era.name].includes(upper));
}

/** The era of a day, the newer one on a day that bears two names; undefined before 1868-01-25. */
export function findEraOn(date: LocalDate): Era | undefined {
  return ERAS.findLast((era) => era.startsOn <= date);
}

/** Gregorian year of an era year: 昭和33年 → 1958. */
export function gregorianYear(era: Era, eraYear: number): number {
  return Number(era.startsOn.slice(0, 4)) + eraYear - 1;
}

/** Era year of a Gregorian year: 1958 → 33. */
export function eraYearOf(era: Era, year: number): number {
  return year - Number(era.startsOn.slice(0, 4)) + 1;
}

/** 元 for 1, otherwise the number. */
export function formatEraYear(eraYear: number): string {
  return eraYear === 1 ? '元' : String(eraYear);
}

/** Whether an era may name a date. */
export function isWithinEra(era: Era, date: LocalDate): boolean {
  return era.startsOn <= date && date <= era.endsOn;
}
