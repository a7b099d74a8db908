import { sql } from 'kysely';
import { businessDay } from '../../calendar/local-date.ts';
import { formatWarekiShort } from '../../calendar/wareki.ts';
import { holdsBetween } from '../../db/dialect.ts';
import { PAPER_NAMES } from '../../letters/held.ts';
import { FIRST_GAIJI, findGaiji, LAST_GAIJI } from '../../names/gaiji.ts';
import { formatPassNumber } from '../../passes/pass-number.ts';
import { defineList } from './list.ts';
import {
  address,
  district,
  kana,
  matchesPerson,
  name,
  PERSON_COLUMNS,
  residentNumber,
} from './person-columns.ts';

const [FIRST, LAST] = [FIRST_GAIJI, LAST_GAIJI].map((point) => String.fromCodePoint(point)) as [
  string,
  string,
];
const WRITTEN = ['person.name', 'person.address', 'person.building'] as const;

/** Who has a character of the municipality's own (外字) in the name or address. */
export const gaiji = defineList({
  name: 'gaiji',
  title: '外字一覧',
  about: '氏名または住所に外字のある対象者を、かなの順に載せます。',
  conditions: [{ name: 'district' }],
  rows: (db, { district: asked }) =>
    db
      .selectFrom('person')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .where('person.goneOn', 'is', null)
      .where('person.excludedOn', 'is', null)
      .where((where) => where.or(WRITTEN.map((column) => holdsBetween(sql.ref(column), FIRST, LAST))))
      .where(matchesPerson({ district: asked }))
      .orderBy('person.kanaFold')
      .orderBy('person.id'),
  columns: [
    residentNumber,
    name,
    kana,
    { heading: '氏名の外字', width: 40, of: (row) => codesIn(row.name) },
    { heading: '住所の外字', width: 40, of: (row) => codesIn(row.address + row.building) },
    district,
    { ...address, width: 62 },
  ],
});

/** The host's codes of the 外字 in a text: F040、F041. */
function codesIn(text: string): string {
  return [...new Set(findGaiji(text).map(({ hostCode }) => hostCode))].join('、');
}

/** Letters, labels and cards that do not fit (文字超過リスト) and wait to be settled. */
export const overflow = defineList({
  name: 'overflow',
  title: '文字超過リスト',
  about: '宛名が収まらず、印刷を保留している送付状・宛名ラベル・はがきを、保留した順に載せます。',
  conditions: [],
  rows: (db) =>
    db
      .selectFrom('letterHeld')
      .innerJoin('person', 'person.id', 'letterHeld.personId')
      .leftJoin('pass', 'pass.id', 'letterHeld.passId')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .select(['letterHeld.paper', 'letterHeld.heldAt', 'letterHeld.sentence'])
      .select(['pass.fiscalYear', 'pass.passNumber'])
      .where('letterHeld.problem', '=', 'overflow')
      .where('letterHeld.settledAt', 'is', null)
      .orderBy('letterHeld.id'),
  columns: [
    { heading: '保留日', width: 20, of: (row) => formatWarekiShort(businessDay(new Date(row.heldAt))) },
    { heading: '帳票', width: 21, of: (row) => PAPER_NAMES[row.paper] },
    { heading: '整理番号', width: 21, of: (row) => passNumberOf(row) },
    residentNumber,
    name,
    kana,
    { ...address, width: 56 },
    // A sentence of a protected person's letter may quote the address.
    { heading: '理由', width: 54, of: (row) => (row.isProtected === 1 ? '文字超過' : row.sentence) },
  ],
});

function passNumberOf({ fiscalYear, passNumber }: { fiscalYear: number | null; passNumber: number | null }) {
  return fiscalYear === null || passNumber === null ? '' : formatPassNumber(fiscalYear, passNumber);
}
