import type { Selectable } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';
import { prepared } from '../db/prepared.ts';
import type { CircumstanceTable, Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';

/** The columns of a person that lists and pages alike show. */
export const LISTED = [
  'person.id',
  'person.residentNumber',
  'person.name',
  'person.kana',
  'person.birthCode',
  'person.birthWareki',
  'person.birthNote',
  'person.birthEarliestOn',
  'person.birthLatestOn',
  'person.sex',
  'person.postalCode',
  'person.address',
  'person.building',
  'person.isElderly',
  'person.isDisabled',
  'person.isChild',
  'person.goneOn',
  'person.excludedOn',
  'person.exclusionReason',
  'person.isProtected',
] as const;

export type PersonRecord = Awaited<ReturnType<typeof getPerson>>;

/** One person with everything the register holds of them. Throws NotFound. */
export async function getPerson(db: Database, id: number) {
  const person = await db
    .selectFrom('person')
    .leftJoin('office', 'office.code', 'person.districtCode')
    .select(LISTED)
    .select([
      'person.districtCode',
      'office.name as districtName',
      'person.childEndsOn',
      'person.residentStatus',
    ])
    .select([
      'person.exclusionSource',
      'person.exclusionNote',
      'person.phone',
      'person.updatedAt',
      'person.mailingStoppedOn',
      'person.version',
    ])
    .where('person.id', '=', id)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  return person;
}

/** Circumstances (個別事由) of a person in force on `today`. */
export async function listCircumstances(db: Database, personId: number, today: LocalDate) {
  return await circumstancesInForce(db, { personId, today });
}

const circumstancesInForce = prepared<{ personId: number; today: LocalDate }, Selectable<CircumstanceTable>>(
  (db, value) =>
    db
      .selectFrom('circumstance')
      .selectAll()
      .where('personId', '=', value('personId'))
      // A support measure counts until somebody ends it, whatever its dates.
      .where((where) =>
        where.or([
          where('kind', '=', 'protected'),
          where.and([
            where('startsOn', '<=', value('today')),
            where.or([where('endsOn', 'is', null), where('endsOn', '>=', value('today'))]),
          ]),
        ]),
      )
      .where('endedAt', 'is', null)
      .orderBy('id'),
);

/** How many people are eligible, await a check because they are gone, and are excluded. */
export async function countRegister(db: Database): Promise<{ eligible: number; gone: number }> {
  const { eligible } = await db
    .selectFrom('person')
    .select((count) => count.fn.countAll<number>().as('eligible'))
    .where('goneOn', 'is', null)
    .where('excludedOn', 'is', null)
    .executeTakeFirstOrThrow();
  const { gone } = await db
    .selectFrom('person')
    .select((count) => count.fn.countAll<number>().as('gone'))
    .where('goneOn', 'is not', null)
    .where('excludedOn', 'is', null)
    .executeTakeFirstOrThrow();
  return { eligible, gone };
}

/** The inquiries by telephone (電話照会) about a person, newest first, at most 50. */
export async function listInquiries(db: Database, personId: number) {
  return await db
    .selectFrom('inquiry')
    .innerJoin('office', 'office.code', 'inquiry.officeCode')
    .innerJoin('account', 'account.id', 'inquiry.accountId')
    .select(['inquiry.id', 'inquiry.answeredAt', 'inquiry.caller', 'inquiry.answer', 'inquiry.answerText'])
    .select(['office.name as officeName', 'account.displayName as answeredBy'])
    .where('inquiry.personId', '=', personId)
    .orderBy('inquiry.id', 'desc')
    .limit(50)
    .execute();
}
