import { hash } from 'node:crypto';
import { readBirthDate } from '../calendar/birth-date.ts';
import { findLocalDate } from '../calendar/local-date.ts';
import type { Cell } from '../db/bulk.ts';
import type { HostColumns } from '../db/schema.ts';
import { cp932Length } from '../names/cp932.ts';
import { findGaiji } from '../names/gaiji.ts';
import { halfToFullKana, toHiragana } from '../names/kana.ts';
import { foldKana } from '../names/kana-fold.ts';
import { foldKanji } from '../names/variants.ts';
import { hasRightCheckDigit } from './check-digit.ts';
import { AT, DATA_COLUMNS, STILL_RESIDENT } from './layout.ts';

/** A staged row's columns, in the order of its cells. */
export const STAGED_COLUMNS = [
  'lineNumber',
  'residentNumber',
  'name',
  'kana',
  'birthCode',
  'birthWareki',
  'birthNote',
  'birthEarliestOn',
  'birthLatestOn',
  'sex',
  'postalCode',
  'address',
  'building',
  'districtCode',
  'isElderly',
  'isDisabled',
  'isChild',
  'childEndsOn',
  'residentStatus',
  'removalCode',
  'movedOn',
  'hostDigest',
  'kanaFold',
  'givenKanaFold',
  'nameFold',
] as const satisfies readonly ('lineNumber' | keyof HostColumns)[];

export interface RowFault {
  lineNumber: number;
  residentNumber: string;
  field: string;
  value: string;
  reason: string;
  severity: 'rejected' | 'warning';
}

export interface RowReading {
  /** The cells to stage; undefined when the row is rejected. */
  cells: Cell[] | undefined;
  faults: RowFault[];
  hasGaiji: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
const GAIJI = /[\ue000-\ue757]/;
const KEPT_VALUE = 200;

/** Checks and reads one D record of the right number of columns. Every fault of the row is told. */
export function readRow(fields: readonly string[], lineNumber: number): RowReading {
  const faults: RowFault[] = [];
  const residentNumber = fields[AT.residentNumber]!;
  const fault = (column: number, reason: string, severity: RowFault['severity'] = 'rejected') => {
    const value = fields[column]!.slice(0, KEPT_VALUE);
    const known = /^\d{1,15}$/.test(residentNumber) ? residentNumber : '';
    faults.push({
      lineNumber,
      residentNumber: known,
      field: DATA_COLUMNS[column]!.label,
      value,
      reason,
      severity,
    });
  };
  checkColumns(fields, fault);
  const birth = readBirthDate(fields[AT.birthWestern]!, fields[AT.birthWareki]!, fields[AT.birthNote]!);
  if ('problem' in birth) fault(AT.birthWestern, birth.problem);
  const childEndsOn = readDay(fields, AT.childEndsOn, fault);
  const movedOn = readDay(fields, AT.movedOn, fault);
  checkEligibility(fields, fault);
  const isRejected = faults.length > 0;
  if (!isRejected && !hasRightCheckDigit(residentNumber)) {
    fault(AT.residentNumber, '検査数字が合いません（古い番号にはないことがあります）', 'warning');
  }
  const hasGaiji = warnOfGaiji(fields, fault);
  if (isRejected || 'problem' in birth) return { cells: undefined, faults, hasGaiji };

  const name = trimmed(fields[AT.name]!);
  const kana = toHiragana(halfToFullKana(trimmed(fields[AT.kana]!)));
  const given = kana.lastIndexOf(' ') < 0 ? '' : kana.slice(kana.lastIndexOf(' ') + 1);
  const flags = [AT.isElderly, AT.isDisabled, AT.isChild].map((column) => Number(fields[column]));
  const host: Cell[] = [
    residentNumber,
    name,
    kana,
    birth.code,
    birth.wareki,
    birth.note,
    birth.earliestOn,
    birth.latestOn,
    Number(fields[AT.sex]),
    fields[AT.postalCode]!,
    trimmed(fields[AT.address]!),
    trimmed(fields[AT.building]!),
    fields[AT.districtCode]!,
    ...flags,
    childEndsOn,
    Number(fields[AT.residentStatus]),
    fields[AT.removalCode]!,
    movedOn,
  ];
  const hostDigest = hash('sha256', host.join('\u001f'), 'base64').slice(0, 24);
  return {
    cells: [lineNumber, ...host, hostDigest, foldKana(kana), foldKana(given), foldKanji(name)],
    faults,
    hasGaiji,
  };
}

type Report = (column: number, reason: string, severity?: RowFault['severity']) => void;

function checkColumns(fields: readonly string[], fault: Report): void {
  for (let at = 0; at < DATA_COLUMNS.length; at += 1) {
    const { bytes, pattern, required } = DATA_COLUMNS[at]!;
    const value = fields[at]!;
    if (value === '') {
      if (required) fault(at, '空ですが、必ず値のある項目です');
      continue;
    }
    if (value.length * 2 > bytes && cp932Length(value) > bytes)
      fault(at, `長さが${bytes}バイトを超えています`);
    else if (CONTROL.test(value)) fault(at, '制御文字が入っています');
    else if (pattern !== undefined && !pattern.test(value)) fault(at, '決められた形ではありません');
  }
}

function readDay(fields: readonly string[], column: number, fault: Report): string | null {
  const value = fields[column]!;
  if (!/^\d{8}$/.test(value)) return null;
  const day = findLocalDate(Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6)));
  if (day === undefined) fault(column, '暦にない日付です');
  return day ?? null;
}

function checkEligibility(fields: readonly string[], fault: Report): void {
  const isResident = fields[AT.residentStatus] === STILL_RESIDENT;
  const isEligible = [AT.isElderly, AT.isDisabled, AT.isChild].some((column) => fields[column] === '1');
  if (isResident && !isEligible)
    fault(AT.isElderly, '住民状態が1ですが、高齢・障害・児童のどれにも該当していません');
}

function warnOfGaiji(fields: readonly string[], fault: Report): boolean {
  let found = false;
  for (const column of [AT.name, AT.address, AT.building]) {
    if (!GAIJI.test(fields[column]!)) continue;
    found = true;
    const codes = findGaiji(fields[column]!).map(({ hostCode }) => hostCode);
    fault(column, `外字 ${codes.join('、')} を含みます`, 'warning');
  }
  return found;
}

/** Without the spaces around it; a full-width space inside a name stays. */
function trimmed(text: string): string {
  return text.trim();
}
