import type { LocalDate } from '../calendar/local-date.ts';
import { preparedIn } from '../db/prepared.ts';
import type { Database, Trx } from '../db/schema.ts';
import {
  APPLICATION_KIND_NAMES,
  type ApplicationKind,
  DELIVERY_METHOD_NAMES,
  type DeliveryMethod,
  PASS_STATUS_NAMES,
  type PassStatus,
} from './pass.ts';
import { formatPassNumber } from './pass-number.ts';
import {
  RETURN_REASON_NAMES,
  RETURN_STAGE_NAMES,
  type ReturnReason,
  type ReturnStage,
} from './return-stages.ts';
import { EXCLUSION_REASON_NAMES, judge, type Verdict, type VerdictPerson } from './verdict.ts';

/** How the terms of passes are called, for views. */
export const passNames = {
  formatPassNumber,
  passStatusNames: PASS_STATUS_NAMES,
  applicationKindNames: APPLICATION_KIND_NAMES,
  deliveryMethodNames: DELIVERY_METHOD_NAMES,
  exclusionReasonNames: EXCLUSION_REASON_NAMES,
  returnStageNames: RETURN_STAGE_NAMES,
  returnReasonNames: RETURN_REASON_NAMES,
};

export { listFamily } from './family.ts';
export { countReturned } from './find-pass.ts';

export interface PassRecord {
  id: number;
  personId: number;
  fiscalYear: number;
  passNumber: number;
  status: PassStatus;
  statusOn: LocalDate;
  appliedOn: LocalDate;
  issuedOn: LocalDate;
  officeName: string;
  deliveryMethod: DeliveryMethod;
  statusReason: string;
  returnedOn: LocalDate | null;
  returnReason: ReturnReason | '';
  returnStage: ReturnStage | null;
  returnStageOn: LocalDate | null;
  lossReissues: number | null;
  version: number;
  applicationKind: ApplicationKind;
}

const passesOf = preparedIn<PassRecord>((db, personIds) =>
  db
    .selectFrom('pass')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .innerJoin('application', 'application.id', 'pass.applicationId')
    .leftJoin('fiscalYearRule', 'fiscalYearRule.fiscalYear', 'pass.fiscalYear')
    .select([
      'pass.id',
      'pass.personId',
      'pass.fiscalYear',
      'pass.passNumber',
      'pass.status',
      'pass.statusOn',
    ])
    .select(['pass.appliedOn', 'pass.issuedOn', 'office.name as officeName', 'pass.deliveryMethod'])
    .select(['pass.statusReason', 'pass.returnedOn', 'pass.returnReason', 'pass.returnStage'])
    .select(['pass.returnStageOn', 'fiscalYearRule.lossReissues', 'pass.version'])
    .select('application.kind as applicationKind')
    .where('pass.personId', 'in', personIds)
    .orderBy('pass.id', 'desc'),
);

/** All passes of some people, newest first. */
export async function listPasses(db: Database | Trx, personIds: readonly number[]): Promise<PassRecord[]> {
  return await passesOf(db, personIds);
}

/** The verdict on each of some people for a fiscal year, by their id. */
export async function judgePeople(
  db: Database,
  people: readonly (VerdictPerson & { id: number })[],
  fiscalYear: number,
): Promise<Map<number, Verdict>> {
  return judgeBy(
    await listPasses(
      db,
      people.map(({ id }) => id),
    ),
    people,
    fiscalYear,
  );
}

/** The verdict on each of some people, whose passes are at hand, for a fiscal year, by their id. */
export function judgeBy(
  passes: readonly PassRecord[],
  people: readonly (VerdictPerson & { id: number })[],
  fiscalYear: number,
): Map<number, Verdict> {
  const ofYear = Map.groupBy(
    passes.filter((pass) => pass.fiscalYear === fiscalYear),
    ({ personId }) => personId,
  );
  return new Map(people.map((person) => [person.id, judge(person, ofYear.get(person.id) ?? [], fiscalYear)]));
}
