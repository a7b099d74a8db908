import { sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { HOST_COLUMNS } from './columns.ts';

// What the newest applied run found, and what it left: with both, the run can be undone and whatever was
// changed since can be told from what it wrote itself.

/** The columns of the state (状態) of a person that an import and a clerk both write. */
export const STATE_COLUMNS = [
  'gone_on',
  'gone_run_id',
  'excluded_on',
  'exclusion_reason',
  'exclusion_source',
  'exclusion_note',
] as const;

/** Keeps everybody the run is about to change as they are, in place of what an earlier run had kept. */
export async function keepBefore(trx: Trx, runId: number): Promise<void> {
  await trx.deleteFrom('personBeforeRun').where('leftAlone', '=', '').execute();
  const columns = [...HOST_COLUMNS, ...STATE_COLUMNS];
  await sql`
    insert into person_before_run (run_id, person_id, ${sql.join(columns.map((column) => sql.ref(column)))}, after_digest)
    select ${sql.lit(runId)}, p.id, ${sql.join(columns.map((column) => sql.ref(`p.${column}`)))}, ''
    from import_difference d join person p on p.id = d.person_id where d.field = 'outcome'`.execute(trx);
}

/** Notes how the run left them. */
export async function noteAfter(trx: Trx, runId: number): Promise<void> {
  await sql`
    update person_before_run set after_digest = p.host_digest, after_gone_on = p.gone_on,
      after_excluded_on = p.excluded_on, after_exclusion_reason = p.exclusion_reason,
      after_exclusion_source = p.exclusion_source
    from person p where p.id = person_before_run.person_id and person_before_run.run_id = ${runId}`.execute(
    trx,
  );
}
