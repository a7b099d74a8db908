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
  'givenNameFold',
  'addressFold',
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

type Report = (field: PersonField, reason: string, severity?: RowFault['severity']) => void;

/** Checks and reads one D record of the right number of columns. Every fault of the row is told. */
export function readRow(record: readonly string[], lineNumber: number, layout: Arrangement): RowReading {
  const person = layout.person(record);
  const [residentNumber, rawName, rawKana, western, wareki, note, sex, postalCode] =
    person as unknown as Person;
  const [, , , , , , , , rawAddress, building, districtCode, ...rest] = person as unknown as Person;
  const [isElderly, isDisabled, isChild, childEnds, residentStatus, removalCode, moved] = rest;
  const faults: RowFault[] = [];
  const tell = (label: string, value: string, reason: string, severity: RowFault['severity']) => {
    const known = /^\d{1,15}$/.test(residentNumber) ? residentNumber : '';
    const kept = value.slice(0, KEPT_VALUE);
    faults.push({ lineNumber, residentNumber: known, field: label, value: kept, reason, severity });
  };
  const fault: Report = (field, reason, severity = 'rejected') =>
    tell(layout.labels[field], person[PERSON_FIELDS.indexOf(field)]!, reason, severity);

  checkColumns(record, layout, (label, value, reason) => tell(label, value, reason, 'rejected'));
  const birth = readBirthDate(western, wareki, note);
  if ('problem' in birth) fault(western === '' ? 'birthWareki' : 'birthWestern', birth.problem);
  const childEndsOn = readDay(childEnds, 'childEndsOn', fault);
  const movedOn = readDay(moved, 'movedOn', fault);
  if (residentStatus === STILL_RESIDENT && isElderly !== '1' && isDisabled !== '1' && isChild !== '1') {
    fault('isElderly', '住民状態が1ですが、高齢・障害・児童のどれにも該当していません');
  }
  const isRejected = faults.length > 0;
  if (!isRejected && !hasRightCheckDigit(residentNumber)) {
    fault('residentNumber', '検査数字が合いません（古い番号にはないことがあります）', 'warning');
  }
  const hasGaiji = warnOfGaiji({ name: rawName, address: rawAddress, building }, fault);
  if (isRejected || 'problem' in birth) return { cells: undefined, faults, hasGaiji };

  const name = rawName.trim();
  const kana = toHiragana(rawKana.trim());
  const address = rawAddress.trim();
  const host: Cell[] = [
    residentNumber,
    name,
    kana,
    birth.code,
    birth.wareki,
    birth.note,
    birth.earliestOn,
    birth.latestOn,
    Number(sex),
    postalCode,
    address,
    building.trim(),
    districtCode,
    Number(isElderly),
    Number(isDisabled),
    Number(isChild),
    childEndsOn,
    Number(residentStatus),
    removalCode,
    movedOn,
  ];
  const hostDigest = hash('sha256', host.join('\u001f'), 'base64').slice(0, 24);
  return { cells: [lineNumber, ...host, hostDigest, ...searchForms(name, kana, address)], faults, hasGaiji };
}

/** A person's values in the order of PERSON_FIELDS. */
type Person = Texts<typeof PERSON_FIELDS>;
type Texts<Names extends readonly unknown[]> = { [At in keyof Names]: string };

/** kana_fold, given_kana_fold, name_fold, given_name_fold and address_fold. */
function searchForms(name: string, kana: string, address: string): string[] {
  const nameFold = foldKanji(name);
  return [
    foldKana(kana),
    foldKana(lastPart(kana)),
    nameFold,
    foldKanji(lastPart(name)),
    foldAddress(address),
  ];
}

/** What stands behind the last space, 名; empty without one. */
function lastPart(name: string): string {
  const at = Math.max(name.lastIndexOf(' '), name.lastIndexOf('\u3000'));
  return at < 0 ? '' : name.slice(at + 1);
}

function checkColumns(
  record: readonly string[],
  layout: Arrangement,
  fault: (label: string, value: string, reason: string) => void,
): void {
  for (const { at, label, bytes, pattern, isRequired } of layout.checks) {
    const value = record[at]!;
    if (value === '') {
      if (isRequired) fault(label, value, '空ですが、必ず値のある項目です');
      continue;
    }
    if (value.length * 2 > bytes && cp932Length(value) > bytes) {
      fault(label, value, `長さが${bytes}バイトを超えています`);
    } else if (CONTROL.test(value)) fault(label, value, '制御文字が入っています');
    else if (pattern !== undefined && !pattern.test(value)) fault(label, value, '決められた形ではありません');
  }
  for (const label of layout.unknownCodes(record)) fault(label, '', '配列の定義にないコードです');
}

function readDay(value: string, field: PersonField, fault: Report): string | null {
  if (!/^\d{8}$/.test(value)) return null;
  const day = findLocalDate(Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6)));
  if (day === undefined) fault(field, '暦にない日付です');
  return day ?? null;
}

function warnOfGaiji(texts: Partial<Record<PersonField, string>>, fault: Report): boolean {
  let found = false;
  for (const field in texts) {
    const text = texts[field as PersonField]!;
    if (!GAIJI.test(text)) continue;
    found = true;
    const codes = findGaiji(text).map(({ hostCode }) => hostCode);
    fault(field as PersonField, `外字 ${codes.join('、')} を含みます`, 'warning');
  }
  return found;
}
