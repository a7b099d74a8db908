import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, NotFound } from '../errors.ts';
import { halfWidth } from '../names/half-width.ts';
import { listOffices } from '../offices/queries.ts';
import { NO_OFFSET } from './frame.ts';

// Printers (プリンター) and by how much each puts the sheet off, found with the position test (位置調整用紙).

export interface Printer {
  id: number;
  name: string;
  /** The office whose letters go to this printer unless another is chosen. */
  officeCode: string | null;
  /** Tenths of a millimetre. */
  offsetRight: number;
  offsetDown: number;
}

const COLUMNS = ['id', 'name', 'officeCode', 'offsetRight', 'offsetDown'] as const;
const MOST_TENTHS = 200;

export async function listPrinters(db: Database): Promise<Printer[]> {
  return await db.selectFrom('printer').select(COLUMNS).where('isActive', '=', 1).orderBy('name').execute();
}

/** A printer in use. Throws NotFound. */
export async function getPrinter(db: Database | Trx, id: number): Promise<Printer> {
  const printer = await db
    .selectFrom('printer')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('isActive', '=', 1)
    .executeTakeFirst();
  if (printer === undefined) throw new NotFound('このプリンターは登録にありません。選び直してください。');
  return printer;
}

/** The printer an office's letters go to unless another is chosen. */
export async function findOfficePrinter(
  db: Database | Trx,
  officeCode: string,
): Promise<Printer | undefined> {
  return await db
    .selectFrom('printer')
    .select(COLUMNS)
    .where('officeCode', '=', officeCode)
    .where('isActive', '=', 1)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** By how much a printer's sheets are drawn to the right and down, in mm; nothing without a printer. */
export function offsetOf(printer: Pick<Printer, 'offsetRight' | 'offsetDown'> | undefined) {
  if (printer === undefined) return NO_OFFSET;
  return { right: printer.offsetRight / 10, down: printer.offsetDown / 10 };
}

/**
 * Registers a printer or changes its offsets, typed in mm such as '-1.5'. Throws Invalid.
 */
export async function savePrinter(
  db: Database,
  actor: Actor,
  typed: { id: number; name: string; officeCode: string; right: string; down: string },
): Promise<void> {
  const name = typed.name.trim();
  const faults: Record<string, string> = {};
  if (name === '' || name.length > 60) faults.name = 'プリンターの名前を60文字までで入力してください。';
  const offices = (await listOffices(db)).map(({ code }) => code);
  const officeCode = typed.officeCode === '' ? null : typed.officeCode;
  if (officeCode !== null && !offices.includes(officeCode))
    faults.officeCode = '既定で使う場所を選んでください。';
  const offsetRight = readTenths(typed.right);
  const offsetDown = readTenths(typed.down);
  const sentence = 'ずらす量は-20から20までのmmで、小数第1位までで入力してください。例）-1.5';
  if (offsetRight === undefined) faults.right = sentence;
  if (offsetDown === undefined) faults.down = sentence;
  if (offsetRight === undefined || offsetDown === undefined || Object.keys(faults).length > 0) {
    throw new Invalid(faults);
  }
  try {
    await inTransaction(db, async (trx) => {
      const printerId = await writePrinter(trx, typed.id, { name, officeCode, offsetRight, offsetDown });
      const [right, down] = [String(offsetRight / 10), String(offsetDown / 10)];
      recordEvent(trx, actor, { kind: 'letter.printer-changed', printerId, right, down });
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Invalid({ name: 'この名前のプリンターはすでに登録されています。' });
    throw error;
  }
}

async function writePrinter(
  trx: Trx,
  id: number,
  values: { name: string; officeCode: string | null; offsetRight: number; offsetDown: number },
): Promise<number> {
  if (id > 0) {
    await getPrinter(trx, id);
    await trx.updateTable('printer').set(values).where('id', '=', id).execute();
    return id;
  }
  const row = await trx.insertInto('printer').values(values).returning('id').executeTakeFirstOrThrow();
  return row.id;
}

function readTenths(text: string): number | undefined {
  const typed = halfWidth(text) || '0';
  if (!/^[+-]?\d{1,2}(\.\d)?$/.test(typed)) return undefined;
  const tenths = Math.round(Number(typed) * 10);
  return Math.abs(tenths) <= MOST_TENTHS ? tenths : undefined;
}
