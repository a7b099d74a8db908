import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { Refused } from '../errors.ts';
import { canEncodeCp932, encodeCp932 } from '../names/cp932.ts';

export const CSV_ENCODINGS = ['utf-8', 'cp932'] as const;
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

// A spreadsheet takes a cell that begins so for a formula; a quote before it makes it text.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const BYTE_ORDER_MARK = '\ufeff';

/** A cell that no spreadsheet takes for a formula. */
export function safeCell(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** The encoding a link asks for, UTF-8 unless it says CP932. */
export function readCsvEncoding(asked: unknown): CsvEncoding {
  return asked === 'cp932' ? 'cp932' : 'utf-8';
}

/** Some rows of a CSV file in bytes, each cell safe, lines ended with CRLF. Throws RangeError for what CP932 lacks. */
export function encodeRows(rows: readonly (readonly string[])[], encoding: CsvEncoding): Buffer {
  const text = stringify(
    rows.map((row) => row.map(safeCell)),
    { record_delimiter: 'windows' },
  );
  return encoding === 'utf-8' ? Buffer.from(text) : encodeCp932(text);
}

const MOST_NAMED = 10;

/**
 * Reads rows that are to be written in CP932 once beforehand. Throws Refused with the characters it lacks and in how
 * many rows they stand: a file never has other characters than the register without anybody being told.
 */
export async function requireEncodable(
  encoding: CsvEncoding,
  pages: AsyncIterable<readonly (readonly string[])[]>,
): Promise<void> {
  if (encoding !== 'cp932') return;
  const lacking = new Set<string>();
  let rows = 0;
  for await (const some of pages) {
    for (const row of some) {
      const text = row.join('');
      if (canEncodeCp932(text)) continue;
      rows += 1;
      for (const character of text) if (!canEncodeCp932(character)) lacking.add(character);
    }
  }
  if (rows === 0) return;
  const named = [...lacking].slice(0, MOST_NAMED).map((character) => `「${character}」`);
  throw new Refused(
    `シフトJISにない文字${named.join('')}${lacking.size > MOST_NAMED ? 'など' : ''}が${rows.toLocaleString('ja-JP')}行にあるため、CSVを作りませんでした。文字を変えずに保存できるUTF-8を選んで、もう一度保存してください。`,
  );
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
