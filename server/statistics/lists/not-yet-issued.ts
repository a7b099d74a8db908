import { defineList } from './list.ts';
import {
  address,
  age,
  birth,
  categories,
  district,
  kana,
  matchesPerson,
  name,
  PERSON_COLUMNS,
  residentNumber,
} from './person-columns.ts';

/** Eligible people without a valid pass of a fiscal year (未交付者). */
export const notYetIssued = defineList({
  name: 'not-yet-issued',
  title: '未交付者一覧',
  about: '年度の有効な入浴証を持っていない対象者を、管轄とかなの順に載せます。',
  conditions: [{ name: 'year' }, { name: 'district' }, { name: 'category' }],
  rows: (db, { year, district: asked, category }) =>
    db
      .selectFrom('person')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .where('person.goneOn', 'is', null)
      .where('person.excludedOn', 'is', null)
      .where(matchesPerson({ district: asked, category }))
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('pass')
              .select('pass.id')
              .whereRef('pass.personId', '=', 'person.id')
              .where('pass.fiscalYear', '=', year!)
              .where('pass.status', '=', 'valid'),
          ),
        ),
      )
      .orderBy('person.districtCode')
      .orderBy('person.kanaFold')
      .orderBy('person.id'),
  columns: [
    district,
    residentNumber,
    { ...name, width: 30 },
    { ...kana, width: 34 },
    { ...birth, width: 32 },
    age,
    categories,
    { ...address, width: 84 },
  ],
});
