import { hash } from 'node:crypto';
import { readBirthDate } from '../calendar/birth-date.ts';
import { findLocalDate } from '../calendar/local-date.ts';
import type { Cell } from '../db/bulk.ts';
import type { HostColumns } from '../db/schema.ts';
import { foldAddress } from '../names/address-fold.ts';
import { cp932Length } from '../names/cp932.ts';
import { findGaiji } from '../names/gaiji.ts';
import { toHiragana } from '../names/kana.ts';
import { foldKana } from '../names/kana-fold.ts';
import { foldKanji } from '../names/variants.ts';
import type { Arrangement } from './arrange.ts';
import { hasRightCheckDigit } from './check-digit.ts';
import { PERSON_FIELDS, type PersonField, STILL_RESIDENT } from './layout.ts';

/** What a row of the file says, and a digest of all of it. */
const HOST_ROW = [
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
] as const satisfies readonly ('lineNumber' | keyof HostColumns)[];

/** The forms in which it is searched. */
const SEARCH_FORMS = [
  'kanaFold',
  'givenKanaFold',
  'nameFold',
  'givenNameFold',
  'addressFold',
] as const satisfies readonly (keyof HostColumns)[];

/** A staged row's columns, in the order of its cells. */
export const STAGED_COLUMNS = [...HOST_ROW, ...SEARCH_FORMS];

/** The cells of a row as far as the file says them. */
export type HostRow = Cell[];

/** Where a cell stands in a HostRow. */
export const CELL = Object.fromEntries(HOST_ROW.map((name, at) => [name, at])) as Record<
  (typeof HOST_ROW)[number],
  number
>;

export interface RowFault {
  lineNumber: number;
  residentNumber: string;
  field: string;
  value: string;
  reason: string;
  severity: 'rejected' | 'warning';
}

export interface RowReading {
  /** The values in the order of PERSON_FIELDS. */
  person: readonly string[];
  /** The row to stage; undefined when it is rejected. */
  row: HostRow | undefined;
  faults: RowFault[];
  hasGaiji: boolean;
}

/** A record while it is read. */
interface Reading {
  lineNumber: number;
  record: readonly string[];
  person: readonly string[];
  layout: Arrangement;
  /** Whether a control character or 外字 stands anywhere on the line. */
  isOdd: boolean;
  faults: RowFault[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
const GAIJI = /[\ue000-\ue757]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ODD = /[\u0000-\u001f\u007f\ue000-\ue757]/;
const KEPT_VALUE = 200;
/** Where a field stands among a person's values. */
export const FIELD = Object.fromEntries(PERSON_FIELDS.map((field, at) => [field, at])) as Record<
  PersonField,
  number
>;

/**
 * Checks and reads one D record of the right number of columns, which stood on `line`. Every fault of the row
 * is told.
 */
export function readRow(
  record: readonly string[],
  line: string,
  lineNumber: number,
  layout: Arrangement,
): RowReading {
  const person = layout.person(record);
  const faults: RowFault[] = [];
  const reading: Reading = { lineNumber, record, person, layout, isOdd: ODD.test(line), faults };
  checkColumns(reading);
  const western = person[FIELD.birthWestern]!;
  const birth = readBirthDate(western, person[FIELD.birthWareki]!, person[FIELD.birthNote]!);
  if ('problem' in birth) fault(reading, western === '' ? 'birthWareki' : 'birthWestern', birth.problem);
  const childEndsOn = readDay(reading, 'childEndsOn');
  const movedOn = readDay(reading, 'movedOn');
  const residentNumber = person[FIELD.residentNumber]!;
  const residentStatus = person[FIELD.residentStatus]!;
  const isElderly = person[FIELD.isElderly]!;
  const isDisabled = person[FIELD.isDisabled]!;
  const isChild = person[FIELD.isChild]!;
  if (residentStatus === STILL_RESIDENT && isElderly !== '1' && isDisabled !== '1' && isChild !== '1') {
    fault(reading, 'isElderly', '住民状態が1ですが、高齢・障害・児童のどれにも該当していません');
  }
  const isRejected = faults.length > 0;
  if (!isRejected && !hasRightCheckDigit(residentNumber)) {
    fault(reading, 'residentNumber', '検査数字が合いません（古い番号にはないことがあります）', 'warning');
  }
  const hasGaiji = reading.isOdd && warnOfGaiji(reading);
  if (isRejected || 'problem' in birth) return { person, row: undefined, faults, hasGaiji };

  const row: HostRow = [
    lineNumber,
    residentNumber,
    person[FIELD.name]!.trim(),
    toHiragana(person[FIELD.kana]!.trim()),
    birth.code,
    birth.wareki,
    birth.note,
    birth.earliestOn,
    birth.latestOn,
    Number(person[FIELD.sex]),
    person[FIELD.postalCode]!,
    person[FIELD.address]!.trim(),
    person[FIELD.building]!.trim(),
    person[FIELD.districtCode]!,
    Number(isElderly),
    Number(isDisabled),
    Number(isChild),
    childEndsOn,
    Number(residentStatus),
    person[FIELD.removalCode]!,
    movedOn,
  ];
  row.push(digestOf(row));
  return { person, row, faults, hasGaiji };
}

/** A digest of all the host's columns of a row, by which a change of any of them is seen. */
function digestOf(row: HostRow): string {
  let text = row[1] as string;
  for (let at = 2; at < row.length; at += 1) text += `\u001f${row[at] ?? ''}`;
  return hash('sha256', text, 'base64').slice(0, 24);
}

/** Adds the cells behind those of the file: kana_fold, given_kana_fold, name_fold, given_name_fold, address_fold. */
export function addSearchForms(row: HostRow): HostRow {
  const name = row[CELL.name] as string;
  const kana = row[CELL.kana] as string;
  row.push(
    foldKana(kana),
    foldKana(lastPart(kana)),
    foldKanji(name),
    foldKanji(lastPart(name)),
    foldAddress(row[CELL.address] as string),
  );
  return row;
}

/** What stands behind the last space, 名; empty without one. */
function lastPart(name: string): string {
  const at = Math.max(name.lastIndexOf(' '), name.lastIndexOf('\u3000'));
  return at < 0 ? '' : name.slice(at + 1);
}

function checkColumns(reading: Reading): void {
  const { record, layout, isOdd } = reading;
  for (const { at, label, bytes, pattern, isRequired } of layout.checks) {
    const value = record[at]!;
    if (value === '') {
      if (isRequired) tell(reading, label, value, '空ですが、必ず値のある項目です');
      continue;
    }
    if (value.length * 2 > bytes && cp932Length(value) > bytes) {
      tell(reading, label, value, `長さが${bytes}バイトを超えています`);
    } else if (isOdd && CONTROL.test(value)) tell(reading, label, value, '制御文字が入っています');
    else if (pattern !== undefined && !pattern.test(value)) {
      tell(reading, label, value, '決められた形ではありません');
    }
  }
  for (const label of layout.unknownCodes(record)) tell(reading, label, '', '配列の定義にないコードです');
}

function readDay(reading: Reading, field: PersonField): string | null {
  const value = reading.person[FIELD[field]]!;
  if (!/^\d{8}$/.test(value)) return null;
  const day = findLocalDate(Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6)));
  if (day === undefined) fault(reading, field, '暦にない日付です');
  return day ?? null;
}

const MAY_HOLD_GAIJI = ['name', 'address', 'building'] as const;

function warnOfGaiji(reading: Reading): boolean {
  let found = false;
  for (const field of MAY_HOLD_GAIJI) {
    const text = reading.person[FIELD[field]]!;
    if (!GAIJI.test(text)) continue;
    found = true;
    const codes = findGaiji(text).map(({ hostCode }) => hostCode);
    fault(reading, field, `外字 ${codes.join('、')} を含みます`, 'warning');
  }
  return found;
}

/** Notes a fault of one of a person's fields. */
function fault(reading: Reading, field: PersonField, reason: string, severity?: RowFault['severity']): void {
  tell(reading, reading.layout.labels[field], reading.person[FIELD[field]]!, reason, severity);
}

function tell(
  { lineNumber, person, faults }: Reading,
  field: string,
  value: string,
  reason: string,
  severity: RowFault['severity'] = 'rejected',
): void {
  const number = person[FIELD.residentNumber]!;
  const residentNumber = /^\d{1,15}$/.test(number) ? number : '';
  faults.push({ lineNumber, residentNumber, field, value: value.slice(0, KEPT_VALUE), reason, severity });
}
