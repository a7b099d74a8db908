import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { ACTIVE } from './columns.ts';

/** What applying the staged rows would do to the register, in people. */
export interface Comparison {
  new: number;
  changed: number;
  returned: number;
  gone: number;
  ended: number;
  same: number;
  /** How many of the ended were eligible until now. */
  endedActive: number;
}

/**
 * Compares the staged rows with the register, set-based: writes each row's outcome and person beside it,
 * and who is gone into the differences. Nobody who is only on a rejected row counts as gone.
 */
export async function compareWithRegister(trx: Trx, runId: number): Promise<Comparison> {
  await sql`
    update import_staged_person set outcome = case when resident_status = 1 then 'new' else 'ended' end
    where not exists (select 1 from person where person.resident_number = import_staged_person.resident_number)
  `.execute(trx);
  // A clerk's exclusion is the clerk's: the host neither lifts nor replaces it.
  await sql`
    update import_staged_person set person_id = p.id, outcome = case
      when import_staged_person.resident_status = 1
        and (p.gone_on is not null or p.exclusion_source in ('host', 'gone', 'undone')) then 'returned'
      when p.host_digest = import_staged_person.host_digest
        and (import_staged_person.resident_status = 1 or p.exclusion_source in ('host', 'clerk')) then 'same'
      when import_staged_person.resident_status = 1 or p.exclusion_source = 'clerk' then 'changed'
      else 'ended' end
    from person p
    where p.resident_number = import_staged_person.resident_number
      and (p.host_digest <> import_staged_person.host_digest or p.gone_on is not null
        or p.exclusion_source is not null or import_staged_person.resident_status <> 1)
  `.execute(trx);
  const gone = await affectedBy(
    trx,
    sql`
      insert into import_difference (person_id, field, old_value, new_value)
      select id, 'outcome', '', 'gone' from person where ${ACTIVE}
        and resident_number not in (select resident_number from import_staged_person)
        and resident_number not in (
          select resident_number from import_row_fault where run_id = ${runId} and severity = 'rejected')`,
  );
  const counts = await trx
    .selectFrom('importStagedPerson')
    .select(['outcome', (count) => count.fn.countAll<number>().as('people')])
    .groupBy('outcome')
    .execute();
  const of = (outcome: string) => Number(counts.find((row) => row.outcome === outcome)?.people ?? 0);
  const { rows } = await sql<{ people: number }>`
    select count(*) as people from import_staged_person s join person on person.id = s.person_id
    where s.outcome = 'ended' and ${ACTIVE}`.execute(trx);
  return {
    new: of('new'),
    changed: of('changed'),
    returned: of('returned'),
    ended: of('ended'),
    same: of('same'),
    gone,
    endedActive: Number(rows[0]!.people),
  };
}

/** Runs a statement that writes and gives the number of rows it wrote. */
export async function affectedBy(trx: Trx, statement: RawBuilder<unknown>): Promise<number> {
  return Number((await statement.execute(trx)).numAffectedRows ?? 0n);
}

/** Resident numbers that stand on more than one row, at most ten of them. */
export async function findDuplicates(trx: Trx): Promise<{ residentNumber: string; rows: number }[]> {
  return await trx
    .selectFrom('importStagedPerson')
    .select(['residentNumber', (count) => count.fn.countAll<number>().as('rows')])
    .groupBy('residentNumber')
    .having((count) => count.fn.countAll(), '>', 1)
    .orderBy('residentNumber')
    .limit(10)
    .execute();
}
