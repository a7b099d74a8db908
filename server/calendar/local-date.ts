/** A day of the Gregorian calendar as 'YYYY-MM-DD'; compares and sorts as text. */
export type LocalDate = string;

const BUSINESS_ZONE = 'Asia/Tokyo';
// Japan has had no summer time since 1952. Every page asks for its day, and Temporal takes 20 times as long.
const JAPAN_AHEAD_MS = 9 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The day as 'YYYY-MM-DD', or undefined where the calendar has no such day (19410229). Month and day count from 1. */
export function findLocalDate(year: number, month: number, day: number): LocalDate | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return undefined;
  }
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days in a month (1–12) of a Gregorian year. */
export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/** Whether the text is 'YYYY-MM-DD' and names a day that exists. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  return findLocalDate(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))) === text;
}

/** The date `days` later, earlier when negative. Throws RangeError when `date` is no LocalDate. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const day = Number(date.slice(8)) + days;
  // Within a month, as mostly, there is nothing to ask the calendar.
  if (day >= 1 && day <= 28 && isLocalDate(date)) return date.slice(0, 8) + String(day).padStart(2, '0');
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The date `months` later; a day the month lacks becomes its last (01-31 + 1 → 02-28). Throws RangeError. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Whole days from `from` to `to`, negative when `to` is earlier. Throws RangeError when either is no LocalDate. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;
}

/** 0 Sunday … 6 Saturday, as Date#getDay counts. Throws RangeError when `date` is no LocalDate. */
export function dayOfWeek(date: LocalDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek % 7;
}

/** The day it is in Japan at an instant, whatever zone the server keeps. */
export function businessDay(instant: Date): LocalDate {
  const days = Math.floor((instant.getTime() + JAPAN_AHEAD_MS) / DAY_MS);
  if (days !== latest.days) latest = { days, date: new Date(days * DAY_MS).toISOString().slice(0, 10) };
  return latest.date;
}

// A page asks for its day five times, and it is the same one until midnight.
let latest = { days: Number.NaN, date: '' };

/** The clock in Japan at an instant, 'HH:MM:SS'. */
export function businessTime(instant: Date): string {
  return inJapan(instant).toPlainTime().toString({ smallestUnit: 'second' });
}

/** The instants between which a day in Japan lies, as Date#toISOString writes them; `beforeAt` is outside the day. */
export function dayBounds(date: LocalDate): { fromAt: string; beforeAt: string } {
  return { fromAt: startOfDay(date), beforeAt: startOfDay(addDays(date, 1)) };
}

function startOfDay(date: LocalDate): string {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(BUSINESS_ZONE);
  return start.toInstant().toString({ fractionalSecondDigits: 3 });
}

function inJapan(instant: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(BUSINESS_ZONE);
}
