import { formatWarekiShort } from '../../calendar/wareki.ts';
import { formatPassNumber } from '../../passes/pass-number.ts';
import { RETURN_REASON_NAMES, RETURN_STAGE_NAMES } from '../../passes/return-stages.ts';
import { defineList } from './list.ts';
import { address, district, kana, name, PERSON_COLUMNS, residentNumber } from './person-columns.ts';

/** Passes that came back by post (返戻), newest first. */
export const returnedMail = defineList({
  name: 'returned-mail',
  title: '返戻一覧',
  about: '郵便で戻ってきた入浴証を、返戻日の新しい順に載せます。',
  conditions: [{ name: 'year' }, { name: 'period', label: '返戻日' }],
  rows(db, { year, from, to }) {
    let query = db
      .selectFrom('pass')
      .innerJoin('person', 'person.id', 'pass.personId')
      .leftJoin('office as district', 'district.code', 'person.districtCode')
      .select(PERSON_COLUMNS)
      .select(['pass.fiscalYear', 'pass.passNumber', 'pass.issuedOn', 'pass.returnedOn'])
      .select(['pass.returnReason', 'pass.returnStage', 'pass.returnStageOn'])
      .where('pass.returnedOn', 'is not', null)
      .where('pass.fiscalYear', '=', year!);
    if (from !== undefined) query = query.where('pass.returnedOn', '>=', from);
    if (to !== undefined) query = query.where('pass.returnedOn', '<=', to);
    return query.orderBy('pass.returnedOn', 'desc').orderBy('pass.id', 'desc');
  },
  columns: [
    { heading: '返戻日', width: 20, of: (row) => formatWarekiShort(row.returnedOn!) },
    { heading: '整理番号', width: 21, of: (row) => formatPassNumber(row.fiscalYear, row.passNumber) },
    { heading: '交付日', width: 20, of: (row) => formatWarekiShort(row.issuedOn) },
    residentNumber,
    { ...name, width: 30 },
    { ...kana, width: 32 },
    { ...district, width: 26 },
    { ...address, width: 48 },
    {
      heading: '事由',
      width: 20,
      of: (row) => RETURN_REASON_NAMES[row.returnReason as keyof typeof RETURN_REASON_NAMES] ?? '',
    },
    { heading: '段階', width: 27, of: (row) => stageOf(row) },
  ],
});

function stageOf({
  returnStage,
  returnStageOn,
}: {
  returnStage: string | null;
  returnStageOn: string | null;
}): string {
  const stage = RETURN_STAGE_NAMES[(returnStage ?? 'registered') as keyof typeof RETURN_STAGE_NAMES];
  return returnStageOn === null ? stage : `${stage} ${formatWarekiShort(returnStageOn)}`;
}
