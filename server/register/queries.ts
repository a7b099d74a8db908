import { sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';
import { afterPrefix } from '../db/dialect.ts';
import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { type Reading, readSearch } from './search-terms.ts';

const LISTED = [
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
] as const;

export const MOST_FOUND = 50;

export type FoundPerson = Awaited<ReturnType<typeof findByReading>>[number];

/**
 * Finds people by what was typed into the one box, at most 50, in the order of their kana; `isCut` says
 * that there are more.
 */
export async function searchPeople(
  db: Database,
  text: string,
  today: LocalDate,
): Promise<{ people: FoundPerson[]; isCut: boolean }> {
  const found = new Map<number, FoundPerson>();
  for (const reading of readSearch(text, today)) {
    for (const person of await findByReading(db, reading)) found.set(person.id, person);
  }
  const people = [...found.values()].sort((a, b) =>
    a.kana < b.kana ? -1 : a.kana > b.kana ? 1 : a.id - b.id,
  );
  return { people: people.slice(0, MOST_FOUND), isCut: people.length > MOST_FOUND };
}

// Each condition is a range or an equality on an indexed column, on both engines.
async function findByReading(db: Database, reading: Reading) {
  let query = db.selectFrom('person').select(LISTED);
  const { residentNumber, passNumber, phoneDigits, birthOn, kana, name } = reading;
  if (residentNumber !== undefined) query = query.where('person.residentNumber', '=', residentNumber);
  if (phoneDigits !== undefined) query = query.where('person.phoneDigits', '=', phoneDigits);
  if (birthOn !== undefined) query = query.where('person.birthEarliestOn', '=', birthOn);
  if (passNumber !== undefined) {
    query = query.where('person.id', 'in', (people) => {
      const passes = people
        .selectFrom('pass')
        .select('pass.personId')
        .where('passNumber', '=', passNumber.passNumber);
      return passNumber.fiscalYear === undefined
        ? passes
        : passes.where('pass.fiscalYear', '=', passNumber.fiscalYear);
    });
  }
  if (name !== undefined) query = query.where(startsWith('person.nameFold', name));
  if (kana !== undefined) {
    query = query.where((where) =>
      where.or([startsWith('person.kanaFold', kana), startsWith('person.givenKanaFold', kana)]),
    );
  }
  return await query
    .orderBy('person.kanaFold')
    .orderBy('person.id')
    .limit(MOST_FOUND + 1)
    .execute();
}

function startsWith(column: string, prefix: string) {
  return sql<never>`(${sql.ref(column)} >= ${prefix} and ${sql.ref(column)} < ${afterPrefix(prefix)})`;
}

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
      'person.version',
    ])
    .where('person.id', '=', id)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  return person;
}

/** Circumstances (個別事由) of a person in force on `today`. */
export async function listCircumstances(db: Database, personId: number, today: LocalDate) {
  return await db
    .selectFrom('circumstance')
    .selectAll()
    .where('personId', '=', personId)
    .where('startsOn', '<=', today)
    .where((where) => where.or([where('endsOn', 'is', null), where('endsOn', '>=', today)]))
    .where('endedAt', 'is', null)
    .orderBy('id')
    .execute();
}

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
