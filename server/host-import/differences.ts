import { type RawBuilder, sql } from 'kysely';
import { valuesHash } from '../audit/values.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { asText } from '../db/dialect.ts';
import type { Trx } from '../db/schema.ts';
import { SHOWN } from './columns.ts';

// Every value a run changes, by person and column, is written down before the change is made: for the
// record of acts when it is applied, for the approver when it is held.

/** When and why the host says that somebody's eligibility ended. */
export const endedOn = (baseOn: LocalDate) => sql`coalesce(s.moved_on, ${baseOn})`;
export const ENDED_REASON = sql`case s.resident_status when 2 then 'moved_out' when 3 then 'died' else 'other' end`;

const KNOWN = sql`import_staged_person s join person on person.id = s.person_id`;

/** Writes the differences of the people the register knows; those who are gone are noted already. */
export async function keepDifferences(trx: Trx, baseOn: LocalDate): Promise<void> {
  for (const column of SHOWN) {
    const old = asText(sql.ref(`person.${column}`));
    const present = asText(sql.ref(`s.${column}`));
    await insert(trx, column, old, present, sql`${KNOWN} where s.outcome <> 'same' and ${old} <> ${present}`);
  }
  await insert(trx, 'outcome', sql`''`, sql`s.outcome`, sql`${KNOWN} where s.outcome <> 'same'`);
  await keepStates(trx, baseOn);
}

async function keepStates(trx: Trx, baseOn: LocalDate): Promise<void> {
  const gone = asText(sql.ref('person.gone_on'));
  const excluded = asText(sql.ref('person.excluded_on'));
  const reason = asText(sql.ref('person.exclusion_reason'));
  const back = sql`${KNOWN} where s.outcome = 'returned' and person.exclusion_source <> 'clerk'`;
  const ended = sql`${KNOWN} where s.outcome = 'ended'`;
  const none = sql`''`;
  await insert(
    trx,
    'gone_on',
    gone,
    none,
    sql`${KNOWN} where s.outcome in ('returned', 'ended') and person.gone_on is not null`,
  );
  await insert(trx, 'excluded_on', excluded, none, back);
  await insert(trx, 'exclusion_reason', reason, none, back);
  await insert(trx, 'excluded_on', excluded, asText(endedOn(baseOn)), ended);
  await insert(trx, 'exclusion_reason', reason, ENDED_REASON, ended);
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select person_id, 'gone_on', '', ${sql.lit(baseOn)} from import_difference
    where field = 'outcome' and new_value = 'gone'`.execute(trx);
}

async function insert(
  trx: Trx,
  field: string,
  old: RawBuilder<unknown>,
  present: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    insert into import_difference (person_id, field, old_value, new_value)
    select person.id, ${sql.lit(field)}, ${old}, ${present} from ${from}`.execute(trx);
}

const SHOWN_OF_NEW = ['resident_number', 'name', 'kana', 'birth_code', 'address'] as const;

/**
 * Adds the people the register does not know yet, under minus their line number, so that whoever answers
 * a held run sees them too. Returns the hash of all differences together.
 */
export async function completeDifferences(trx: Trx): Promise<string> {
  const unknown = sql`import_staged_person s where s.person_id is null and s.outcome in ('new', 'ended')`;
  const values = [
    ['outcome', sql`s.outcome`] as const,
    ...SHOWN_OF_NEW.map((column) => [column, asText(sql.ref(`s.${column}`))] as const),
  ];
  for (const [field, value] of values) {
    await sql`
      insert into import_difference (person_id, field, old_value, new_value)
      select -s.line_number, ${sql.lit(field)}, '', ${value} from ${unknown}`.execute(trx);
  }
  const running = valuesHash('');
  const all = sql<Difference>`
    select person_id, field, old_value, new_value from import_difference order by person_id, field`;
  for await (const some of streamOf(trx, all)) for (const one of some) running.add(one);
  return running.digest();
}

/** Takes back what `completeDifferences` added. */
export async function forgetUnknown(trx: Trx): Promise<void> {
  await trx.deleteFrom('importDifference').where('personId', '<', 0).execute();
}

/** Keeps the differences for whoever answers the held run, in place of those of an earlier comparison. */
export async function keepHeldDifferences(trx: Trx, runId: number): Promise<void> {
  await trx.deleteFrom('importHeldDifference').where('runId', '=', runId).execute();
  await sql`
    insert into import_held_difference (run_id, person_id, field, old_value, new_value)
    select ${sql.lit(runId)}, person_id, field, old_value, new_value from import_difference`.execute(trx);
}

export interface Difference {
  personId: number;
  field: string;
  oldValue: string;
  newValue: string;
}

/** The rows of a query some at a time, without holding all of them. */
export async function* streamOf<T>(trx: Trx, query: RawBuilder<T>): AsyncGenerator<T[]> {
  for await (const { rows } of trx.getExecutor().stream(query.compile(trx), 250)) yield rows as T[];
}
