import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Reading } from '../support/host-files.ts';

// An independent reading of an extract: the runtime's own decoder over the whole file, csv-parse, and sums
// in BigInt. It shares nothing with server/host-import.

const PLAIN = { 3: 'name', 9: 'postalCode', 10: 'address', 11: 'building', 12: 'districtCode' } as const;

/** Why an accepted reading is not what stands in the file; undefined when it agrees value for value. */
export function disagreement(path: string, reading: Reading): string | undefined {
  const bytes = readFileSync(path);
  const end = bytes.at(-1) === 0x1a ? bytes.length - 1 : bytes.length;
  const decoded = new TextDecoder('shift_jis', { fatal: true }).decode(bytes.subarray(0, end));
  // The last line need not end; half a line end is none.
  const text = decoded.endsWith('\r') ? decoded.slice(0, -1) : decoded;
  const records: string[][] = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
  const people = records.filter(([type]) => type === 'D');
  const trailer = records.at(-1)!;
  const flags = [13, 14, 15].map((at) => people.filter((fields) => fields[at - 1] === '1').length);
  const sum = people.reduce((total, fields) => total + BigInt(fields[1]!), 0n) % 10n ** 12n;
  const totals = ['T', people.length, ...flags, sum].map(String);
  if (records.length !== people.length + 2) return 'lines beside header, people and trailer';
  if (
    JSON.stringify(trailer.map((one, at) => (at === 0 ? one : String(BigInt(one))))) !==
    JSON.stringify(totals)
  ) {
    return `the trailer says ${trailer.join(' ')}, the rows ${totals.join(' ')}`;
  }
  if (new Set(people.map((fields) => fields[1])).size !== people.length) return 'somebody stands on two rows';
  const rejected = new Set(
    reading.faults.filter(({ severity }) => severity === 'rejected').map((one) => one.lineNumber),
  );
  if (reading.rows.length + rejected.size !== people.length) return 'rows were lost';
  for (const row of reading.rows) {
    const fields = people[Number(row.lineNumber) - 2]!;
    const differing = differs(fields, row);
    if (differing !== undefined) return `line ${row.lineNumber}: ${differing}`;
  }
  return undefined;
}

function differs(fields: readonly string[], row: Reading['rows'][number]): string | undefined {
  const at = (column: number) => fields[column - 1]!;
  for (const [column, name] of Object.entries(PLAIN)) {
    if (at(Number(column)).trim() !== row[name]) return name;
  }
  if (at(2) !== row.residentNumber) return 'residentNumber';
  if (hiragana(at(4).trim()) !== row.kana) return 'kana';
  if (/^\d{8}$/.test(at(5)) && !at(5).includes('00', 4) && at(5) !== row.birthCode) return 'birthCode';
  const numbers = [Number(at(8)), Number(at(13)), Number(at(14)), Number(at(15)), Number(at(17))];
  const read = [row.sex, row.isElderly, row.isDisabled, row.isChild, row.residentStatus];
  if (JSON.stringify(numbers) !== JSON.stringify(read)) return 'a code';
  const day = (text: string) =>
    text === '' ? null : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  if (day(at(16)) !== row.childEndsOn || day(at(19)) !== row.movedOn) return 'a date';
  return at(18) === row.removalCode ? undefined : 'removalCode';
}

/** Half-width katakana as hiragana, by Unicode's own tables instead of ours; a mark no kana takes stands by itself. */
function hiragana(kana: string): string {
  const joined = kana.replace(/[｡-ﾟ]+/g, (run) => run.normalize('NFKC'));
  const wide = joined.replaceAll('\u3099', '゛').replaceAll('\u309a', '゜');
  return wide.replace(/[\u30a1-\u30f6]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}
