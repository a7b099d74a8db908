import { sql } from 'kysely';
import { fiscalYearStart } from '../calendar/fiscal-year.ts';
import { addMonths, type LocalDate } from '../calendar/local-date.ts';
import { monthOf } from '../db/dialect.ts';
import type { Database } from '../db/schema.ts';
import { APPLICATION_KINDS, type ApplicationKind, type DeliveryMethod } from '../passes/pass.ts';
import { EXCLUSION_REASON_NAMES } from '../passes/verdict.ts';

export type ExclusionReason = keyof typeof EXCLUSION_REASON_NAMES;
export const EXCLUSION_REASONS = Object.keys(EXCLUSION_REASON_NAMES) as ExclusionReason[];

/** One month of a fiscal year: passes issued by kind of application, passes that came back, people excluded. */
export interface MonthRow {
  /** YYYY-MM */
  month: string;
  issued: Record<ApplicationKind, number>;
  returned: number;
  excluded: Record<ExclusionReason, number>;
}

interface Counted {
  month: string;
  what: string;
  times: number;
}

/** What happened in each month of a fiscal year up to a day, the months to come as zeros. */
export async function countByMonth(
  db: Database,
  fiscalYear: number,
  untilOn: LocalDate,
): Promise<MonthRow[]> {
  const from = fiscalYearStart(fiscalYear);
  const before = fiscalYearStart(fiscalYear + 1);
  const within = (column: string) =>
    sql`${sql.ref(column)} >= ${sql.lit(from)} and ${sql.ref(column)} < ${sql.lit(before)} and ${sql.ref(column)} <= ${sql.lit(untilOn)}`;
  const month = (column: string) => monthOf(sql.ref(column));
  const { rows } = await sql<Counted>`
    select month, what, count(*) as times from (
      select ${month('p.issued_on')} as month, a.kind as what from pass p join application a on a.id = p.application_id
        where ${within('p.issued_on')} and p.fiscal_year = ${sql.lit(fiscalYear)}
      union all
      select ${month('p.returned_on')}, 'back' from pass p where ${within('p.returned_on')}
      union all
      select ${month('p.excluded_on')}, p.exclusion_reason from person p where ${within('p.excluded_on')}
        and p.exclusion_source <> 'undone'
    ) as act group by month, what`.execute(db);
  return Array.from({ length: 12 }, (_, at) => {
    const name = addMonths(from, at).slice(0, 7);
    const times = (what: string) =>
      Number(rows.find((row) => row.month === name && row.what === what)?.times ?? 0);
    const tally = <K extends string>(kinds: readonly K[]) =>
      Object.fromEntries(kinds.map((kind) => [kind, times(kind)])) as Record<K, number>;
    return {
      month: name,
      issued: tally(APPLICATION_KINDS),
      returned: times('back'),
      excluded: tally(EXCLUSION_REASONS),
    };
  });
}

export interface PlaceRow {
  officeCode: string;
  officeName: string;
  method: DeliveryMethod;
  times: number;
}

/** Passes of a fiscal year issued up to a day, by place and method (交付場所 × 交付方法). */
export async function countByPlace(
  db: Database,
  fiscalYear: number,
  untilOn: LocalDate,
): Promise<PlaceRow[]> {
  const rows = await db
    .selectFrom('pass')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .select(['pass.issuedAtOffice as officeCode', 'office.name as officeName'])
    .select(['pass.deliveryMethod as method', (count) => count.fn.countAll<number>().as('times')])
    .where('pass.fiscalYear', '=', fiscalYear)
    .where('pass.issuedOn', '<=', untilOn)
    .groupBy(['pass.issuedAtOffice', 'office.name', 'pass.deliveryMethod'])
    .orderBy('pass.issuedAtOffice')
    .execute();
  return rows.map((row) => ({ ...row, times: Number(row.times) }));
}

/** The fiscal years of which there are passes, newest first, at most `most`. */
export async function listPassYears(db: Database, most: number): Promise<number[]> {
  const rows = await db
    .selectFrom('pass')
    .select('fiscalYear')
    .distinct()
    .orderBy('fiscalYear', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ fiscalYear }) => fiscalYear);
}
