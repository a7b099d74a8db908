import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';
import { formatPassNumber, lockCounter } from './pass-number.ts';

export interface StockRange {
  fiscalYear: number;
  firstNumber: number;
  lastNumber: number;
  officeCode: string;
}

const LARGEST = 999_999;
const TRIES = 3;

/**
 * Registers pre-printed passes (印字済みの用紙) of a fiscal year; from then on these numbers are typed, never drawn.
 * Throws Invalid for a range that is none, lies over another one or over numbers already used.
 */
export async function addStockRange(db: Database, actor: Actor, range: StockRange): Promise<number> {
  const { firstNumber, lastNumber } = range;
  if (!(firstNumber > 0 && lastNumber <= LARGEST && firstNumber <= lastNumber)) {
    throw new Invalid({
      firstNumber: `整理番号は1から${LARGEST}までの数で、最初の番号を最後の番号以下にしてください。`,
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(db, (trx) => addOnce(trx, actor, range));
    } catch (error) {
      // The first number of the year was being drawn at the same moment.
      if (attempt >= TRIES || !isDuplicate(error)) throw error;
    }
  }
}

async function addOnce(trx: Trx, actor: Actor, range: StockRange): Promise<number> {
  const { fiscalYear, firstNumber, lastNumber, officeCode } = range;
  const lastDrawn = await lockCounter(trx, fiscalYear);
  const overlapping = await trx
    .selectFrom('passStockRange')
    .select(['firstNumber', 'lastNumber'])
    .where('fiscalYear', '=', fiscalYear)
    .where('firstNumber', '<=', lastNumber)
    .where('lastNumber', '>=', firstNumber)
    .limit(1)
    .executeTakeFirst();
  const used = await trx
    .selectFrom('pass')
    .select('passNumber')
    .where('fiscalYear', '=', fiscalYear)
    .where('passNumber', '>=', firstNumber)
    .where('passNumber', '<=', lastNumber)
    .orderBy('passNumber')
    .limit(1)
    .executeTakeFirst();
  if (overlapping !== undefined) {
    throw new Invalid({
      firstNumber: `登録済みの用紙（取り消したものを含む）と番号が重なっています。${formatPassNumber(fiscalYear, overlapping.lastNumber)}より後の番号にしてください。`,
    });
  }
  if (used !== undefined || firstNumber <= lastDrawn) {
    throw new Invalid({
      firstNumber: `使われた番号と重なっています。自動で付けた番号は${formatPassNumber(fiscalYear, lastDrawn)}までです。それより後の番号にしてください。`,
    });
  }
  const { id } = await trx
    .insertInto('passStockRange')
    .values({ ...range, createdAt: actor.at.toISOString(), createdBy: actor.accountId })
    .returning('id')
    .executeTakeFirstOrThrow();
  recordEvent(trx, actor, {
    kind: 'stock.changed',
    stockRangeId: id,
    fiscalYear,
    firstNumber,
    lastNumber,
    officeCode,
    change: 'added',
  });
  return id;
}

/** Takes a range back: its numbers can no longer be typed, and are not drawn either. Throws NotFound and Refused. */
export async function removeStockRange(db: Database, actor: Actor, id: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    const range = await trx
      .selectFrom('passStockRange')
      .select(['fiscalYear', 'firstNumber', 'lastNumber', 'officeCode'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (range === undefined) throw new NotFound('この用紙の登録はありません。画面を開き直してください。');
    const { numUpdatedRows } = await trx
      .updateTable('passStockRange')
      .set((set) => ({ removedAt: actor.at.toISOString(), version: set('version', '+', 1) }))
      .where('id', '=', id)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused('この用紙の登録は、すでに取り消されています。');
    recordEvent(trx, actor, { kind: 'stock.changed', stockRangeId: id, ...range, change: 'removed' });
  });
}
