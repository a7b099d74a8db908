import { AGE_RULES, type AgeRule, birthsReaching, reachesAgeOn } from '../calendar/age.ts';
import { fiscalYearEnd, fiscalYearOf, fiscalYearStart } from '../calendar/fiscal-year.ts';
import { addDays, type LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { unsaidYearRule } from './year-rule.ts';

// When an age counts as reached (年齢の到達日), by the rules of the fiscal years (年度の決まり). Whoever reaches the
// age by law in a fiscal year reaches it under the rule of that year: so everybody does on one day, and only one, even
// where the rule changes.

/** The rules of the years that somebody has set. */
export type AgeRules = ReadonlyMap<number, AgeRule>;

export async function readAgeRules(db: Database | Trx): Promise<AgeRules> {
  const rows = await db.selectFrom('fiscalYearRule').select(['fiscalYear', 'ageRule']).execute();
  return new Map(rows.map(({ fiscalYear, ageRule }) => [fiscalYear, ageRule]));
}

const ruleOf = (rules: AgeRules, year: number) => rules.get(year) ?? unsaidYearRule(year).ageRule;

/** The day on which somebody born on a day counts as `age`. */
export function reachesUnder(rules: AgeRules, birthOn: LocalDate, age: number): LocalDate {
  return reachesAgeOn(birthOn, age, ruleOf(rules, fiscalYearOf(reachesAgeOn(birthOn, age))));
}

export interface Births {
  firstOn: LocalDate;
  lastOn: LocalDate;
}

/** The birth dates with which an age is reached on one of the days from `from` to `to`: ranges, the earliest first. */
export function birthsReachingUnder(rules: AgeRules, age: number, from: LocalDate, to: LocalDate): Births[] {
  const ranges: Births[] = [];
  const askedUnder = new Map(AGE_RULES.map((rule) => [rule, birthsReaching(age, from, to, rule)]));
  // A rule moves the day by a year at most.
  for (let year = fiscalYearOf(from) - 1; year <= fiscalYearOf(to) + 1; year += 1) {
    const ofYear = birthsReaching(age, fiscalYearStart(year), fiscalYearEnd(year));
    const asked = askedUnder.get(ruleOf(rules, year));
    if (ofYear === undefined || asked === undefined) continue;
    const firstOn = ofYear.firstOn > asked.firstOn ? ofYear.firstOn : asked.firstOn;
    const lastOn = ofYear.lastOn < asked.lastOn ? ofYear.lastOn : asked.lastOn;
    const last = ranges.at(-1);
    if (firstOn > lastOn) continue;
    if (last !== undefined && addDays(last.lastOn, 1) === firstOn) last.lastOn = lastOn;
    else ranges.push({ firstOn, lastOn });
  }
  return ranges;
}
