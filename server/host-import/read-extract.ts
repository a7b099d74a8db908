import { arrange } from './arrange.ts';
import { baseDateOfName, type ControlTotals, type ExtractHeader, frameReader } from './frame.ts';
import type { Layout } from './layout.ts';
import { readLines } from './lines.ts';
import { type HostRow, type RowFault, readRow } from './read-row.ts';
import { type RecordLine, recordReader } from './record.ts';
import { FileRefused } from './refusal.ts';
import { newTally } from './tally.ts';

export type ExtractPart =
  | { kind: 'header'; header: ExtractHeader }
  | { kind: 'rows'; rows: HostRow[]; faults: RowFault[]; bytesRead: number }
  | { kind: 'end'; summary: ExtractSummary };

export interface ExtractSummary {
  counted: ControlTotals;
  /** What the trailer states; undefined for a layout without one. */
  stated: Partial<ControlTotals> | undefined;
  rejected: number;
  warnings: number;
  withGaiji: number;
  /** Rows that carry the mark of dummy data. */
  dummies: number;
  /** Rows whose number of columns was wrong, or that are no record at all. */
  malformed: number;
}

/**
 * Reads a host extract from front to end: its header, then the people, run by run, with
 * every fault found in them, then what was counted against what the trailer
 * states. Throws FileRefused where the file is not an extract of this layout, or is cut off.
 */
export async function* readExtract(path: string, layout: Layout): AsyncGenerator<ExtractPart> {
  const frame = frameReader(layout);
  const split = recordReader(layout);
  const people = arrange(layout);
  const tally = newTally();
  let header: ExtractHeader | undefined;
  let stated: Partial<ControlTotals> | undefined;
  if (layout.header === undefined) {
    header = { baseOn: baseDateOfName(layout, path), extractedAt: '' };
    yield { kind: 'header', header };
  }
  for await (const { firstLine, lines, bytesRead } of readLines(path)) {
    const rows: HostRow[] = [];
    const faults: RowFault[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const lineNumber = firstLine + at;
      const line = lines[at]!;
      if (stated !== undefined) throw afterTrailer(lineNumber);
      if (header === undefined) {
        header = frame.readHeader(split(line, frame.headerWidths), lineNumber, path);
        yield { kind: 'header', header };
      } else if (frame.isTrailer(line)) {
        stated = frame.readTrailer(split(line, frame.trailerWidths), lineNumber);
      } else {
        const record = split(line, people.widths);
        const problem = problemOf(record, layout.data.type, people.columns);
        if (problem !== undefined) {
          tally.countMalformed();
          faults.push(malformed(lineNumber, problem));
          continue;
        }
        const reading = readRow(record as string[], line, lineNumber, people);
        tally.countPerson(reading);
        if (reading.row !== undefined) rows.push(reading.row);
        if (reading.faults.length > 0) faults.push(...reading.faults);
      }
    }
    yield { kind: 'rows', rows, faults, bytesRead };
  }
  if (header === undefined) throw refused('ファイルが空です。');
  if (layout.trailer !== undefined && stated === undefined) {
    throw refused('トレーラーがありません。途中で切れている可能性があります。');
  }
  yield { kind: 'end', summary: { ...tally.counts, counted: tally.totals(), stated } };
}

function problemOf(record: RecordLine, type: string, columns: number): string | undefined {
  if (!Array.isArray(record)) return record.problem;
  if (record.length !== columns) return `項目数が${record.length}です（${columns}のはず）`;
  if (type !== '' && record[0] !== type) return `レコード区分が ${type} ではありません`;
  return undefined;
}

function malformed(lineNumber: number, reason: string): RowFault {
  return { lineNumber, residentNumber: '', field: '行全体', value: '', reason, severity: 'rejected' };
}

function afterTrailer(lineNumber: number): FileRefused {
  return refused(
    `${lineNumber}行目: トレーラーのあとに行があります。ファイルがつながっている可能性があります。`,
  );
}

function refused(what: string): FileRefused {
  return new FileRefused(
    `${what}取り込みませんでした。台帳は変わっていません。情報システム課に、ファイルの確認と再作成を依頼してください。`,
  );
}

export type { ControlTotals, ExtractHeader };
