import type { LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import {
  APPLICATION_KIND_NAMES,
  type ApplicationKind,
  DELIVERY_METHOD_NAMES,
  type DeliveryMethod,
  PASS_STATUS_NAMES,
  type PassStatus,
} from './pass.ts';
import { formatPassNumber } from './pass-number.ts';
import { EXCLUSION_REASON_NAMES, judge, type Verdict, type VerdictPerson } from './verdict.ts';

/** How the terms of passes are called, for views. */
export const passNames = {
  formatPassNumber,
  passStatusNames: PASS_STATUS_NAMES,
  applicationKindNames: APPLICATION_KIND_NAMES,
  deliveryMethodNames: DELIVERY_METHOD_NAMES,
  exclusionReasonNames: EXCLUSION_REASON_NAMES,
};

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
  returnedOn: LocalDate | null;
  applicationKind: ApplicationKind;
}

/** All passes of some people, newest first. */
export async function listPasses(db: Database, personIds: readonly number[]): Promise<PassRecord[]> {
  if (personIds.length === 0) return [];
  return await db
    .selectFrom('pass')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .innerJoin('application', 'application.id', 'pass.applicationId')
    .select([
      'pass.id',
      'pass.personId',
      'pass.fiscalYear',
      'pass.passNumber',
      'pass.status',
      'pass.statusOn',
    ])
    .select(['pass.appliedOn', 'pass.issuedOn', 'office.name as officeName', 'pass.deliveryMethod'])
    .select(['pass.returnedOn', 'application.kind as applicationKind'])
    .where('pass.personId', 'in', personIds)
    .orderBy('pass.id', 'desc')
    .execute();
}

/** The verdict on each of some people for a fiscal year, by their id. */
export async function judgePeople(
  db: Database,
  people: readonly (VerdictPerson & { id: number })[],
  fiscalYear: number,
): Promise<Map<number, Verdict>> {
  const passes = await listPasses(
    db,
    people.map(({ id }) => id),
  );
  const ofYear = Map.groupBy(
    passes.filter((pass) => pass.fiscalYear === fiscalYear),
    ({ personId }) => personId,
  );
  return new Map(people.map((person) => [person.id, judge(person, ofYear.get(person.id) ?? [], fiscalYear)]));
}
