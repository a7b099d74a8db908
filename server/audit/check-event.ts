import { isLocalDate } from '../calendar/local-date.ts';
import { type FieldType, kindOf } from './event.ts';

// The column of details holds so much on SQL Server; the record must not fail on one engine only.
const MOST_DETAILS = 4000;

/**
 * Throws a TypeError unless an event is of a known kind and has exactly its fields, each of its type.
 * What the compiler cannot see (a value out of a form, an `any`) is refused here, and with it the act.
 * The message names the field, never its value.
 */
export function requireExactFields(kind: string, fields: Readonly<Record<string, unknown>>): void {
  const known = kindOf(kind);
  if (known === undefined) throw new TypeError(`there is no event ${kind}`);
  for (const [name, type] of Object.entries(known.fields)) {
    if (!isOfType(type, fields[name])) throw new TypeError(`${kind}: the field ${name} is missing or wrong`);
  }
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(known.fields, name)) throw new TypeError(`${kind}: the field ${name} is not its own`);
  }
  if (JSON.stringify(fields).length > MOST_DETAILS) throw new TypeError(`${kind}: the fields are too long`);
}

function isOfType(type: FieldType, value: unknown): boolean {
  if (typeof type === 'object') return typeof value === 'string' && Object.hasOwn(type, value);
  if (type.endsWith('?') && value === null) return true;
  if (type === 'id' || type === 'id?') return isId(value);
  if (type === 'ids') return Array.isArray(value) && value.every(isId);
  if (type === 'count') return Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof value !== 'string') return false;
  return type === 'text' || isLocalDate(value);
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
