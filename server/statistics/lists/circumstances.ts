import { addDays } from '../../calendar/local-date.ts';
import { formatWarekiShort } from '../../calendar/wareki.ts';
import type { Database } from '../../db/schema.ts';
import { maskAddress } from '../../register/mask-address.ts';
import { CIRCUMSTANCE_NAMES } from '../../register/person.ts';
import { defineList } from './list.ts';
import { district, hiddenAddress, kana, name, PERSON_COLUMNS, residentNumber } from './person-columns.ts';

const NEARING_DAYS = 30;

/** Circumstances (個別事由) that nobody has ended, with the people they are of. */
function unended(db: Database) {
  return db
    .selectFrom('circumstance')
    .innerJoin('person', 'person.id', 'circumstance.personId')
    .leftJoin('office as district', 'district.code', 'person.districtCode')
    .select(PERSON_COLUMNS)
    .select(['circumstance.kind', 'circumstance.startsOn', 'circumstance.endsOn', 'circumstance.reviewOn'])
    .select(['circumstance.addressee', 'circumstance.address as mailingAddress'])
    .select('circumstance.building as mailingBuilding')
    .where('circumstance.endedAt', 'is', null);
}

const startsOn = {
  heading: '開始日',
  width: 20,
  of: (row: { startsOn: string }) => formatWarekiShort(row.startsOn),
};
const endsOn = {
  heading: '終了日',
  width: 20,
  of: (row: { endsOn: string | null }) => (row.endsOn === null ? '' : formatWarekiShort(row.endsOn)),
};

/** Whose letters go elsewhere today (送付先変更). */
export const mailingAddresses = defineList({
  name: 'mailing-addresses',
  title: '送付先変更者一覧',
  about: '本日有効な送付先変更のある人を、かなの順に載せます。',
  conditions: [],
  rows: (db, _conditions, { today }) =>
    unended(db)
      .where('circumstance.kind', '=', 'mailing_address')
      .where('circumstance.startsOn', '<=', today)
      .where((where) =>
        where.or([where('circumstance.endsOn', 'is', null), where('circumstance.endsOn', '>=', today)]),
      )
      .orderBy('person.kanaFold')
      .orderBy('circumstance.id'),
  columns: [
    residentNumber,
    name,
    kana,
    district,
    startsOn,
    endsOn,
    { heading: '送付先の宛名', width: 36, of: (row) => (row.isProtected === 1 ? '' : row.addressee) },
    {
      heading: '送付先の住所',
      width: 66,
      of: (row, { may }) => {
        if (row.isProtected === 1) return hiddenAddress(may);
        if (!may('person.address')) return maskAddress({ address: row.mailingAddress, isProtected: 0 });
        return [row.mailingAddress, row.mailingBuilding].filter((part) => part !== '').join('　');
      },
    },
  ],
});

/** Circumstances whose end or review comes up (個別事由の期限). */
export const endingCircumstances = defineList({
  name: 'ending-circumstances',
  title: '個別事由の期限が近い人の一覧',
  about: `終了日または見直しの日が近い個別事由を、期限の順に載せます。期間を入力しないと、本日から${NEARING_DAYS}日です。`,
  conditions: [{ name: 'period', label: '期限' }],
  defaults: (today) => ({ from: today, to: addDays(today, NEARING_DAYS) }),
  rows(db, { from, to }) {
    const within = (column: 'circumstance.endsOn' | 'circumstance.reviewOn') =>
      unended(db)
        .where(column, 'is not', null)
        .where(column, '>=', from ?? '1868-01-25')
        .where(column, '<=', to ?? '9999-12-31')
        .clearSelect()
        .select('circumstance.id');
    return unended(db)
      .where((where) =>
        where.or([
          where('circumstance.id', 'in', within('circumstance.endsOn')),
          where('circumstance.id', 'in', within('circumstance.reviewOn')),
        ]),
      )
      .orderBy((order) => order.fn.coalesce('circumstance.endsOn', 'circumstance.reviewOn'))
      .orderBy('circumstance.id');
  },
  columns: [
    endsOn,
    {
      heading: '見直しの日',
      width: 22,
      of: (row) => (row.reviewOn === null ? '' : formatWarekiShort(row.reviewOn)),
    },
    {
      heading: '種類',
      width: 34,
      of: (row, { may }) => kindName(row.kind, may('person.protected-mark')),
    },
    startsOn,
    residentNumber,
    name,
    kana,
    district,
  ],
});

function kindName(kind: string, maySeeMark: boolean): string {
  if (kind === 'protected' && !maySeeMark) return '';
  return (
    (CIRCUMSTANCE_NAMES as Readonly<Record<string, string>>)[kind] ??
    (kind === 'protected' ? '支援措置等' : kind)
  );
}
