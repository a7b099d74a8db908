import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { encodeCp932, findUnencodable } from '../names/cp932.ts';

export const CSV_ENCODINGS = ['utf-8', 'cp932'] as const;
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

// A spreadsheet takes a cell that begins so for a formula; a quote before it makes it text.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const BYTE_ORDER_MARK = '\ufeff';
/** What stands in CP932 for a character it lacks, as Japanese forms have it (ゲタ). */
const LACKING = '〓';

/** A cell that no spreadsheet takes for a formula. */
export function safeCell(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** The encoding a link asks for, UTF-8 unless it says CP932. */
export function readCsvEncoding(asked: unknown): CsvEncoding {
  return asked === 'cp932' ? 'cp932' : 'utf-8';
}

/** Some rows of a CSV file in bytes, each cell safe, lines ended with CRLF. */
export function encodeRows(rows: readonly (readonly string[])[], encoding: CsvEncoding): Buffer {
  const text = stringify(
    rows.map((row) => row.map(safeCell)),
    { record_delimiter: 'windows' },
  );
  return encoding === 'utf-8' ? Buffer.from(text) : encodeCp932(withinCp932(text));
}

/** The text with 〓 for every character CP932 lacks. */
function withinCp932(text: string): string {
  if (findUnencodable(text) === undefined) return text;
  return [...text].map((one) => (findUnencodable(one) === undefined ? one : LACKING)).join('');
}

/**
 * Sends a CSV file as it is made, page by page, without holding all of it. `pages` gives runs of rows.
 * Returns the number of rows sent; stops early when the browser has gone.
 */
export async function sendCsv(
  response: Response,
  { name, headings, encoding }: { name: string; headings: readonly string[]; encoding: CsvEncoding },
  pages: AsyncIterable<readonly (readonly string[])[]>,
): Promise<number> {
  response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  response.setHeader('Content-Type', `text/csv; charset=${encoding === 'utf-8' ? 'utf-8' : 'Shift_JIS'}`);
  if (encoding === 'utf-8') response.write(BYTE_ORDER_MARK);
  response.write(encodeRows([headings], encoding));
  let sent = 0;
  for await (const rows of pages) {
    sent += rows.length;
    if (response.destroyed) return sent;
    if (!response.write(encodeRows(rows, encoding))) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  response.end();
  return sent;
}
