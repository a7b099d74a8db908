import { type RawBuilder, sql } from 'kysely';
import { perEngine } from '../db/dialect.ts';
import type { Trx } from '../db/schema.ts';
import { CATEGORIES, type Category } from '../register/person.ts';
import { ACTIVE } from './columns.ts';

/** Who is eligible, counted: altogether, by category (several are possible), by year of birth. */
export interface Population {
  people: number;
  byCategory: Record<Category, number>;
  byBirthYear: Map<number, number>;
}

/** The eligible people of the register as it stands. */
export async function populationBefore(trx: Trx): Promise<Population> {
  const population = { people: 0, byCategory: { elderly: 0, disabled: 0, child: 0 }, byBirthYear: new Map() };
  add(population, await counted(trx, sql`person where ${ACTIVE}`), 1);
  return population;
}

/**
 * The eligible people as they would be once the compared rows are applied: those of `before` without the ones
 * the file touches, and these again as the file has them.
 */
export async function populationAfter(trx: Trx, before: Population): Promise<Population> {
  const { people, byCategory, byBirthYear } = before;
  const population = { people, byCategory: { ...byCategory }, byBirthYear: new Map(byBirthYear) };
  const touched = sql`person where ${ACTIVE} and id in (
    select person_id from import_difference where field = 'outcome' and new_value = 'gone'
    union all select person_id from import_staged_person where person_id is not null and outcome <> 'same')`;
  const staged = sql`import_staged_person where outcome in ('new', 'changed', 'returned') and resident_status = 1
    and not exists (select 1 from person p where p.id = import_staged_person.person_id and p.exclusion_source = 'clerk')`;
  add(population, await counted(trx, touched), -1);
  add(population, await counted(trx, staged), 1);
  return population;
}

interface Count {
  birthYear: number;
  isElderly: number;
  isDisabled: number;
  isChild: number;
  people: number;
}

async function counted(trx: Trx, from: RawBuilder<unknown>): Promise<Count[]> {
  const year = perEngine<number>({
    sqlite: sql`cast(substr(birth_earliest_on, 1, 4) as integer)`,
    mssql: sql`year(birth_earliest_on)`,
  });
  const { rows } = await sql<Count>`
    select ${year} as birth_year, is_elderly, is_disabled, is_child, count(*) as people
    from ${from} group by ${year}, is_elderly, is_disabled, is_child`.execute(trx);
  return rows;
}

function add(population: Population, counts: readonly Count[], sign: 1 | -1): void {
  for (const count of counts) {
    const people = sign * Number(count.people);
    const flags = { elderly: count.isElderly, disabled: count.isDisabled, child: count.isChild };
    population.people += people;
    for (const category of CATEGORIES) if (flags[category] === 1) population.byCategory[category] += people;
    const ofYear = population.byBirthYear.get(count.birthYear) ?? 0;
    population.byBirthYear.set(count.birthYear, ofYear + people);
  }
}
