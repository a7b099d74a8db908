import { businessDay, daysBetween, type LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { readSetting } from '../settings/queries.ts';

/** The newest run that is applied, if any. */
export async function findLastApplied(db: Database) {
  return await db
    .selectFrom('importRun')
    .select(['id', 'baseOn', 'finishedAt', 'goneCount'])
    .where('status', '=', 'applied')
    .orderBy('appliedSequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Since when no new list has come, when that is longer than two of them should be apart. */
export async function findSilence(
  db: Database,
  now: Date,
): Promise<{ sinceOn: LocalDate; days: number } | undefined> {
  const newest = await findLastApplied(db);
  if (newest?.baseOn == null) return undefined;
  const days = daysBetween(newest.baseOn, businessDay(now));
  return days > (await readSetting(db, 'import.silent-days')) ? { sinceOn: newest.baseOn, days } : undefined;
}

/** Runs that wait for a second person. */
export async function listHeld(db: Database) {
  return await db
    .selectFrom('importRun')
    .select(['id', 'baseOn'])
    .where('status', '=', 'held')
    .orderBy('id')
    .execute();
}

/** The newest night's run, if any. */
export async function findLastNight(db: Database) {
  return await db.selectFrom('nightlyRun').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}

export const RUNS_A_PAGE = 50;

/** A page of all runs, newest first; `page` counts from 1. */
export async function listRuns(db: Database, page: number) {
  return await db
    .selectFrom('importRun')
    .selectAll()
    .orderBy('id', 'desc')
    .offset((page - 1) * RUNS_A_PAGE)
    .limit(RUNS_A_PAGE + 1)
    .execute();
}

const RUNS_IN_CHART = 24;

/** The applied runs of about a year, oldest first, for the chart. */
export async function listAppliedOfYear(db: Database) {
  const runs = await db
    .selectFrom('importRun')
    .select(['id', 'baseOn', 'newCount', 'changedCount', 'returnedCount', 'goneCount', 'endedCount'])
    .where('status', '=', 'applied')
    .orderBy('baseOn', 'desc')
    .limit(RUNS_IN_CHART)
    .execute();
  return runs.reverse();
}

/** One run with the people who had a hand in it. Throws NotFound. */
export async function getRun(db: Database, id: number) {
  const run = await db
    .selectFrom('importRun')
    .leftJoin('account as starter', 'starter.id', 'importRun.accountId')
    .leftJoin('account as answerer', 'answerer.id', 'importRun.answeredBy')
    .leftJoin('account as undoer', 'undoer.id', 'importRun.undoneBy')
    .selectAll('importRun')
    .select([
      'starter.displayName as starterName',
      'answerer.displayName as answererName',
      'undoer.displayName as undoerName',
    ])
    .where('importRun.id', '=', id)
    .executeTakeFirst();
  if (run === undefined) throw new NotFound('この取込は記録にありません。取込の一覧から選び直してください。');
  return run;
}

/** How far a run has come. Throws NotFound. */
export async function getProgress(db: Database, id: number) {
  const run = await db
    .selectFrom('importRun')
    .select(['status', 'progress', 'progressAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (run === undefined) throw new NotFound('この取込は記録にありません。');
  return run;
}

/** Whether the run is the newest applied one, which alone can be undone. */
export async function isNewestApplied(db: Database, id: number): Promise<boolean> {
  const newest = await db
    .selectFrom('importRun')
    .select(['id', 'status'])
    .where('appliedSequence', 'is not', null)
    .orderBy('appliedSequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.id === id && newest.status === 'applied';
}
