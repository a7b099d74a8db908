import { addDays, daysInMonth, isLocalDate, type LocalDate } from '../../server/calendar/local-date.ts';

const DAY = 86_400_000;

/**
 * Days since 1970-01-01 of a date; of 29 February in a common year, those of the 28th. Days are numbers here because
 * hundreds of thousands of dates are drawn.
 */
export function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, Math.min(date, daysInMonth(year, month))) / DAY;
}

/** The day of a date; throws RangeError when there is no such date. */
export function dayOfDate(date: LocalDate): number {
  if (!isLocalDate(date)) throw new RangeError(`${JSON.stringify(date)} is not a date (YYYY-MM-DD).`);
  return Date.parse(date) / DAY;
}

/** The date of a day. */
export function dateOf(day: number): LocalDate {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** YYYYMMDD, as the extract writes a date. */
export function compact(date: LocalDate): string {
  return date.replaceAll('-', '');
}

/** The date of the extract's YYYYMMDD. */
export function expand(text: string): LocalDate {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** The base date after a given one: the host writes on the 15th and on the last day of each month. */
export function nextExtractDate(date: LocalDate): LocalDate {
  const day = Number(date.slice(8));
  if (day < 15) return `${date.slice(0, 8)}15`;
  return day < lastDay(date) ? `${date.slice(0, 8)}${lastDay(date)}` : addDays(date, 15);
}

/** The last base date before a given day. */
export function lastExtractDate(date: LocalDate): LocalDate {
  return date.slice(8) > '15' ? `${date.slice(0, 8)}15` : addDays(`${date.slice(0, 8)}01`, -1);
}

function lastDay(date: LocalDate): number {
  return daysInMonth(Number(date.slice(0, 4)), Number(date.slice(5, 7)));
}
