/** A date in parts; 0 is not known (不詳). */
export type DateParts = { year: number; month: number; day: number };

/** The parts of YYYYMMDD, days the calendar lacks included; null for any other shape, month 13 or day 32. */
export function readWestern(code: string): DateParts | null {
  const digits = /^(\d{4})(\d{2})(\d{2})$/.exec(code);
  if (!digits) return null;
  const parts = { year: Number(digits[1]), month: Number(digits[2]), day: Number(digits[3]) };
  return parts.month > 12 || parts.day > 31 ? null : parts;
}

/** The fuller of the two, 西暦 when they are alike. */
export function fullest(western: DateParts | undefined, wareki: DateParts | undefined): DateParts {
  const given = [western, wareki].filter((parts) => parts !== undefined);
  return (
    given.find(isComplete) ??
    given.find((parts) => parts.year > 0 && parts.month > 0) ??
    given.find((parts) => parts.year > 0) ??
    given[0] ?? { year: 0, month: 0, day: 0 }
  );
}

/** Whether year, month and day are all known. */
export function isComplete(parts: DateParts): boolean {
  return parts.year > 0 && parts.month > 0 && parts.day > 0;
}

/** Whether two dates have the same parts. */
export function isSame(one: DateParts, other: DateParts): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

/** YYYYMMDD with 00 for what is not known. */
export function formatCode({ year, month, day }: DateParts): string {
  return `${pad(year, 4)}${pad(month, 2)}${pad(day, 2)}`;
}

/** Digits with leading zeros. */
export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
