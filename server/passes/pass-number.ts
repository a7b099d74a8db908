import { sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { halfWidth } from '../names/half-width.ts';

/** A pass number as it is printed and read out: the fiscal year's last two digits and six more, `26-000123`. */
export function formatPassNumber(fiscalYear: number, passNumber: number): string {
  return `${String(fiscalYear % 100).padStart(2, '0')}-${String(passNumber).padStart(6, '0')}`;
}

/** Reads a pass number as typed, in full (`26-000123`) or without its year (`123`). Undefined when it is none. */
export function parsePassNumber(typed: string): { fiscalYear?: number; passNumber: number } | undefined {
  const text = halfWidth(typed);
  const full = /^(\d{2})-(\d{1,6})$/.exec(text);
  if (full !== null) return { fiscalYear: 2000 + Number(full[1]), passNumber: Number(full[2]) };
  return /^\d{1,6}$/.test(text) && Number(text) > 0 ? { passNumber: Number(text) } : undefined;
}

/**
 * Draws the next number of a fiscal year, past the numbers that are printed on stock. The counter's row stays
 * locked until the transaction ends, so two clerks never draw the same one, and an issue that fails gives its
 * number back.
 */
export async function drawPassNumber(trx: Trx, fiscalYear: number): Promise<number> {
  const last = await lockCounter(trx, fiscalYear);
  const ranges = await trx
    .selectFrom('passStockRange')
    .select(['firstNumber', 'lastNumber'])
    .where('fiscalYear', '=', fiscalYear)
    .where('lastNumber', '>', last)
    .orderBy('firstNumber')
    .execute();
  const drawn = ranges.reduce(
    (next, { firstNumber, lastNumber }) =>
      next >= firstNumber && next <= lastNumber ? lastNumber + 1 : next,
    last + 1,
  );
  await trx
    .updateTable('passNumberCounter')
    .set({ lastNumber: drawn })
    .where('fiscalYear', '=', fiscalYear)
    .execute();
  return drawn;
}

/** Locks the counter of a fiscal year until the transaction ends. Returns the last number drawn, 0 at first. */
export async function lockCounter(trx: Trx, fiscalYear: number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('passNumberCounter')
    .set({ lastNumber: sql`last_number` })
    .where('fiscalYear', '=', fiscalYear)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    await trx.insertInto('passNumberCounter').values({ fiscalYear, lastNumber: 0 }).execute();
    return 0;
  }
  const { lastNumber } = await trx
    .selectFrom('passNumberCounter')
    .select('lastNumber')
    .where('fiscalYear', '=', fiscalYear)
    .executeTakeFirstOrThrow();
  return lastNumber;
}
