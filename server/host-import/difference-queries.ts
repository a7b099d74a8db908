import { sql } from 'kysely';
import { hidePlace } from '../audit/place-fields.ts';
import type { Database } from '../db/schema.ts';
import type { Difference } from './differences.ts';

export interface RunDifference extends Difference {
  /** Of the register; empty for somebody a held run would bring. */
  residentNumber: string;
  name: string;
}

interface RunOfDifferences {
  id: number;
  status: string;
  appliedSequence: number | null;
}

/** Where a run's differences are: beside the audit chain once applied, on their own while it is held. */
function differencesOf({ id, appliedSequence }: RunOfDifferences) {
  const kept =
    appliedSequence === null
      ? sql<Difference>`(select person_id, field, old_value, new_value from import_held_difference
          where run_id = ${sql.lit(id)})`
      : sql<Difference>`(select person_id, field, old_value, new_value from audit_value
          where event_sequence = ${sql.lit(appliedSequence)})`;
  return kept.as<'d'>('d');
}

export const DIFFERENCES_A_PAGE = 200;

export interface DifferencePage {
  /** Only these fields; all of them when empty. */
  fields?: readonly string[];
  /** Only people of this outcome (new, changed, returned, gone, ended). */
  outcome?: string | undefined;
  after?: { personId: number; field: string } | undefined;
  limit?: number;
}

/** Differences of a run in the order of person and field, from behind `after` on. */
export async function listDifferences(
  db: Database,
  run: RunOfDifferences,
  { fields = [], outcome, after, limit = DIFFERENCES_A_PAGE }: DifferencePage = {},
): Promise<RunDifference[]> {
  let query = db
    .selectFrom(differencesOf(run))
    .leftJoin('person', 'person.id', 'd.personId')
    .select(['d.personId', 'd.field', 'd.oldValue', 'd.newValue', 'person.residentNumber', 'person.name'])
    .select('person.isProtected')
    .where('d.personId', '<>', 0);
  if (fields.length > 0) query = query.where('d.field', 'in', fields);
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('d.personId', '>', after.personId),
        where.and([where('d.personId', '=', after.personId), where('d.field', '>', after.field)]),
      ]),
    );
  }
  if (outcome !== undefined) {
    query = query.where('d.personId', 'in', (people) =>
      people
        .selectFrom(differencesOf(run))
        .select('d.personId')
        .where('d.field', '=', 'outcome')
        .where('d.newValue', '=', outcome),
    );
  }
  const rows = await query.orderBy('d.personId').orderBy('d.field').limit(limit).execute();
  return rows.map(({ residentNumber, name, isProtected, ...row }) => ({
    ...hidePlace(row, isProtected),
    residentNumber: residentNumber ?? '',
    name: name ?? '',
  }));
}

/** How many differences a run has kept. */
export async function countDifferences(db: Database, run: RunOfDifferences): Promise<number> {
  const { rows } = await db
    .selectFrom(differencesOf(run))
    .select((count) => count.fn.countAll<number>().as('rows'))
    .where('d.personId', '<>', 0)
    .executeTakeFirstOrThrow();
  return Number(rows);
}

/** How many people of each outcome the kept differences hold, and whether there are any. */
export async function countOutcomes(db: Database, run: RunOfDifferences): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom(differencesOf(run))
    .select(['d.newValue', (count) => count.fn.countAll<number>().as('people')])
    .where('d.field', '=', 'outcome')
    .groupBy('d.newValue')
    .execute();
  return Object.fromEntries(rows.map(({ newValue, people }) => [newValue, Number(people)]));
}

/** What undoing a run left alone because it was changed since: who, and which part. */
export async function listLeftAlone(db: Database, runId: number) {
  return await db
    .selectFrom('personBeforeRun')
    .innerJoin('person', 'person.id', 'personBeforeRun.personId')
    .select(['person.id', 'person.residentNumber', 'person.name', 'personBeforeRun.leftAlone'])
    .where('personBeforeRun.runId', '=', runId)
    .where('personBeforeRun.leftAlone', '<>', '')
    .orderBy('person.id')
    .execute();
}
