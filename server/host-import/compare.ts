import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { ACTIVE, HOST_COLUMNS } from './columns.ts';

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
 * Throws when a person changed since the file was read who was the same then.
 */
export async function compareWithRegister(trx: Trx, runId: number): Promise<Comparison> {
  await requireSameStill(trx);
  await restageByState(trx);
  // A clerk's exclusion is the clerk's: the host neither lifts nor replaces it.
  await sql`
    update import_staged_person set person_id = p.id, outcome = case
      when import_staged_person.resident_status = 1
        and (p.gone_on is not null or p.exclusion_source in ('host', 'gone', 'undone')) then 'returned'
      when p.host_digest = import_staged_person.host_digest
        and (import_staged_person.resident_status = 1 or p.exclusion_source in ('host', 'clerk')) then 'same'
      when import_staged_person.resident_status = 1 or p.exclusion_source = 'clerk' then 'changed'
      else 'ended' end
    from person p where p.resident_number = import_staged_person.resident_number
  `.execute(trx);
  await sql`
    update import_staged_person set outcome = 'ended' where person_id is null and resident_status <> 1
  `.execute(trx);
  const gone = await affectedBy(
    trx,
    sql`
      insert into import_difference (person_id, field, old_value, new_value)
      select id, 'outcome', '', 'gone' from person where ${ACTIVE}
        and id not in (select person_id from import_staged_same)
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
  return {
    new: of('new'),
    changed: of('changed'),
    returned: of('returned'),
    ended: of('ended'),
    same: of('same') + (await countOf(trx, sql`import_staged_same`)),
    gone,
    endedActive: await countOf(
      trx,
      sql`import_staged_person s join person on person.id = s.person_id where s.outcome = 'ended' and ${ACTIVE}`,
    ),
  };
}

/** The import lock keeps others from the host's columns; that it held is seen here. */
async function requireSameStill(trx: Trx): Promise<void> {
  const changed = await countOf(
    trx,
    sql`import_staged_same s join person p on p.id = s.person_id where p.host_digest <> s.host_digest`,
  );
  if (changed > 0) throw new Error(`${changed} people changed while the file was read`);
}

/**
 * A row that says what the register has may yet change somebody's state: who was gone or excluded returns, who
 * left is ended. Such rows are staged in full after all, out of the register.
 */
async function restageByState(trx: Trx): Promise<void> {
  const columns = sql.join(HOST_COLUMNS.map((column) => sql.ref(column)));
  const known = sql.join(HOST_COLUMNS.map((column) => sql.ref(`p.${column}`)));
  const restaged = await affectedBy(
    trx,
    sql`
    insert into import_staged_person (line_number, resident_number, ${columns})
    select s.line_number, s.resident_number, ${known}
    from import_staged_same s join person p on p.id = s.person_id
    where p.gone_on is not null or p.exclusion_source is not null or p.resident_status <> 1`,
  );
  if (restaged === 0) return;
  await sql`
    delete from import_staged_same where line_number in (select line_number from import_staged_person)`.execute(
    trx,
  );
}

async function countOf(trx: Trx, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ people: number }>`select count(*) as people from ${from}`.execute(trx);
  return Number(rows[0]!.people);
}

/** Runs a statement that writes and gives the number of rows it wrote. */
export async function affectedBy(trx: Trx, statement: RawBuilder<unknown>): Promise<number> {
  return Number((await statement.execute(trx)).numAffectedRows ?? 0n);
}

/** Resident numbers that stand on more than one row, at most ten of them. */
export async function findDuplicates(trx: Trx): Promise<{ residentNumber: string; rows: number }[]> {
  return await trx
    .selectFrom((all) =>
      all
        .selectFrom('importStagedPerson')
        .select('residentNumber')
        .unionAll(all.selectFrom('importStagedSame').select('residentNumber'))
        .as('staged'),
    )
    .select(['residentNumber', (count) => count.fn.countAll<number>().as('rows')])
    .groupBy('residentNumber')
    .having((count) => count.fn.countAll(), '>', 1)
    .orderBy('residentNumber')
    .limit(10)
    .execute();
}
