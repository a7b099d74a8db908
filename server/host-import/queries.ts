import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';

const FAULTS_SHOWN = 200;

/** The newest run that was applied, if any. */
export async function findLastApplied(db: Database) {
  return await db
    .selectFrom('importRun')
    .select(['id', 'baseOn', 'finishedAt', 'goneCount'])
    .where('status', '=', 'applied')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The runs of the last year or so, newest first. */
export async function listRuns(db: Database) {
  return await db.selectFrom('importRun').selectAll().orderBy('id', 'desc').limit(60).execute();
}

/** One run with the faults and warnings of its rows, the first 200. Throws NotFound. */
export async function getRun(db: Database, id: number) {
  const run = await db.selectFrom('importRun').selectAll().where('id', '=', id).executeTakeFirst();
  if (run === undefined) throw new NotFound('この取込は記録にありません。取込の一覧から選び直してください。');
  const faults = await db
    .selectFrom('importRowFault')
    .select(['lineNumber', 'residentNumber', 'field', 'reason', 'severity'])
    .where('runId', '=', id)
    .orderBy('severity')
    .orderBy('lineNumber')
    .orderBy('ordinal')
    .limit(FAULTS_SHOWN)
    .execute();
  return { run, faults };
}
