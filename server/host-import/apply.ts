import { type RawBuilder, sql } from 'kysely';
import { newSalt } from '../audit/record-event.ts';
import { valuesHash } from '../audit/values.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { withIndexesRebuilt } from '../db/rebuild-indexes.ts';
import type { Instant, Trx } from '../db/schema.ts';
import { keepBefore, noteAfter } from './before-run.ts';
import { HOST_COLUMNS } from './columns.ts';
import { affectedBy, type Comparison } from './compare.ts';
import { type Difference, ENDED_REASON, endedOn, streamOf } from './differences.ts';

export interface Run {
  runId: number;
  baseOn: LocalDate;
  at: Instant;
}

/** Thrown when the database did something else than the comparison said; the transaction is undone. */
export class TotalsDiffer extends Error {}

/**
 * Applies the compared rows to the register, set-based; every difference has been kept before. What clerks
 * typed is not touched, nobody is deleted. Throws TotalsDiffer when the numbers of rows do not add up.
 */
export async function applyToRegister(trx: Trx, run: Run, comparison: Comparison): Promise<void> {
  await keepBefore(trx, run.runId);
  await keepFormerValues(trx, run);
  const updated = await updateKnown(trx, run);
  const ended = await excludeEnded(trx, run);
  const returned = await welcomeReturned(trx);
  const gone = await markGone(trx, run);
  // The first load: nobody is known yet, and everybody is new.
  const isFirst = comparison.new > 0 && updated + comparison.same + gone === 0;
  const added = isFirst
    ? await withIndexesRebuilt(trx, 'person', () => addNew(trx, run))
    : await addNew(trx, run);
  await noteAfter(trx, run.runId);
  requireEqual('returned', returned, comparison.returned);
  requireEqual('gone', gone, comparison.gone);
  requireEqual(
    'known and new together',
    updated + added,
    comparison.new + comparison.changed + comparison.returned + comparison.ended,
  );
  requireEqual('new and ended together', added + ended, comparison.new + comparison.ended);
}

function requireEqual(what: string, made: number, expected: number): void {
  if (made !== expected) throw new TotalsDiffer(`${what}: ${made} rows were written, ${expected} expected`);
}

const SEARCHED_WHEN_FORMER = { name: 'name_fold', kana: 'kana_fold', address: 'address_fold' };

/** Keeps what people were called and where they lived, for searches; what they go back to is not kept twice. */
async function keepFormerValues(trx: Trx, { runId, baseOn }: Run): Promise<void> {
  for (const [column, fold] of Object.entries(SEARCHED_WHEN_FORMER)) {
    const before = sql.ref(`person.${fold}`);
    await sql`
      insert into person_former_value (person_id, field, value, value_fold, replaced_on, run_id)
      select person.id, ${sql.lit(column)}, ${sql.ref(`person.${column}`)}, ${before}, ${sql.lit(baseOn)}, ${sql.lit(runId)}
      from import_staged_person s join person on person.id = s.person_id
      where s.outcome <> 'same' and ${before} <> ${sql.ref(`s.${fold}`)}
        and not exists (select 1 from person_former_value f
          where f.person_id = person.id and f.field = ${sql.lit(column)} and f.value_fold = ${before})`.execute(
      trx,
    );
  }
}

async function updateKnown(trx: Trx, { at }: Run): Promise<number> {
  const set = HOST_COLUMNS.map((column) => sql`${sql.ref(column)} = ${sql.ref(`s.${column}`)}`);
  return await affectedBy(
    trx,
    sql`update person set ${sql.join(set)}, version = version + 1, updated_at = ${at}
      from import_staged_person s where s.person_id = person.id and s.outcome <> 'same'`,
  );
}

async function excludeEnded(trx: Trx, { baseOn }: Run): Promise<number> {
  return await affectedBy(
    trx,
    sql`update person set excluded_on = ${endedOn(baseOn)}, exclusion_reason = ${ENDED_REASON},
        exclusion_source = 'host', exclusion_note = '', gone_on = null, gone_run_id = null
      from import_staged_person s where s.person_id = person.id and s.outcome = 'ended'`,
  );
}

async function welcomeReturned(trx: Trx): Promise<number> {
  const unlessClerk = (column: string, none: RawBuilder<unknown>) =>
    sql`${sql.ref(column)} = case when exclusion_source = 'clerk' then ${sql.ref(column)} else ${none} end`;
  return await affectedBy(
    trx,
    sql`update person set gone_on = null, gone_run_id = null,
        ${unlessClerk('excluded_on', sql`null`)}, ${unlessClerk('exclusion_reason', sql`null`)},
        ${unlessClerk('exclusion_note', sql`''`)}, ${unlessClerk('exclusion_source', sql`null`)}
      from import_staged_person s where s.person_id = person.id and s.outcome = 'returned'`,
  );
}

async function markGone(trx: Trx, { runId, baseOn, at }: Run): Promise<number> {
  return await affectedBy(
    trx,
    sql`update person set gone_on = ${baseOn}, gone_run_id = ${runId}, version = version + 1, updated_at = ${at}
      where id in (select person_id from import_difference where field = 'outcome' and new_value = 'gone')`,
  );
}

async function addNew(trx: Trx, { runId, baseOn, at }: Run): Promise<number> {
  const columns = sql.join(HOST_COLUMNS.map((column) => sql.ref(column)));
  const staged = sql.join(HOST_COLUMNS.map((column) => sql.ref(`s.${column}`)));
  const whenEnded = (value: RawBuilder<unknown>) => sql`case when s.outcome = 'ended' then ${value} end`;
  return await affectedBy(
    trx,
    sql`insert into person (resident_number, ${columns}, first_run_id, updated_at, excluded_on, exclusion_reason, exclusion_source)
      select s.resident_number, ${staged}, ${runId}, ${at},
        ${whenEnded(endedOn(baseOn))}, ${whenEnded(ENDED_REASON)}, ${whenEnded(sql`'host'`)}
      from import_staged_person s where s.person_id is null and s.outcome <> 'same' order by s.line_number`,
  );
}

export interface StoredChanges {
  salt: string;
  hash: string;
  writeValues: (sequence: number) => Promise<void>;
}

/**
 * The hash of what the run changed, and the statements that put it beside the audit chain: the differences,
 * and one row for each new person.
 */
export async function storedChanges(
  trx: Trx,
  changes: { ofNewFrom: number } | 'differences only',
): Promise<StoredChanges> {
  const salt = newSalt();
  const running = valuesHash(salt);
  const differences = sql<Difference>`
    select person_id, field, old_value, new_value from import_difference order by person_id, field`;
  for await (const some of streamOf(trx, differences)) for (const change of some) running.add(change);
  // In the order of person and field without sorting a million rows: the new have the highest numbers.
  const runId = changes === 'differences only' ? undefined : changes.ofNewFrom;
  if (runId !== undefined) {
    const added = sql<{ personId: number }>`
      select id as person_id from person where first_run_id = ${runId} order by id`;
    for await (const some of streamOf(trx, added)) {
      for (const { personId } of some) running.add({ personId, ...ADDED });
    }
  }
  return {
    salt,
    hash: running.digest(),
    writeValues: async (sequence) => {
      await sql`
        insert into audit_value (event_sequence, person_id, field, old_value, new_value)
        select ${sequence}, person_id, field, old_value, new_value from import_difference`.execute(trx);
      if (runId === undefined) return;
      const { field, oldValue, newValue } = ADDED;
      await sql`
        insert into audit_value (event_sequence, person_id, field, old_value, new_value)
        select ${sequence}, id, ${sql.lit(field)}, ${sql.lit(oldValue)}, ${sql.lit(newValue)}
        from person where first_run_id = ${runId}`.execute(trx);
    },
  };
}

const ADDED = { field: 'outcome', oldValue: '', newValue: 'new' } as const;
