import { addDays, dayOfWeek, findLocalDate, type LocalDate } from './local-date.ts';

// Days on which the offices are closed (閉庁日): Saturdays, Sundays, national holidays as the Act on
// National Holidays (国民の祝日に関する法律) stands since 2022, and 29 December to 3 January.

const FIXED = ['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23'];
/** The n-th Monday of a month: 成人の日, 海の日, 敬老の日, スポーツの日. */
const MONDAYS: readonly (readonly [month: number, nth: number])[] = [
  [1, 2],
  [7, 3],
  [9, 3],
  [10, 2],
];
// The approximation of the equinoxes in use since 1980 (good to 2099); the day itself is announced in the
// gazette each February for the year after.
const EQUINOXES: readonly (readonly [month: number, in1980: number])[] = [
  [3, 20.8431],
  [9, 23.2488],
];
const YEAR_DRIFT = 0.242194;

/** Whether the offices are closed on a day (from 2022 on). */
export function isClosedDay(date: LocalDate): boolean {
  const weekday = dayOfWeek(date);
  const monthAndDay = date.slice(5);
  const isTurnOfYear = monthAndDay >= '12-29' || monthAndDay <= '01-03';
  return weekday === 0 || weekday === 6 || isTurnOfYear || isNationalHoliday(date);
}

/** Whether a day is a national holiday, a substitute for one, or stands between two (from 2022 on). */
export function isNationalHoliday(date: LocalDate): boolean {
  return isNamed(date) || isSubstitute(date) || (isNamed(addDays(date, -1)) && isNamed(addDays(date, 1)));
}

function isNamed(date: LocalDate): boolean {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  if (FIXED.includes(date.slice(5))) return true;
  if (MONDAYS.some(([of, nth]) => of === month && nthMonday(year, of, nth) === date)) return true;
  const since = year - 1980;
  return EQUINOXES.some(
    ([of, in1980]) => of === month && Math.floor(in1980 + YEAR_DRIFT * since - Math.floor(since / 4)) === day,
  );
}

function nthMonday(year: number, month: number, nth: number): LocalDate {
  const first = findLocalDate(year, month, 1)!;
  return addDays(first, ((8 - dayOfWeek(first)) % 7) + (nth - 1) * 7);
}

/** A holiday on a Sunday moves to the next day that is none (振替休日). */
function isSubstitute(date: LocalDate): boolean {
  let before = addDays(date, -1);
  while (isNamed(before)) {
    if (dayOfWeek(before) === 0) return true;
    before = addDays(before, -1);
  }
  return false;
}
