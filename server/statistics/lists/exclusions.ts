import { formatWarekiShort } from '../../calendar/wareki.ts';
import { EXCLUSION_REASON_NAMES } from '../../passes/verdict.ts';
import { defineList } from './list.ts';
import {
  birth,
  categories,
  district,
  kana,
  matchesPerson,
  name,
  PERSON_COLUMNS,
  residentNumber,
} from './person-columns.ts';

const SOURCE_NAMES = { host: 'ホスト', gone: '消滅の確認', clerk: '職員', undone: '取込の取消' } as const;

/** Who is excluded (除外), by reason and day. */
export const exclusions = defineList({
  name: 'exclusions',
  title: '除外者一覧（事由別）',
  about: '除外されている人を、事由と除外日の順に載せます。',
  conditions: [{ name: 'reason' }, { name: 'period', label: '除外日' }, { name: 'district' }],
  rows(db, { reason, from, to, district: asked }) {
    let query = db
      .selectFrom('person')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .select(['person.excludedOn', 'person.exclusionReason', 'person.exclusionSource'])
      .where('person.excludedOn', 'is not', null)
      .where(matchesPerson({ district: asked }));
    if (reason !== undefined) query = query.where('person.exclusionReason', '=', reason as 'other');
    if (from !== undefined) query = query.where('person.excludedOn', '>=', from);
    if (to !== undefined) query = query.where('person.excludedOn', '<=', to);
    return query.orderBy('person.exclusionReason').orderBy('person.excludedOn').orderBy('person.id');
  },
  columns: [
    { heading: '事由', width: 22, of: (row) => EXCLUSION_REASON_NAMES[row.exclusionReason!] },
    { heading: '除外日', width: 22, of: (row) => formatWarekiShort(row.excludedOn!) },
    { heading: '根拠', width: 26, of: (row) => SOURCE_NAMES[row.exclusionSource!] },
    residentNumber,
    name,
    kana,
    birth,
    categories,
    district,
  ],
});
