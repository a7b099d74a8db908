import { formatWarekiShort } from '../../calendar/wareki.ts';
import { defineList } from './list.ts';
import {
  address,
  birth,
  categories,
  district,
  kana,
  matchesPerson,
  name,
  PERSON_COLUMNS,
  residentNumber,
} from './person-columns.ts';

/** Who is no longer on the host's list and has not been checked (消滅・要確認). */
export const gone = defineList({
  name: 'gone',
  title: '消滅・要確認一覧',
  about: 'ホスト抽出に載らなくなり、まだ確かめていない人を、かなの順に載せます。',
  conditions: [{ name: 'period', label: '抽出基準日' }, { name: 'district' }, { name: 'category' }],
  rows(db, { from, to, district: asked, category }) {
    let query = db
      .selectFrom('person')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .select('person.goneOn')
      .where('person.goneOn', 'is not', null)
      .where('person.excludedOn', 'is', null)
      .where(matchesPerson({ district: asked, category }));
    if (from !== undefined) query = query.where('person.goneOn', '>=', from);
    if (to !== undefined) query = query.where('person.goneOn', '<=', to);
    return query.orderBy('person.kanaFold').orderBy('person.id');
  },
  columns: [
    { heading: '抽出基準日', width: 22, of: (row) => formatWarekiShort(row.goneOn!) },
    residentNumber,
    name,
    kana,
    birth,
    categories,
    district,
    { ...address, width: 66 },
  ],
});
