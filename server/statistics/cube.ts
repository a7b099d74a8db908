import { type RawBuilder, sql } from 'kysely';
import { latestBirthAged } from '../calendar/age.ts';
import { addDays, type LocalDate } from '../calendar/local-date.ts';
import { asDate } from '../db/dialect.ts';
import type { Database } from '../db/schema.ts';
import { CATEGORIES, type Category } from '../register/person.ts';
import { eligibleOn } from './eligible-on.ts';

// Everybody eligible on a day, counted once by all that tables ask for. Every table is a sum over these rows,
// so all of them agree.

export interface Asked {
  /** Who was eligible at the end of this day. */
  baseOn: LocalDate;
  /** The year of the passes, and the day up to which they were issued. */
  fiscalYear: number;
  untilOn: LocalDate;
}

export interface CubeRow {
  /** The first of 高齢, 障害, 児童 that holds; nobody is counted twice. */
  category: Category | 'none';
  /** The lower end of the five years; -1 when the birth date leaves it open. */
  ageFrom: number;
  sex: number;
  /** Of the office whose district it is; the empty text is none. */
  district: string;
  eligible: number;
  /** How many of them held a valid pass. */
  issued: number;
}

export const AGE_UNKNOWN = -1;
export const AGE_STEP = 5;
export const AGE_TOP = 100;
const [FIRST_DAY, LAST_DAY] = ['0001-01-01', '9999-12-30'];

/** Counts the eligible people of a day and who of them held a pass of a year on another. */
export async function countCube(db: Database, { baseOn, fiscalYear, untilOn }: Asked): Promise<CubeRow[]> {
  const category = sql.join(
    CATEGORIES.map((one) => sql`when ${sql.ref(`is_${one}`)} = 1 then ${sql.lit(one)}`),
    sql` `,
  );
  const { rows } = await sql<CubeRow>`
    with ${eligibleOn(baseOn)},
    age_group as (${ageGroups(baseOn)}),
    one as (
      select case ${category} else 'none' end as category, coalesce(g.age_from, ${sql.lit(AGE_UNKNOWN)}) as age_from,
        e.sex, e.district_code as district,
        case when exists (select 1 from pass where pass.person_id = e.id and ${held(fiscalYear, untilOn)})
          then 1 else 0 end as holds
      from eligible e
      left join age_group g on e.birth_earliest_on >= g.first_on and e.birth_latest_on <= g.last_on)
    select category, age_from, sex, district, count(*) as eligible, sum(holds) as issued
    from one group by category, age_from, sex, district`.execute(db);
  return rows.map((row) => ({ ...row, eligible: Number(row.eligible), issued: Number(row.issued) }));
}

/** How many people held a valid pass of a year on a day, eligible or not. */
export async function countHolders(db: Database, fiscalYear: number, untilOn: LocalDate): Promise<number> {
  const { rows } = await sql<{ people: number }>`
    select count(distinct person_id) as people from pass where ${held(fiscalYear, untilOn)}`.execute(db);
  return Number(rows[0]!.people);
}

/** Whether a pass of a year was valid at the end of a day; of one lost and the one in its place only one is. */
function held(fiscalYear: number, untilOn: LocalDate): RawBuilder<unknown> {
  return sql`pass.fiscal_year = ${sql.lit(fiscalYear)} and pass.issued_on <= ${sql.lit(untilOn)}
    and (pass.status = 'valid' or pass.status_on > ${sql.lit(untilOn)})`;
}

/** The five-year age groups by the law's rule (年齢計算ニ関スル法律), each with the birth dates that are wholly in it. */
function ageGroups(baseOn: LocalDate): RawBuilder<unknown> {
  const groups = Array.from({ length: AGE_TOP / AGE_STEP + 1 }, (_, at) => {
    const age = at * AGE_STEP;
    const firstOn = age === AGE_TOP ? FIRST_DAY : addDays(latestBirthAged(age + AGE_STEP, baseOn), 1);
    const lastOn = age === 0 ? LAST_DAY : latestBirthAged(age, baseOn);
    return sql`select ${sql.lit(age)} as age_from, ${asDate(firstOn)} as first_on,
      ${asDate(lastOn)} as last_on`;
  });
  return sql.join(groups, sql` union all `);
}
