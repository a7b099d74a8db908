import { findLocalDate, type LocalDate } from '../calendar/local-date.ts';
import type { Cell } from '../db/bulk.ts';
import {
  AT,
  BUSINESS_ID,
  CHECKSUM_MODULUS,
  DATA_COLUMNS,
  EDITION,
  FULL_LIST,
  HEADER_COLUMNS,
  MUNICIPALITY_CODE,
  TRAILER_COLUMNS,
} from './layout.ts';
import { readLines } from './lines.ts';
import { type RowFault, readRow } from './read-row.ts';
import { readRecord } from './record.ts';
import { FileRefused } from './refusal.ts';

export interface ExtractHeader {
  baseOn: LocalDate;
  /** The host's own clock, YYYYMMDDHHMMSS. */
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

export type ExtractPart =
  | { kind: 'header'; header: ExtractHeader }
  | { kind: 'rows'; rows: Cell[][]; faults: RowFault[]; bytesRead: number }
  | { kind: 'end'; summary: ExtractSummary };

export interface ExtractSummary {
  counted: ControlTotals;
  stated: ControlTotals;
  rejected: number;
  warnings: number;
  withGaiji: number;
  /** Rows whose number of columns was wrong, or that are no record at all. */
  malformed: number;
}

/**
 * Reads a host extract from front to end: its header, then the people in runs of rows with every fault
 * found in them, then what was counted against what the trailer states. Throws FileRefused where the
 * file is not an extract of this layout, or is cut off.
 */
export async function* readExtract(path: string): AsyncGenerator<ExtractPart> {
  let header: ExtractHeader | undefined;
  let stated: ControlTotals | undefined;
  const tally = newTally();
  for await (const { firstLine, lines, bytesRead } of readLines(path)) {
    const rows: Cell[][] = [];
    const faults: RowFault[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const lineNumber = firstLine + at;
      if (stated !== undefined) throw afterTrailer(lineNumber);
      const record = readRecord(lines[at]!);
      const type = Array.isArray(record) ? record[0] : undefined;
      if (header === undefined) {
        header = readHeader(record, lineNumber);
        yield { kind: 'header', header };
      } else if (type === 'T') {
        stated = readTrailer(record, lineNumber);
      } else {
        readPerson(record, lineNumber, tally, rows, faults);
      }
    }
    yield { kind: 'rows', rows, faults, bytesRead };
  }
  if (header === undefined) throw refused('ファイルが空です。');
  if (stated === undefined)
    throw refused('トレーラー（T レコード）がありません。途中で切れている可能性があります。');
  yield { kind: 'end', summary: { ...tally.counts, counted: tally.totals(), stated } };
}

type Tally = ReturnType<typeof newTally>;

function newTally() {
  const counts = { rejected: 0, warnings: 0, withGaiji: 0, malformed: 0 };
  let rows = 0;
  let elderly = 0;
  let disabled = 0;
  let child = 0;
  // Numbers of up to 15 digits are exact in a double; what overflows is carried into a BigInt.
  let sum = 0;
  let carried = 0n;
  return {
    counts,
    countRow: () => {
      rows += 1;
    },
    countPerson(fields: readonly string[]) {
      if (fields[AT.isElderly] === '1') elderly += 1;
      if (fields[AT.isDisabled] === '1') disabled += 1;
      if (fields[AT.isChild] === '1') child += 1;
      const number = fields[AT.residentNumber]!;
      if (!/^\d{1,15}$/.test(number)) return;
      sum += Number(number);
      if (sum > 4e15) {
        carried += BigInt(sum);
        sum = 0;
      }
    },
    totals: (): ControlTotals => ({
      rows,
      elderly,
      disabled,
      child,
      checksum: String((carried + BigInt(sum)) % CHECKSUM_MODULUS),
    }),
  };
}

function readPerson(
  record: ReturnType<typeof readRecord>,
  lineNumber: number,
  tally: Tally,
  rows: Cell[][],
  faults: RowFault[],
): void {
  tally.countRow();
  if (!Array.isArray(record) || record.length !== DATA_COLUMNS.length || record[0] !== 'D') {
    tally.counts.malformed += 1;
    tally.counts.rejected += 1;
    const reason = !Array.isArray(record)
      ? record.problem
      : record[0] !== 'D'
        ? 'レコード区分が D でも T でもありません'
        : `項目数が${record.length}です（${DATA_COLUMNS.length}のはず）`;
    faults.push({ lineNumber, residentNumber: '', field: '行全体', value: '', reason, severity: 'rejected' });
    return;
  }
  tally.countPerson(record);
  const reading = readRow(record, lineNumber);
  if (reading.cells === undefined) tally.counts.rejected += 1;
  else rows.push(reading.cells);
  if (reading.hasGaiji) tally.counts.withGaiji += 1;
  for (const fault of reading.faults) {
    if (fault.severity === 'warning') tally.counts.warnings += 1;
    faults.push(fault);
  }
}

function readHeader(record: ReturnType<typeof readRecord>, lineNumber: number): ExtractHeader {
  if (!Array.isArray(record) || record[0] !== 'H' || record.length !== HEADER_COLUMNS) {
    throw refused(`${lineNumber}行目がヘッダー（H レコード、${HEADER_COLUMNS}項目）ではありません。`);
  }
  const [, business, edition, municipality, base, extractedAt, coverage] = record as string[];
  const expected = [
    ['業務ID', business, BUSINESS_ID],
    ['版', edition, EDITION],
    ['団体コード', municipality, MUNICIPALITY_CODE],
    ['全件区分', coverage, FULL_LIST],
  ];
  for (const [label, value, right] of expected) {
    if (value !== right) throw refused(`ヘッダーの${label}が「${value}」です（${right} のはず）。`);
  }
  const baseOn = readDay(base!);
  if (baseOn === undefined) throw refused(`ヘッダーの抽出基準日「${base}」が日付ではありません。`);
  if (!/^\d{14}$/.test(extractedAt!))
    throw refused(`ヘッダーの作成日時「${extractedAt}」が14桁の数字ではありません。`);
  return { baseOn, extractedAt: extractedAt! };
}

function readDay(text: string): LocalDate | undefined {
  if (!/^\d{8}$/.test(text)) return undefined;
  return findLocalDate(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)));
}

function readTrailer(record: ReturnType<typeof readRecord>, lineNumber: number): ControlTotals {
  if (
    !Array.isArray(record) ||
    record.length !== TRAILER_COLUMNS ||
    record.slice(1).some((one) => !/^\d{1,15}$/.test(one))
  ) {
    throw refused(
      `${lineNumber}行目のトレーラー（T レコード）が、数字${TRAILER_COLUMNS - 1}項目の形ではありません。`,
    );
  }
  const [rows, elderly, disabled, child] = record.slice(1).map(Number) as [number, number, number, number];
  return { rows, elderly, disabled, child, checksum: String(BigInt(record[5]!)) };
}

function afterTrailer(lineNumber: number): FileRefused {
  return refused(
    `${lineNumber}行目: トレーラー（T レコード）のあとに行があります。ファイルがつながっている可能性があります。`,
  );
}

function refused(what: string): FileRefused {
  return new FileRefused(
    `${what}取り込みませんでした。台帳は変わっていません。情報システム課に、ファイルの確認と再作成を依頼してください。`,
  );
}
