import { addDays, addMonths } from '../../calendar/local-date.ts';
import { formatWarekiShort } from '../../calendar/wareki.ts';
import { type AgeRules, birthsReachingUnder, reachesUnder } from '../../settings/age-rules.ts';
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

const AGE = 60;
// What the host writes when not even the year of birth is known.
const YEAR_UNKNOWN = '0000';
const NOBODY = { firstOn: '9999-12-31', lastOn: '0001-01-01' };

/** Who turns 60 in a period (60歳到達者), by the rules of the fiscal years; also who may, where the birth date is not wholly known. */
export const turning60 = defineList({
  name: 'turning-60',
  title: '60歳到達者一覧',
  about:
    '期間に60歳に達する人を、生年月日の順に載せます。到達日は、年度の決まりの「年齢の到達日」で数えます。生年月日の一部が不詳の人は、達することがありうれば載せます。期間を入力しないと、今月です。',
  conditions: [{ name: 'period', label: '到達日' }, { name: 'district' }],
  defaults: (today) => {
    const from = `${today.slice(0, 8)}01`;
    return { from, to: addDays(addMonths(from, 1), -1) };
  },
  rows(db, { from = '1928-01-25', to = '2199-12-31', district: asked }, { ageRules }) {
    const births = birthsReachingUnder(ageRules, AGE, from, to);
    return db
      .selectFrom('person')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .where('person.goneOn', 'is', null)
      .where('person.excludedOn', 'is', null)
      .where((where) =>
        where.or(
          (births.length === 0 ? [NOBODY] : births).map((range) =>
            where.and([
              where('person.birthEarliestOn', '<=', range.lastOn),
              where('person.birthLatestOn', '>=', range.firstOn),
            ]),
          ),
        ),
      )
      .where('person.birthCode', 'not like', `${YEAR_UNKNOWN}%`)
      .where(matchesPerson({ district: asked }))
      .orderBy('person.birthEarliestOn')
      .orderBy('person.id');
  },
  columns: [
    { heading: '到達日', width: 26, of: (row, { ageRules }) => reachedOn(row, ageRules) },
    residentNumber,
    name,
    kana,
    birth,
    categories,
    district,
    { ...address, width: 62 },
  ],
});

type Born = { birthEarliestOn: string; birthLatestOn: string };

function reachedOn({ birthEarliestOn, birthLatestOn }: Born, ageRules: AgeRules): string {
  const first = reachesUnder(ageRules, birthEarliestOn, AGE);
  const last = reachesUnder(ageRules, birthLatestOn, AGE);
  return first === last
    ? formatWarekiShort(first)
    : `${formatWarekiShort(first)}から${formatWarekiShort(last)}のいつか`;
}
