import { parseDate } from '../calendar/parse-date.ts';
import { Forbidden, Invalid, Refused } from '../errors.ts';

/** The day that was typed, '' when it is none. */
export function readDay(text: string): string {
  const read = parseDate(text);
  return 'date' in read ? read.date : '';
}

/** What a refused form tells; throws again what no clerk can mend. */
export function tell(error: unknown): {
  status: number;
  errors: Readonly<Record<string, string>>;
  message: string | undefined;
} {
  if (error instanceof Invalid) return { status: error.status, errors: error.fields, message: undefined };
  if (error instanceof Refused || error instanceof Forbidden) {
    return { status: error.status, errors: {}, message: error.message };
  }
  throw error;
}
