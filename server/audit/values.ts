import { createHash, type Hash, randomBytes } from 'node:crypto';
import type { Database, Trx } from '../db/schema.ts';

/** One value of a resident before and after an act; a value that was not there is the empty text. */
export interface ValueChange {
  personId: number;
  field: string;
  oldValue: string;
  newValue: string;
}

// The chain holds only a salted hash of the values, so that they can be erased when the law says so
// without breaking it, and cannot be guessed from the hash once the salt went with them.

const PIECE = 16_384;

/** Hashes values in the order of person and field; `digest()` gives lower-case hexadecimal SHA-256. */
export function valuesHash(salt: string): { add(change: ValueChange): void; digest(): string } {
  const running: Hash = createHash('sha256').update(salt);
  // Handed over in pieces: each handing over costs more than the hashing of a line.
  let lines = '';
  return {
    add: ({ personId, field, oldValue, newValue }) => {
      lines += `${JSON.stringify([personId, field, oldValue, newValue])}\n`;
      if (lines.length < PIECE) return;
      running.update(lines);
      lines = '';
    },
    digest: () => running.update(lines).digest('hex'),
  };
}

/** A new salt for the hash of values, 256 random bits. */
export function newSalt(): string {
  return randomBytes(32).toString('hex');
}

/** The order in which values are hashed: by person, then by field (code units). */
export function inValueOrder(a: ValueChange, b: ValueChange): number {
  return a.personId - b.personId || (a.field < b.field ? -1 : a.field > b.field ? 1 : 0);
}

/** A value as every database gives it back: no half surrogate, no NUL. */
export function asStorable(change: ValueChange): ValueChange {
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd');
  return { ...change, oldValue: clean(change.oldValue), newValue: clean(change.newValue) };
}

/** The values beside the events `from` to `to`, in the order in which they are hashed; never all in memory. */
export function streamValues(
  db: Database | Trx,
  from: number,
  to: number,
): AsyncIterable<ValueChange & { eventSequence: number }> {
  return db
    .selectFrom('auditValue')
    .select(['eventSequence', 'personId', 'field', 'oldValue', 'newValue'])
    .where('eventSequence', '>=', from)
    .where('eventSequence', '<=', to)
    .orderBy('eventSequence')
    .orderBy('personId')
    .orderBy('field')
    .stream(2000);
}
