import { sql } from 'kysely';
import { newSalt } from '../audit/record-event.ts';
import { valuesHash } from '../audit/values.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { asText } from '../db/dialect.ts';
import type { Instant, Trx } from '../db/schema.ts';
import { absentFromFile, type Comparison } from './compare.ts';

// The host's columns as they are shown and recorded; the folded ones and the digest follow from them.
const SHOWN = [
  'name',
  'kana',
  'birth_code',
  'birth_wareki',
  'birth_note',
  'sex',
  'postal_code',
  'address',
  'building',
  'district_code',
  'is_elderly',
  'is_disabled',
  'is_child',
  'child_ends_on',
  'resident_status',
  'removal_code',
  'moved_on',
] as const;
const DERIVED = [
  'birth_earliest_on',
  'birth_latest_on',
  'host_digest',
  'kana_fold',
  'given_kana_fold',
  'name_fold',
];
const HOST_COLUMNS = ['resident_number', ...SHOWN, ...DERIVED];
type Shown = (typeof SHOWN)[number];

export interface Run {
  runId: number;
  baseOn: LocalDate;
  at: Instant;
}

/** Thrown when the database did something else than the comparison said; the transaction is undone. */
export class TotalsDiffer extends Error {}

/**
 * Applies the compared rows to the register, set-based, and keeps every difference. What clerks typed is
 * not touched, nobody is deleted. Throws TotalsDiffer when the numbers of rows do not add up.
 */
export async function applyToRegister(trx: Trx, run: Run, comparison: Comparison): Promise<void> {
  await keepDifferences(trx, run);
  const updated = await updateKnown(trx, run);
  const ended = await excludeEnded(trx, run);
  const returned = await welcomeReturned(trx, run);
  const gone = await markGone(trx, run);
  const added = await addNew(trx, run);
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

async function affected(query: ReturnType<typeof sql>, trx: Trx): Promise<number> {
  return Number((await query.execute(trx)).numAffectedRows ?? 0n);
}

async function keepDifferences(trx: Trx, { runId, baseOn }: Run): Promise<void> {
  for (const column of SHOWN) await keepDifferencesOf(trx, column);
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select person_id, 'outcome', '', outcome from import_staged_person
    where person_id is not null and outcome <> 'same'`.execute(trx);
  const before = (column: string) => asText(sql.ref(`person.${column}`));
  const state = { gone_on: 'gone_on', excluded_on: 'excluded_on', exclusion_reason: 'exclusion_reason' };
  for (const column of Object.keys(state)) {
    await sql`
      insert into import_difference (person_id, field, old_value, new_value)
      select person.id, ${sql.lit(column)}, ${before(column)}, ''
      from import_staged_person s join person on person.id = s.person_id
      where s.outcome in ('returned', 'ended') and ${sql.ref(`person.${column}`)} is not null`.execute(trx);
  }
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select id, 'gone_on', '', ${baseOn} from person where ${absentFromFile(runId)}`.execute(trx);
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select id, 'outcome', '', 'gone' from person where ${absentFromFile(runId)}`.execute(trx);
}

async function keepDifferencesOf(trx: Trx, column: Shown): Promise<void> {
  const old = asText(sql.ref(`person.${column}`));
  const present = asText(sql.ref(`s.${column}`));
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select person.id, ${sql.lit(column)}, ${old}, ${present}
    from import_staged_person s join person on person.id = s.person_id
    where s.outcome <> 'same' and ${old} <> ${present}`.execute(trx);
}

async function updateKnown(trx: Trx, { at }: Run): Promise<number> {
  const set = HOST_COLUMNS.slice(1).map((column) => sql`${sql.ref(column)} = ${sql.ref(`s.${column}`)}`);
  return await affected(
    sql`update person set ${sql.join(set)}, version = version + 1, updated_at = ${at}
      from import_staged_person s where s.person_id = person.id and s.outcome <> 'same'`,
    trx,
  );
}

const EXCLUSION = {
  on: (baseOn: LocalDate) => sql`coalesce(s.moved_on, ${baseOn})`,
  reason: sql`case s.resident_status when 2 then 'moved_out' when 3 then 'died' else 'other' end`,
};

async function excludeEnded(trx: Trx, { baseOn }: Run): Promise<number> {
  return await affected(
    sql`update person set excluded_on = ${EXCLUSION.on(baseOn)}, exclusion_reason = ${EXCLUSION.reason},
        exclusion_source = 'host', gone_on = null, gone_run_id = null
      from import_staged_person s where s.person_id = person.id and s.outcome = 'ended'`,
    trx,
  );
}

async function welcomeReturned(trx: Trx, _run: Run): Promise<number> {
  return await affected(
    sql`update person set gone_on = null, gone_run_id = null,
        excluded_on = case when exclusion_source = 'clerk' then excluded_on else null end,
        exclusion_reason = case when exclusion_source = 'clerk' then exclusion_reason else null end,
        exclusion_source = case when exclusion_source = 'clerk' then exclusion_source else null end
      from import_staged_person s where s.person_id = person.id and s.outcome = 'returned'`,
    trx,
  );
}

async function markGone(trx: Trx, { runId, baseOn, at }: Run): Promise<number> {
  return await affected(
    sql`update person set gone_on = ${baseOn}, gone_run_id = ${runId}, version = version + 1, updated_at = ${at}
      where ${absentFromFile(runId)}`,
    trx,
  );
}

async function addNew(trx: Trx, { runId, baseOn, at }: Run): Promise<number> {
  const columns = sql.join(HOST_COLUMNS.map((column) => sql.ref(column)));
  const staged = sql.join(HOST_COLUMNS.map((column) => sql.ref(`s.${column}`)));
  const whenEnded = (value: ReturnType<typeof sql>) => sql`case when s.outcome = 'ended' then ${value} end`;
  return await affected(
    sql`insert into person (${columns}, first_run_id, updated_at, excluded_on, exclusion_reason, exclusion_source)
      select ${staged}, ${runId}, ${at}, ${whenEnded(EXCLUSION.on(baseOn))}, ${whenEnded(EXCLUSION.reason)}, ${whenEnded(sql`'host'`)}
      from import_staged_person s where s.person_id is null and s.outcome <> 'same' order by s.line_number`,
    trx,
  );
}

/** Everything the run changed, as the audit keeps it: the differences, and one row for each new person. */
function changesOf(runId: number) {
  return sql<{ personId: number; field: string; oldValue: string; newValue: string }>`
    select person_id, field, old_value, new_value from import_difference
    union all
    select id, 'outcome', '', 'new' from person where first_run_id = ${runId}`;
}

/** The hash of what the run changed, and the statement that puts it beside the audit chain. */
export async function storedChanges(
  trx: Trx,
  runId: number,
): Promise<{ salt: string; hash: string; writeValues: (sequence: number) => Promise<void> }> {
  const salt = newSalt();
  const running = valuesHash(salt);
  const rows = sql<{ personId: number; field: string; oldValue: string; newValue: string }>`
    select * from (${changesOf(runId)}) as change order by person_id, field`;
  for await (const change of streamOf(trx, rows)) running.add(change);
  return {
    salt,
    hash: running.digest(),
    writeValues: async (sequence) => {
      await sql`
        insert into audit_value (event_sequence, person_id, field, old_value, new_value)
        select ${sequence}, change.person_id, change.field, change.old_value, change.new_value
        from (${changesOf(runId)}) as change`.execute(trx);
    },
  };
}

async function* streamOf<T>(trx: Trx, query: ReturnType<typeof sql<T>>): AsyncGenerator<T> {
  for await (const { rows } of trx.getExecutor().stream(query.compile(trx), 2000)) yield* rows as T[];
}
