import { sql } from 'kysely';
import { type Actor, recordEventWithStoredValues } from '../audit/record-event.ts';
import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import { asText } from '../db/dialect.ts';
import { HELD_ELSEWHERE, withLock } from '../db/lock.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';
import { readReason } from './answer.ts';
import { storedChanges } from './apply.ts';
import { STATE_COLUMNS } from './before-run.ts';
import { HOST_COLUMNS, SHOWN } from './columns.ts';
import { affectedBy } from './compare.ts';
import { clearStaging } from './stage.ts';

/** What undoing a run did, in people. */
export interface Undone {
  /** Put back as they were before the run. */
  restored: number;
  /** First brought by the run and untouched since: excluded. */
  excluded: number;
  /** First brought by the run, and a clerk has worked with them since: on the worklist of 要確認. */
  toCheck: number;
  /** Changed since the run in what it had changed; that part was left alone. */
  leftAlone: number;
}

/**
 * Undoes the newest applied run as one act (取込の取消). What the run changed goes back to what it was, but
 * for what was changed since, which is left alone and listed. Nobody is deleted: who came with the run is
 * excluded, or goes on the worklist when there is an application, a pass or anything else of theirs. The same
 * file may be imported again afterwards. Throws Invalid without a reason, Refused for any other run.
 */
export async function undoRun(
  db: Database,
  actor: Actor,
  { runId, reason }: { runId: number; reason: string },
): Promise<Undone> {
  const given = readReason(reason);
  const undone = await withLock(db, 'import', async () => {
    await clearStaging(db);
    try {
      return await inTransaction(db, (trx) => undoInside(trx, actor, runId, given));
    } finally {
      await clearStaging(db);
    }
  });
  if (undone === HELD_ELSEWHERE)
    throw new Refused(
      '別の取込が動いているため、取り消しませんでした。終わってからもう一度操作してください。',
    );
  return undone;
}

async function undoInside(trx: Trx, actor: Actor, runId: number, reason: string): Promise<Undone> {
  const { baseOn } = await requireNewestApplied(trx, runId);
  const at = actor.at.toISOString();
  const leftAlone = await markChangedSince(trx, runId);
  await keepReversals(trx, runId);
  const restored = await restore(trx, runId, at);
  const toCheck = await checkTouched(trx, runId, baseOn!, at);
  const excluded = await excludeUntouched(trx, runId, businessDay(actor.at), at);
  await trx.deleteFrom('personFormerValue').where('runId', '=', runId).execute();
  const counts = { restored, excluded, toCheck, leftAlone };
  await recordUndone(trx, actor, runId, reason, counts);
  await trx
    .updateTable('importRun')
    .set({ status: 'undone', undoneAt: at, undoneBy: actor.accountId, undoReason: reason })
    .where('id', '=', runId)
    .execute();
  await trx.deleteFrom('personBeforeRun').where('leftAlone', '=', '').execute();
  return counts;
}

async function requireNewestApplied(trx: Trx, runId: number) {
  const newest = await trx
    .selectFrom('importRun')
    .select(['id', 'status', 'baseOn'])
    .where('appliedSequence', 'is not', null)
    .orderBy('appliedSequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const run = await trx.selectFrom('importRun').select('id').where('id', '=', runId).executeTakeFirst();
  if (run === undefined) throw new NotFound('この取込は記録にありません。取込の一覧から選び直してください。');
  if (newest?.id === runId && newest.status === 'applied') return newest;
  throw new Refused(
    '取り消せるのは、最も新しく反映した取込だけです。この取込はそれではないか、もう取り消されているため、何も変えていません。',
  );
}

const HOST_CHANGED = sql`p.host_digest <> after_digest`;
const STATE_CHANGED = sql.join(
  ['gone_on', 'excluded_on', 'exclusion_reason', 'exclusion_source'].map((column) => {
    const now = asText(sql.ref(`p.${column}`));
    return sql`${now} <> ${asText(sql.ref(`person_before_run.after_${column}`))}`;
  }),
  sql` or `,
);

/** Marks which part of a person was changed since the run; returns how many people have one. */
async function markChangedSince(trx: Trx, runId: number): Promise<number> {
  return await affectedBy(
    trx,
    sql`update person_before_run set left_alone = case
        when ${HOST_CHANGED} and (${STATE_CHANGED}) then 'all' when ${HOST_CHANGED} then 'host' else 'state' end
      from person p where p.id = person_before_run.person_id and run_id = ${runId}
        and (${HOST_CHANGED} or ${STATE_CHANGED})`,
  );
}

const HOST_GOES_BACK = sql`b.left_alone in ('', 'state')`;
const STATE_GOES_BACK = sql`b.left_alone in ('', 'host')`;

/** Writes down what is about to go back, for the record of acts. */
async function keepReversals(trx: Trx, runId: number): Promise<void> {
  const parts = [
    ...SHOWN.map((column) => [column, HOST_GOES_BACK] as const),
    ...(['gone_on', 'excluded_on', 'exclusion_reason'] as const).map(
      (column) => [column, STATE_GOES_BACK] as const,
    ),
  ];
  for (const [column, condition] of parts) {
    const [now, before] = [asText(sql.ref(`p.${column}`)), asText(sql.ref(`b.${column}`))];
    await sql`
      insert into import_difference (person_id, field, old_value, new_value)
      select p.id, ${sql.lit(column)}, ${now}, ${before}
      from person_before_run b join person p on p.id = b.person_id
      where b.run_id = ${runId} and ${condition} and ${now} <> ${before}`.execute(trx);
  }
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select id, 'outcome', 'new', 'undone' from person where first_run_id = ${runId}
      and not exists (select 1 from person_before_run b where b.run_id = ${runId} and b.person_id = person.id)`.execute(
    trx,
  );
}

/** Puts back host columns and state, each where it was not changed since; returns how many went back whole. */
async function restore(trx: Trx, runId: number, at: string): Promise<number> {
  const from = (columns: readonly string[]) =>
    sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`b.${column}`)}`));
  const go = (columns: readonly string[], condition: typeof HOST_GOES_BACK) =>
    sql`update person set ${from(columns)}, version = version + 1, updated_at = ${at}
      from person_before_run b where b.person_id = person.id and b.run_id = ${runId} and ${condition}`;
  await go(HOST_COLUMNS, HOST_GOES_BACK).execute(trx);
  await go(STATE_COLUMNS, STATE_GOES_BACK).execute(trx);
  const { people } = await trx
    .selectFrom('personBeforeRun')
    .select((count) => count.fn.countAll<number>().as('people'))
    .where('runId', '=', runId)
    .where('leftAlone', '=', '')
    .executeTakeFirstOrThrow();
  return Number(people);
}

const brought = (runId: number) => sql`first_run_id = ${runId}
  and not exists (select 1 from person_before_run b where b.run_id = ${runId} and b.person_id = person.id)`;
const TOUCHED = sql`(version > 1 or exists (select 1 from application a where a.person_id = person.id)
  or exists (select 1 from circumstance c where c.person_id = person.id))`;

async function checkTouched(trx: Trx, runId: number, baseOn: LocalDate, at: string): Promise<number> {
  return await affectedBy(
    trx,
    sql`update person set gone_on = ${baseOn}, gone_run_id = ${runId}, version = version + 1, updated_at = ${at}
      where ${brought(runId)} and ${TOUCHED} and excluded_on is null`,
  );
}

async function excludeUntouched(trx: Trx, runId: number, today: LocalDate, at: string): Promise<number> {
  return await affectedBy(
    trx,
    sql`update person set excluded_on = coalesce(excluded_on, ${today}),
        exclusion_reason = coalesce(exclusion_reason, 'other'), exclusion_source = 'undone',
        exclusion_note = ${`取込番号${runId}の取消`}, version = version + 1, updated_at = ${at}
      where ${brought(runId)} and not ${TOUCHED}`,
  );
}

async function recordUndone(
  trx: Trx,
  actor: Actor,
  runId: number,
  reason: string,
  counts: Undone,
): Promise<void> {
  await trx
    .insertInto('importDifference')
    .values({ personId: 0, field: 'reason', oldValue: '', newValue: reason })
    .execute();
  const event = { kind: 'import.undone' as const, importRunId: runId, ...counts };
  recordEventWithStoredValues(trx, actor, event, await storedChanges(trx, 'differences only'));
}
