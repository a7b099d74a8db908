import type { AgeRule } from '../calendar/age.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';

/** The rules of one fiscal year (年度の決まり); a year nobody has set has the ward's own. */
export interface YearRule {
  fiscalYear: number;
  /** How often a lost pass is replaced within the year; a damaged one is exchanged without limit. */
  lossReissues: number;
  /** The first day on which passes of this year are issued, in March of the year before. */
  issueFromOn: LocalDate;
  ageRule: AgeRule;
  /** 0 while nobody has set the year. */
  version: number;
}

/** 紛失による再交付は年度内に1度 (区の案内). */
export const UNSAID_LOSS_REISSUES = 1;

/** What holds for a year that nobody has set: 3月1日から翌年度分を交付, 年齢は法律の数え方. */
export function unsaidYearRule(fiscalYear: number): YearRule {
  return {
    fiscalYear,
    lossReissues: UNSAID_LOSS_REISSUES,
    issueFromOn: `${fiscalYear}-03-01`,
    ageRule: 'legal-previous-day',
    version: 0,
  };
}

/** The rules of some fiscal years, in the order asked for. */
export async function readYearRules(db: Database | Trx, fiscalYears: readonly number[]): Promise<YearRule[]> {
  const rows = await db
    .selectFrom('fiscalYearRule')
    .select(['fiscalYear', 'lossReissues', 'issueFromOn', 'ageRule', 'version'])
    .where('fiscalYear', 'in', fiscalYears)
    .execute();
  return fiscalYears.map((year) => rows.find((row) => row.fiscalYear === year) ?? unsaidYearRule(year));
}

/** The rules of one fiscal year. */
export async function readYearRule(db: Database | Trx, fiscalYear: number): Promise<YearRule> {
  return (await readYearRules(db, [fiscalYear]))[0]!;
}
