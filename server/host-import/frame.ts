import { basename } from 'node:path';
import { findLocalDate, type LocalDate } from '../calendar/local-date.ts';
import type { Layout } from './layout.ts';
import type { RecordLine } from './record.ts';
import { FileRefused } from './refusal.ts';

// What frames the people of an extract: the header before them and the trailer behind.

export interface ExtractHeader {
  baseOn: LocalDate;
  /** The host's own clock, YYYYMMDDHHMMSS; empty where the layout has none. */
  extractedAt: string;
}

export interface ControlTotals {
  rows: number;
  elderly: number;
  disabled: number;
  child: number;
  /** Sum of the resident numbers modulo 10^12, in decimal. */
  checksum: string;
}

type Part = NonNullable<Layout['header']> | NonNullable<Layout['trailer']>;

const widthsOf = (part: Part | undefined) =>
  part === undefined ? [] : [part.type.length, ...part.columns.map(({ bytes }) => bytes ?? 0)];

/** Reads the header and trailer of a layout; both throw FileRefused with what is wrong. */
export function frameReader(layout: Layout) {
  const trailerStart =
    layout.format.kind === 'quoted-csv' ? `"${layout.trailer?.type}"` : layout.trailer?.type;
  return {
    headerWidths: widthsOf(layout.header),
    trailerWidths: widthsOf(layout.trailer),
    isTrailer: (line: string) => layout.trailer !== undefined && line.startsWith(trailerStart!),
    readHeader: (record: RecordLine, lineNumber: number, path: string) =>
      readHeader(layout, record, lineNumber, path),
    readTrailer: (record: RecordLine, lineNumber: number) => readTrailer(layout, record, lineNumber),
  };
}

function readHeader(layout: Layout, record: RecordLine, lineNumber: number, path: string): ExtractHeader {
  const { type, columns } = layout.header!;
  const values = valuesOf(record, type, columns.length);
  if (values === undefined) {
    throw refused(
      `${lineNumber}行目がヘッダー（${type} レコード、${columns.length + 1}項目）ではありません。`,
    );
  }
  let baseOn: LocalDate | undefined;
  let extractedAt = '';
  for (const [at, { label, expect, is, pattern }] of columns.entries()) {
    const value = values[at]!;
    if (expect !== undefined && value !== expect)
      throw refused(`ヘッダーの${label}が「${value}」です（${expect} のはず）。`);
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
      throw refused(`ヘッダーの${label}「${value}」が決められた形ではありません。`);
    }
    if (is === 'baseDate') baseOn = requireDay(value, `ヘッダーの${label}`);
    if (is === 'extractedAt') extractedAt = value;
  }
  return { baseOn: baseOn ?? baseDateOfName(layout, path), extractedAt };
}

/** The base date that a file's name gives. Throws FileRefused when there is none in it. */
export function baseDateOfName({ fileName }: Layout, path: string): LocalDate {
  const digits = new RegExp(fileName, 'u').exec(basename(path))?.groups?.base ?? '';
  return requireDay(digits, 'ファイル名の抽出基準日');
}

function readTrailer({ trailer }: Layout, record: RecordLine, lineNumber: number): Partial<ControlTotals> {
  const { type, columns } = trailer!;
  const values = valuesOf(record, type, columns.length);
  if (values === undefined || values.some((value) => !/^\d{1,15}$/.test(value))) {
    throw refused(
      `${lineNumber}行目のトレーラー（${type} レコード）が、数字${columns.length}項目の形ではありません。`,
    );
  }
  const totals: Partial<ControlTotals> = {};
  for (const [at, { is }] of columns.entries()) {
    if (is === 'checksum') totals.checksum = String(BigInt(values[at]!));
    else if (is !== undefined) totals[is] = Number(values[at]);
  }
  return totals;
}

function valuesOf(record: RecordLine, type: string, columns: number): string[] | undefined {
  if (!Array.isArray(record) || record.length !== columns + 1 || record[0] !== type) return undefined;
  return record.slice(1);
}

function requireDay(text: string, what: string): LocalDate {
  const day = /^\d{8}$/.test(text)
    ? findLocalDate(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)))
    : undefined;
  if (day === undefined) throw refused(`${what}「${text}」が日付ではありません。`);
  return day;
}

function refused(what: string): FileRefused {
  return new FileRefused(
    `${what}取り込みませんでした。台帳は変わっていません。情報システム課に、ファイルの確認と再作成を依頼してください。`,
  );
}
