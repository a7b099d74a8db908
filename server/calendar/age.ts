import { UNKNOWN_BIRTH } from './birth-date.ts';
import { fiscalYearOf, fiscalYearStart } from './fiscal-year.ts';
import { addDays, addMonths, daysBetween, findLocalDate, type LocalDate } from './local-date.ts';

/**
 * When an age counts as reached: the day before the birthday (年齢計算ニ関スル法律), the birthday (誕生日), the first
 * of the birthday's month (誕生月の初日), the fiscal year in which it is reached (年度末年齢), or the first 1 April on
 * which it is reached (基準日4月1日). Municipalities differ; the law is the default.
 */
export const AGE_RULES = [
  'legal-previous-day',
  'birthday',
  'month-first',
  'fiscal-year-end',
  'base-date',
] as const;
export type AgeRule = (typeof AGE_RULES)[number];

/** Age in whole years on a day under a rule; negative before birth. */
export function ageOn(birthOn: LocalDate, on: LocalDate, rule: AgeRule = 'legal-previous-day'): number {
  let age = Number(on.slice(0, 4)) - Number(birthOn.slice(0, 4)) + 1;
  while (reachesAgeOn(birthOn, age, rule) > on) age--;
  return age;
}

/** The first day on which the person counts as `age` under a rule. Throws RangeError past the year 9999. */
export function reachesAgeOn(
  birthOn: LocalDate,
  age: number,
  rule: AgeRule = 'legal-previous-day',
): LocalDate {
  switch (rule) {
    case 'legal-previous-day':
      return legallyReachedOn(birthOn, age);
    case 'birthday':
      return addDays(legallyReachedOn(birthOn, age), 1);
    case 'month-first':
      return `${birthYear(birthOn) + age}${birthOn.slice(4, 8)}01`;
    case 'fiscal-year-end':
      return fiscalYearStart(fiscalYearOf(legallyReachedOn(birthOn, age)));
    case 'base-date':
      return firstAprilFrom(legallyReachedOn(birthOn, age));
  }
}

/** The youngest and oldest a person can be on a day when the birth date is a range of days; never below 0. */
export function ageRangeOn(
  birth: { earliestOn: LocalDate; latestOn: LocalDate },
  on: LocalDate,
  rule: AgeRule = 'legal-previous-day',
): { min: number; max: number } {
  const max = Math.max(0, ageOn(birth.earliestOn, on, rule));
  if (birth.latestOn === birth.earliestOn) return { min: max, max };
  const min = birth.latestOn > on ? 0 : Math.max(0, ageOn(birth.latestOn, on, rule));
  return { min, max };
}

/**
 * The birth dates with which an age is reached on one of the days from `from` to `to`, first and last; undefined
 * when there are none.
 */
export function birthsReaching(
  age: number,
  from: LocalDate,
  to: LocalDate,
  rule: AgeRule = 'legal-previous-day',
): { firstOn: LocalDate; lastOn: LocalDate } | undefined {
  const firstOn = addDays(latestBirthAged(age, addDays(from, -1), rule), 1);
  const lastOn = latestBirthAged(age, to, rule);
  return firstOn <= lastOn ? { firstOn, lastOn } : undefined;
}

/** The latest birth date of those who have reached an age on a day: whoever was born earlier has as well. */
export function latestBirthAged(age: number, on: LocalDate, rule: AgeRule = 'legal-previous-day'): LocalDate {
  // A rule moves the day by at most a year either way, so the answer lies between.
  let [early, late] = [addMonths(on, -12 * (age + 1) - 1), addMonths(on, -12 * (age - 1) + 1)];
  while (early < late) {
    const middle = addDays(early, Math.ceil(daysBetween(early, late) / 2));
    if (reachesAgeOn(middle, age, rule) <= on) early = middle;
    else late = addDays(middle, -1);
  }
  return early;
}

/** '68歳', '67〜68歳' when the birth date leaves both open, '年齢不詳' when not even the year is known. */
export function ageLabel(
  birth: { earliestOn: LocalDate; latestOn: LocalDate },
  on: LocalDate,
  rule: AgeRule = 'legal-previous-day',
): string {
  if (birth.latestOn === UNKNOWN_BIRTH.latestOn) return '年齢不詳';
  const { min, max } = ageRangeOn(birth, on, rule);
  return min === max ? `${min}歳` : `${min}〜${max}歳`;
}

/** 民法143条: the term ends with the day before the 応当日; without one (2月29日) with the last day of the month. */
function legallyReachedOn(birthOn: LocalDate, age: number): LocalDate {
  const year = birthYear(birthOn) + age;
  const birthday = findLocalDate(year, Number(birthOn.slice(5, 7)), Number(birthOn.slice(8)));
  return birthday === undefined ? `${year}-02-28` : addDays(birthday, -1);
}

function firstAprilFrom(date: LocalDate): LocalDate {
  const start = fiscalYearStart(fiscalYearOf(date));
  return start === date ? start : fiscalYearStart(fiscalYearOf(date) + 1);
}

function birthYear(birthOn: LocalDate): number {
  return Number(birthOn.slice(0, 4));
}
