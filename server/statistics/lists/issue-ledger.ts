import { formatWarekiShort } from '../../calendar/wareki.ts';
import { APPLICATION_KIND_NAMES, DELIVERY_METHOD_NAMES, PASS_STATUS_NAMES } from '../../passes/pass.ts';
import { formatPassNumber } from '../../passes/pass-number.ts';
import { defineList } from './list.ts';
import { categories, kana, matchesPerson, name, PERSON_COLUMNS, residentNumber } from './person-columns.ts';

/** Every pass of a fiscal year in the order of its number (交付簿). */
export const issueLedger = defineList({
  name: 'issue-ledger',
  title: '交付簿',
  about: '年度の入浴証を整理番号の順に載せます。',
  conditions: [
    { name: 'year' },
    { name: 'period', label: '交付日' },
    { name: 'office' },
    { name: 'category' },
  ],
  rows(db, { year, from, to, office, category }) {
    let query = db
      .selectFrom('pass')
      .innerJoin('person', 'person.id', 'pass.personId')
      .innerJoin('application', 'application.id', 'pass.applicationId')
      .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .select(['pass.fiscalYear', 'pass.passNumber', 'pass.appliedOn', 'pass.issuedOn', 'pass.status'])
      .select(['pass.statusOn', 'pass.deliveryMethod', 'office.name as officeName', 'application.kind'])
      .where('pass.fiscalYear', '=', year!)
      .where(matchesPerson({ category }));
    if (from !== undefined) query = query.where('pass.issuedOn', '>=', from);
    if (to !== undefined) query = query.where('pass.issuedOn', '<=', to);
    if (office !== undefined) query = query.where('pass.issuedAtOffice', '=', office);
    return query.orderBy('pass.passNumber');
  },
  columns: [
    { heading: '整理番号', width: 21, of: (row) => formatPassNumber(row.fiscalYear, row.passNumber) },
    { heading: '交付日', width: 20, of: (row) => formatWarekiShort(row.issuedOn) },
    { heading: '申請日', width: 20, of: (row) => formatWarekiShort(row.appliedOn) },
    { heading: '申請', width: 28, of: (row) => APPLICATION_KIND_NAMES[row.kind] },
    residentNumber,
    name,
    kana,
    categories,
    { heading: '交付場所', width: 32, of: (row) => row.officeName },
    { heading: '方法', width: 12, of: (row) => DELIVERY_METHOD_NAMES[row.deliveryMethod] },
    { heading: '状態', width: 21, of: (row) => statusOf(row) },
  ],
});

function statusOf({
  status,
  statusOn,
}: {
  status: keyof typeof PASS_STATUS_NAMES;
  statusOn: string;
}): string {
  const word = PASS_STATUS_NAMES[status];
  return status === 'valid' ? word : `${word} ${formatWarekiShort(statusOn)}`;
}
