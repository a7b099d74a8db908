import { type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';

// Who was eligible at the end of a past day (基準日), by all the register knows today. See
// docs/decisions/ (statistics at a base date).
//
// Known: the list on which a person first stood was drawn on that day or before.
// Out: from the day of exclusion or of the list on which the host left a person out, until the day it ended.
// What ended since is found beside the record of acts; a run that was undone counts as if it had never been.

const STATES = ['gone_on', 'excluded_on'] as const;
const CARRIED = ['is_elderly', 'is_disabled', 'is_child', 'district_code'] as const;

/** The eligible people of a day: id, birth dates and sex as known now, categories and district as they were then. */
export function eligibleOn(baseOn: LocalDate): RawBuilder<unknown> {
  const day = sql.lit(baseOn);
  const flag = (column: string) =>
    sql`coalesce(cast(${sql.ref(`was.${column}`)} as int), ${sql.ref(`p.${column}`)}) as ${sql.ref(column)}`;
  return sql`
    select p.id, p.sex, p.birth_earliest_on, p.birth_latest_on, ${flag('is_elderly')}, ${flag('is_disabled')},
      ${flag('is_child')}, coalesce(was.district_code, p.district_code) as district_code
    from person p
    left join import_run f on f.id = p.first_run_id
    left join (${carriedSince(baseOn)}) as was on was.person_id = p.id
    left join (${outUntilAfter(baseOn)}) as o on o.person_id = p.id
    where (p.first_run_id is null or (f.status <> 'undone' and f.base_on <= ${day})
        or (f.status = 'undone' and ${broughtAgain(baseOn)}))
      and (p.gone_on is null or p.gone_on > ${day})
      and (p.excluded_on is null or p.excluded_on > ${day})
      and o.person_id is null`;
}

/** Changes that took effect after a day: an import's on the day of its list, a clerk's on the day they were made. */
function changesAfter(baseOn: LocalDate, fields: readonly string[]): RawBuilder<unknown> {
  const names = sql.join(fields.map((field) => sql.lit(field)));
  return sql`
    select v.person_id, v.field, v.old_value, v.new_value, v.event_sequence
    from audit_event e
    join audit_value v on v.event_sequence = e.sequence
    left join import_run r on r.applied_sequence = e.sequence
    where v.event_sequence >= (select min(sequence) from audit_event where business_on > ${sql.lit(baseOn)})
      and e.business_on > ${sql.lit(baseOn)} and e.kind <> 'import.undone' and v.field in (${names})
      and (r.id is null or (r.status = 'applied' and r.base_on > ${sql.lit(baseOn)}))`;
}

/** What changed since, as it was: the old value of the first change after the day. */
function carriedSince(baseOn: LocalDate): RawBuilder<unknown> {
  const columns = CARRIED.map(
    (field) => sql`max(case when field = ${sql.lit(field)} then old_value end) as ${sql.ref(field)}`,
  );
  return sql`
    select person_id, ${sql.join(columns)} from (
      select c.person_id, c.field, c.old_value,
        row_number() over (partition by c.person_id, c.field order by c.event_sequence) as place
      from (${changesAfter(baseOn, CARRIED)}) as c
    ) as first_change
    where place = 1 group by person_id`;
}

/** Who was gone or excluded on the day and is no longer: the state had begun, and ended only later. */
function outUntilAfter(baseOn: LocalDate): RawBuilder<unknown> {
  return sql`
    select distinct c.person_id from (${changesAfter(baseOn, STATES)}) as c
    where c.new_value = '' and c.old_value <> '' and c.old_value <= ${sql.lit(baseOn)}`;
}

/** Whether somebody who came first with a run that was undone came again with one that stands. */
function broughtAgain(baseOn: LocalDate): RawBuilder<unknown> {
  return sql`exists (
    select 1 from audit_value v join import_run r on r.applied_sequence = v.event_sequence and r.status = 'applied'
    where v.person_id = p.id and v.field = 'outcome' and v.new_value = 'returned' and r.base_on <= ${sql.lit(baseOn)})`;
}
