import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/**
 * Rows of a rule table under test/fixtures by column name, each behind its 備考, which names the test:
 * test.each(readRules(…))('%s', (_note, row) => …).
 */
export function readRules<Column extends string>(
  path: string,
): [note: string, row: Record<Column, string>][] {
  const text = readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
  const rows: Record<Column | '備考', string>[] = parse(text, { columns: true, bom: true });
  return rows.map((row) => [row.備考, row]);
}
