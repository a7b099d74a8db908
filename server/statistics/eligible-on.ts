import { type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';

// Who was eligible at the end of a past day (基準日), by all the register knows today: see
// docs/decisions/010-closed-days-and-base-dates.md.
//
// Known: the list on which a person first stood was drawn on that day or before.
// Out: from the day of exclusion or of the list on which the host left a person out, until the day it ended.
// What ended since is found beside the record of acts; a run that was undone counts as if it had never been.

const CARRIED = ['is_elderly', 'is_disabled', 'is_child', 'district_code'] as const;

/**
 * The common tables of a query (`with …`), the last of them `eligible`: the eligible people of a day by id, with
 * birth dates and sex as known now, categories and district as they were then.
 */
export function eligibleOn(baseOn: LocalDate): RawBuilder<unknown> {
  const day = sql.lit(baseOn);
  const carried = CARRIED.map(
    (field) => sql`max(case when field = ${sql.lit(field)} then old_value end) as ${sql.ref(field)}`,
  );
  const flag = (column: string) =>
    sql`coalesce(cast(${sql.ref(`was.${column}`)} as int), ${sql.ref(`p.${column}`)}) as ${sql.ref(column)}`;
  return sql`
    changed_after as (${changesAfter(baseOn)}),
    carried as (
      select person_id, ${sql.join(carried)} from changed_after
      where place = 1 and field not in ('gone_on', 'excluded_on') group by person_id),
    out_until_after as (
      select distinct person_id from changed_after
      where field in ('gone_on', 'excluded_on') and new_value = '' and old_value <> '' and old_value <= ${day}),
    brought_again as (
      select v.person_id, min(r.base_on) as base_on
      from audit_value v join import_run r on r.applied_sequence = v.event_sequence and r.status = 'applied'
      where v.person_id in (
          select b.id from person b join import_run u on u.id = b.first_run_id and u.status = 'undone')
        and v.field = 'outcome' and v.new_value = 'returned'
      group by v.person_id),
    eligible as (
      select p.id, p.sex, p.birth_earliest_on, p.birth_latest_on, ${flag('is_elderly')}, ${flag('is_disabled')},
        ${flag('is_child')}, coalesce(was.district_code, p.district_code) as district_code
      from person p
      left join import_run f on f.id = p.first_run_id
      left join carried was on was.person_id = p.id
      left join out_until_after o on o.person_id = p.id
      left join brought_again a on a.person_id = p.id
      where (p.first_run_id is null or (f.status <> 'undone' and f.base_on <= ${day}) or a.base_on <= ${day})
        and (p.gone_on is null or p.gone_on > ${day})
        and (p.excluded_on is null or p.excluded_on > ${day})
        and o.person_id is null)`;
}

/**
 * Changes that took effect after a day, an import's on the day of its list, a clerk's on the day they were made;
 * `place` counts those of one field of a person from 1.
 */
function changesAfter(baseOn: LocalDate): RawBuilder<unknown> {
  const day = sql.lit(baseOn);
  const fields = sql.join(['gone_on', 'excluded_on', ...CARRIED].map((field) => sql.lit(field)));
  return sql`
    select v.person_id, v.field, v.old_value, v.new_value,
      row_number() over (partition by v.person_id, v.field order by v.event_sequence) as place
    from audit_event e
    join audit_value v on v.event_sequence = e.sequence
    left join import_run r on r.applied_sequence = e.sequence
    where v.event_sequence >= (select min(sequence) from audit_event where business_on > ${day})
      and e.business_on > ${day} and e.kind <> 'import.undone' and v.field in (${fields})
      and (r.id is null or (r.status = 'applied' and r.base_on > ${day}))`;
}
