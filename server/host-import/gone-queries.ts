import { sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';

export const GONE_A_PAGE = 20;

/**
 * A page of the people to check (消滅・要確認), who holds a valid pass of `fiscalYear` first, then by kana.
 * `page` counts from 1.
 */
export async function listGone(db: Database, fiscalYear: number, page: number) {
  const holds = sql<number>`case when pass.id is null then 0 else 1 end`;
  return await db
    .selectFrom('person')
    .leftJoin('pass', (join) =>
      join
        .onRef('pass.personId', '=', 'person.id')
        .on('pass.status', '=', 'valid')
        .on('pass.fiscalYear', '=', fiscalYear),
    )
    .select(['person.id', 'person.residentNumber', 'person.name', 'person.kana', 'person.version'])
    .select(['person.birthCode', 'person.birthWareki', 'person.birthNote'])
    .select(['person.birthEarliestOn', 'person.birthLatestOn', 'person.address', 'person.isProtected'])
    .select(['person.building', 'person.goneOn', 'person.goneRunId', 'person.phone'])
    .select(['person.isElderly', 'person.isDisabled', 'person.isChild'])
    .select(['pass.fiscalYear', 'pass.passNumber'])
    .where('person.goneOn', 'is not', null)
    .where('person.excludedOn', 'is', null)
    .orderBy(holds, 'desc')
    .orderBy('person.kanaFold')
    .orderBy('person.id')
    .offset((page - 1) * GONE_A_PAGE)
    .limit(GONE_A_PAGE)
    .execute();
}

/** How many people wait to be checked, and how many of them hold a valid pass of `fiscalYear`. */
export async function countGone(
  db: Database,
  fiscalYear: number,
): Promise<{ people: number; holders: number }> {
  const counted = await db
    .selectFrom('person')
    .leftJoin('pass', (join) =>
      join
        .onRef('pass.personId', '=', 'person.id')
        .on('pass.status', '=', 'valid')
        .on('pass.fiscalYear', '=', fiscalYear),
    )
    .select((count) => [
      count.fn.countAll<number>().as('people'),
      count.fn.count<number>('pass.id').as('holders'),
    ])
    .where('person.goneOn', 'is not', null)
    .where('person.excludedOn', 'is', null)
    .executeTakeFirstOrThrow();
  return { people: Number(counted.people), holders: Number(counted.holders) };
}

/** The day on which the newest applied list was drawn, for the page's words. */
export async function findNewestBase(db: Database): Promise<LocalDate | undefined> {
  const newest = await db
    .selectFrom('importRun')
    .select('baseOn')
    .where('status', '=', 'applied')
    .orderBy('baseOn', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.baseOn ?? undefined;
}
