import { addMonths, businessDay, type LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';

const ALL = [
  'circumstance.id',
  'circumstance.personId',
  'circumstance.kind',
  'circumstance.subKind',
] as const;

/** Every circumstance of a person, ended ones as well, the newest first. */
export async function listAllCircumstances(db: Database, personId: number) {
  return await db
    .selectFrom('circumstance')
    .leftJoin('account', 'account.id', 'circumstance.changedBy')
    .selectAll('circumstance')
    .select('account.displayName as changedByName')
    .where('circumstance.personId', '=', personId)
    .orderBy('circumstance.id', 'desc')
    .execute();
}

/** One circumstance. Throws NotFound. */
export async function getCircumstance(db: Database, id: number) {
  const row = await db.selectFrom('circumstance').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new NotFound('この個別事由は登録されていません。個人票を開き直してください。');
  return row;
}

/** Support measures that end within a month, have passed their end, or are to be reviewed: nothing ends by itself. */
export async function listDueProtected(db: Database, today: LocalDate) {
  return await db
    .selectFrom('circumstance')
    .innerJoin('person', 'person.id', 'circumstance.personId')
    .select(ALL)
    .select([
      'circumstance.startsOn',
      'circumstance.endsOn',
      'circumstance.reviewOn',
      'person.name',
      'person.kana',
    ])
    .where('circumstance.kind', '=', 'protected')
    .where('circumstance.endedAt', 'is', null)
    .where((where) =>
      where.or([
        where('circumstance.endsOn', '<=', addMonths(today, 1)),
        where('circumstance.reviewOn', '<=', today),
      ]),
    )
    .orderBy('circumstance.endsOn')
    .orderBy('circumstance.id')
    .execute();
}

/** Letters of protected people that wait for a second person, or are approved and not printed yet. */
export async function listOpenReleases(db: Database, now: Date) {
  return await db
    .selectFrom('protectedRelease')
    .innerJoin('person', 'person.id', 'protectedRelease.personId')
    .innerJoin('pass', 'pass.id', 'protectedRelease.passId')
    .innerJoin('account', 'account.id', 'protectedRelease.requestedBy')
    .select(['protectedRelease.id', 'protectedRelease.personId', 'protectedRelease.passId'])
    .select(['protectedRelease.reason', 'protectedRelease.requestedBy', 'protectedRelease.requestedAt'])
    .select(['protectedRelease.isApproved', 'protectedRelease.expiresAt', 'protectedRelease.version'])
    .select([
      'person.name',
      'person.kana',
      'pass.fiscalYear',
      'pass.passNumber',
      'account.displayName as requestedByName',
    ])
    .where('protectedRelease.purpose', '=', 'letter')
    .where('protectedRelease.usedAt', 'is', null)
    .where('protectedRelease.expiresAt', '>', now.toISOString())
    .where((where) =>
      where.or([
        where('protectedRelease.answeredAt', 'is', null),
        where('protectedRelease.isApproved', '=', 1),
      ]),
    )
    .orderBy('protectedRelease.id')
    .execute();
}

/** How many support measures are to be reviewed and letters of protected people are open, at an instant. */
export async function countProtectedWork(db: Database, now: Date): Promise<number> {
  const due = await listDueProtected(db, businessDay(now));
  return due.length + (await listOpenReleases(db, now)).length;
}
