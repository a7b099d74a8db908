import { sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Trx } from '../db/schema.ts';

/**
 * Draws the next issue numbers (発行番号) of a day and office, such as 20261120-00-00001. The counter's row stays
 * locked until the transaction ends, so no two letters get the same one and none is lost. The first of a day may
 * meet another's first: the transaction then fails with a duplicate and is tried again.
 */
export async function drawSerials(
  trx: Trx,
  on: LocalDate,
  officeCode: string,
  count: number,
): Promise<string[]> {
  const { numUpdatedRows } = await trx
    .updateTable('letterSerialCounter')
    .set({ lastNumber: sql`last_number + ${sql.lit(count)}` })
    .where('printedOn', '=', on)
    .where('officeCode', '=', officeCode)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    await trx
      .insertInto('letterSerialCounter')
      .values({ printedOn: on, officeCode, lastNumber: count })
      .execute();
  }
  const { lastNumber } = await trx
    .selectFrom('letterSerialCounter')
    .select('lastNumber')
    .where('printedOn', '=', on)
    .where('officeCode', '=', officeCode)
    .executeTakeFirstOrThrow();
  const prefix = `${on.replaceAll('-', '')}-${officeCode}-`;
  return Array.from(
    { length: count },
    (_unused, at) => prefix + String(lastNumber - count + 1 + at).padStart(5, '0'),
  );
}

/** A number of the form and length of an issue number that is none, to try a letter with. */
export function sampleSerial(on: LocalDate, officeCode: string): string {
  return `${on.replaceAll('-', '')}-${officeCode}-00000`;
}
