import type { ExpressionBuilder } from 'kysely';
import { ageLabel } from '../../calendar/age.ts';
import { formatBirthDate } from '../../calendar/birth-date.ts';
import type { Tables } from '../../db/schema.ts';
import { maskAddress } from '../../register/mask-address.ts';
import { birthOf, CATEGORY_NAMES, type Category, categoriesOf } from '../../register/person.ts';
import { NO_DISTRICT } from './conditions.ts';
import type { ListColumn } from './list.ts';

// The columns that lists of people share, and what a query has to select for them.

/** What of a person the shared columns need. */
export const PERSON_COLUMNS = [
  'person.id as personId',
  'person.residentNumber',
  'person.name',
  'person.kana',
  'person.birthCode',
  'person.birthWareki',
  'person.birthNote',
  'person.birthEarliestOn',
  'person.birthLatestOn',
  'person.postalCode',
  'person.address',
  'person.building',
  'person.isElderly',
  'person.isDisabled',
  'person.isChild',
  'person.isProtected',
  'person.phone',
  'district.name as districtName',
] as const;

export interface PersonRow {
  residentNumber: string;
  name: string;
  kana: string;
  birthCode: string;
  birthWareki: string;
  birthNote: string;
  birthEarliestOn: string;
  birthLatestOn: string;
  postalCode: string;
  address: string;
  building: string;
  isElderly: 0 | 1;
  isDisabled: 0 | 1;
  isChild: 0 | 1;
  isProtected: 0 | 1;
  phone: string;
  districtName: string | null;
}

type Column = ListColumn<PersonRow>;

export const residentNumber: Column = { heading: '住民番号', width: 29, of: (row) => row.residentNumber };
export const name: Column = { heading: '氏名', width: 34, of: (row) => row.name };
export const kana: Column = { heading: 'ふりがな', width: 38, of: (row) => row.kana };
export const birth: Column = {
  heading: '生年月日',
  width: 36,
  of: (row) => formatBirthDate(birthOf(row)),
};
export const age: Column = {
  heading: '年齢',
  width: 16,
  of: (row, { today }) => ageLabel(birthOf(row), today),
};
export const categories: Column = {
  heading: '区分',
  width: 18,
  of: (row) =>
    categoriesOf(row)
      .map((category) => CATEGORY_NAMES[category])
      .join('・'),
};
export const district: Column = { heading: '管轄', width: 30, of: (row) => row.districtName ?? 'なし' };

/** Never a protected person's address; in part only for whoever may not see the whole of it. */
export const address: Column = {
  heading: '住所',
  width: 60,
  of: (row, { may }) => {
    if (row.isProtected === 1) return hiddenAddress(may);
    if (!may('person.address')) return maskAddress(row);
    return [row.address, row.building].filter((part) => part !== '').join('　');
  },
};

/** What stands in the place of a protected person's address. */
export function hiddenAddress(may: (right: 'person.protected-mark') => boolean): string {
  return may('person.protected-mark') ? '（支援措置等のため表示しません）' : '＊＊＊';
}

type Where = ExpressionBuilder<Tables, 'person'>;
const FLAGS: Readonly<Record<Category, 'person.isElderly' | 'person.isDisabled' | 'person.isChild'>> = {
  elderly: 'person.isElderly',
  disabled: 'person.isDisabled',
  child: 'person.isChild',
};

/** Who is asked for by district and category. */
export function matchesPerson({
  district,
  category,
}: {
  district?: string | undefined;
  category?: Category | undefined;
}) {
  return (where: unknown) => {
    const of = where as Where;
    const conditions = [of('person.id', '>', 0)];
    if (district !== undefined)
      conditions.push(of('person.districtCode', '=', district === NO_DISTRICT ? '' : district));
    if (category !== undefined) conditions.push(of(FLAGS[category], '=', 1));
    return of.and(conditions);
  };
}
