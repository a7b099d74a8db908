import type { Database, Trx } from '../db/schema.ts';
import { Invalid } from '../errors.ts';
import { formatPassNumber, parsePassNumber } from './pass-number.ts';

// Passes with numbers printed on them beforehand (印字済みの用紙), handed out to offices in ranges.

/** The ranges of a fiscal year, the lowest first; those taken back are left out. */
export async function listStockRanges(db: Database | Trx, fiscalYear: number) {
  return await db
    .selectFrom('passStockRange')
    .innerJoin('office', 'office.code', 'passStockRange.officeCode')
    .select(['passStockRange.id', 'passStockRange.fiscalYear', 'passStockRange.firstNumber'])
    .select(['passStockRange.lastNumber', 'passStockRange.officeCode', 'office.name as officeName'])
    .select('passStockRange.version')
    .where('passStockRange.fiscalYear', '=', fiscalYear)
    .where('passStockRange.removedAt', 'is', null)
    .orderBy('passStockRange.firstNumber')
    .execute();
}

/**
 * The number of a pre-printed pass as typed, `26-000123` or `123`, checked against the stock of its year.
 * Throws Invalid, naming `field`, for what is no number, of another year, outside the stock or already used.
 */
export async function readStockNumber(
  trx: Trx,
  fiscalYear: number,
  typed: string,
  field: 'passNumber' | 'nextPassNumber',
): Promise<number> {
  const fault = (sentence: string) => new Invalid({ [field]: sentence });
  const read = parsePassNumber(typed);
  if (read === undefined) {
    throw fault(
      '整理番号は「26-000123」または「123」の形で入力してください。空のままにすると自動で付きます。',
    );
  }
  const shown = formatPassNumber(fiscalYear, read.passNumber);
  if (read.fiscalYear !== undefined && read.fiscalYear !== fiscalYear) {
    throw fault(
      `整理番号の年度が違います。この交付では${shown.slice(0, 2)}で始まる番号の用紙を使ってください。`,
    );
  }
  const ranges = await listStockRanges(trx, fiscalYear);
  const isInStock = ranges.some(
    ({ firstNumber, lastNumber }) => read.passNumber >= firstNumber && read.passNumber <= lastNumber,
  );
  if (!isInStock) {
    throw fault(
      `整理番号${shown}は、この年度に登録された用紙の範囲にありません。用紙の番号を確かめてください。空のままにすると自動で付きます。`,
    );
  }
  const used = await trx
    .selectFrom('pass')
    .select('id')
    .where('fiscalYear', '=', fiscalYear)
    .where('passNumber', '=', read.passNumber)
    .executeTakeFirst();
  if (used !== undefined) {
    throw fault(
      `整理番号${shown}はすでに使われています。取り消した番号も使い直しません。別の用紙の番号を入力してください。`,
    );
  }
  return read.passNumber;
}
