import { eraYearOf, findEraOn, formatEraYear } from './eras.ts';
import type { LocalDate } from './local-date.ts';

/** The 年度 of a day, named by the year it starts in: 2026-03-31 → 2025 (地方自治法208条: 4月1日から翌年3月31日). */
export function fiscalYearOf(date: LocalDate): number {
  const year = Number(date.slice(0, 4));
  return isBeforeApril(date) ? year - 1 : year;
}

/** 4月1日 of a 年度. */
export function fiscalYearStart(fiscalYear: number): LocalDate {
  return `${fiscalYear}-04-01`;
}

/** 3月31日 of the year after. */
export function fiscalYearEnd(fiscalYear: number): LocalDate {
  return `${fiscalYear + 1}-03-31`;
}

/**
 * '令和8年度'. The era is that of 31 December: 2019 is 令和元年度 as a whole (改元に伴う元号による年表示の取扱い,
 * 平成31年4月2日申合せ), and the year ending 1989-03-31 stays 昭和63年度.
 */
export function fiscalYearLabel(fiscalYear: number): string {
  const era = findEraOn(`${fiscalYear}-12-31`);
  if (era === undefined) return `${fiscalYear}年度`;
  return `${era.name}${formatEraYear(eraYearOf(era, fiscalYear))}年度`;
}

/** Whether the day falls in March, when next year's pass is already handled. */
export function isMarch(date: LocalDate): boolean {
  return date.slice(5, 7) === '03';
}

function isBeforeApril(date: LocalDate): boolean {
  return date.slice(5, 7) < '04';
}
