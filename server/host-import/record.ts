import type { Layout } from './layout.ts';

/** The fields of one line, or why it is not a record. */
export type RecordLine = string[] | { problem: string };

/** How a layout splits a line into fields. `widths` are those of a fixed-length record, in CP932 bytes. */
export function recordReader({ format }: Layout): (line: string, widths: readonly number[]) => RecordLine {
  if (format.kind === 'quoted-csv') return readQuoted;
  if (format.kind === 'delimited') return (line) => line.split(format.delimiter);
  return readFixed;
}

/**
 * Splits a line of comma-separated fields that are all quoted, `""` standing for a quote inside one.
 * A line is a record: a quote that does not close on its line is a fault of that line.
 */
export function readQuoted(line: string): RecordLine {
  if (PLAIN.test(line)) return line.slice(1, -1).split('","');
  if (line.length < 2 || line[0] !== '"' || line[line.length - 1] !== '"') {
    return { problem: '行が引用符（"）で始まり引用符で終わっていません' };
  }
  return readWithQuotes(line);
}

/** A line of quoted fields without a quote inside any of them. */
const PLAIN = /^"[^"]*"(?:,"[^"]*")*$/;

function readWithQuotes(line: string): RecordLine {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') return { problem: `${at + 1}文字目に、項目を始める引用符（"）がありません` };
    let field = '';
    let from = at + 1;
    for (;;) {
      const end = line.indexOf('"', from);
      if (end < 0) return { problem: '引用符（"）が閉じていません' };
      if (line[end + 1] !== '"') {
        fields.push(field + line.slice(from, end));
        at = end + 1;
        break;
      }
      field += line.slice(from, end + 1);
      from = end + 2;
    }
    if (at === line.length) return fields;
    if (line[at] !== ',')
      return { problem: `${at + 1}文字目で、引用符（"）のあとに区切りのコンマがありません` };
    at += 1;
  }
}

/** Cuts a line at byte widths; fields lose the spaces they were filled up with. */
function readFixed(line: string, widths: readonly number[]): RecordLine {
  const fields: string[] = [];
  let from = 0;
  for (const width of widths) {
    let at = from;
    let taken = 0;
    while (taken < width && at < line.length) {
      taken += isOneByte(line.charCodeAt(at)) ? 1 : 2;
      at += 1;
    }
    if (taken !== width) {
      return { problem: `${fields.length + 1}番目の項目が${width}バイトの境目で終わっていません` };
    }
    fields.push(line.slice(from, at).replace(/[ \u3000]+$/u, ''));
    from = at;
  }
  return from === line.length ? fields : { problem: `決められた長さより${line.length - from}文字長い行です` };
}

function isOneByte(code: number): boolean {
  return code < 0x80 || (code >= 0xff61 && code <= 0xff9f);
}
