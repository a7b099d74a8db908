import { sql } from 'kysely';
import type { Trx } from '../db/schema.ts';

/** What applying the staged rows would do to the register, in people. */
export interface Comparison {
  new: number;
  changed: number;
  returned: number;
  gone: number;
  ended: number;
  same: number;
  /** People in the register who were neither gone nor excluded before. */
  activeBefore: number;
  /** Ended and gone people together were so many of those active. */
  endedActive: number;
}

/**
 * Compares the staged rows with the register, set-based, and writes each row's outcome and person
 * beside it. Nobody who is only on a rejected row counts as gone.
 */
export async function compareWithRegister(trx: Trx, runId: number): Promise<Comparison> {
  await sql`
    update import_staged_person set outcome = case when resident_status = 1 then 'new' else 'ended' end
    where not exists (select 1 from person where person.resident_number = import_staged_person.resident_number)
  `.execute(trx);
  // A clerk's exclusion is the clerk's: the host neither lifts nor replaces it.
  await sql`
    update import_staged_person set person_id = p.id, outcome = case
      when import_staged_person.resident_status = 1 and (p.gone_on is not null or p.exclusion_source in ('host', 'gone')) then 'returned'
      when p.host_digest = import_staged_person.host_digest
        and (import_staged_person.resident_status = 1 or p.exclusion_source in ('host', 'clerk')) then 'same'
      when import_staged_person.resident_status = 1 or p.exclusion_source = 'clerk' then 'changed'
      else 'ended' end
    from person p
    where p.resident_number = import_staged_person.resident_number
      and (p.host_digest <> import_staged_person.host_digest or p.gone_on is not null
        or p.exclusion_source is not null or import_staged_person.resident_status <> 1)
  `.execute(trx);
  const counts = await trx
    .selectFrom('importStagedPerson')
    .select(['outcome', (count) => count.fn.countAll<number>().as('people')])
    .groupBy('outcome')
    .execute();
  const of = (outcome: string) => counts.find((row) => row.outcome === outcome)?.people ?? 0;
  return {
    new: of('new'),
    changed: of('changed'),
    returned: of('returned'),
    ended: of('ended'),
    same: of('same'),
    gone: await countPeople(trx, absentFromFile(runId)),
    activeBefore: await countPeople(trx, sql`gone_on is null and excluded_on is null`),
    endedActive: await countPeople(
      trx,
      sql`gone_on is null and excluded_on is null and exists (
        select 1 from import_staged_person s where s.person_id = person.id and s.outcome = 'ended')`,
    ),
  };
}

/** The condition under which a person of the register is gone: eligible so far, and on no row of the file. */
export function absentFromFile(runId: number) {
  return sql<boolean>`gone_on is null and excluded_on is null
    and not exists (select 1 from import_staged_person s where s.resident_number = person.resident_number)
    and not exists (select 1 from import_row_fault f where f.run_id = ${runId}
      and f.resident_number = person.resident_number and f.severity = 'rejected')`;
}

async function countPeople(trx: Trx, condition: ReturnType<typeof absentFromFile>): Promise<number> {
  const { people } = await trx
    .selectFrom('person')
    .select((count) => count.fn.countAll<number>().as('people'))
    .where(sql<never>`(${condition})`)
    .executeTakeFirstOrThrow();
  return Number(people);
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
