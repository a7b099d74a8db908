import { type Actor, recordEvent } from '../audit/record-event.ts';
import { AGE_RULES } from '../calendar/age.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { readYearRule, type YearRule } from './year-rule.ts';

const MOST_REISSUES = 12;

export interface YearRuleChange {
  fiscalYear: number;
  lossReissues: number;
  issueFromOn: LocalDate;
  ageRule: string;
  /** The version the administrator saw; 0 for a year nobody had set. */
  version: number;
}

/** Changes the rules of a fiscal year. Throws Invalid for what cannot be, Refused when a colleague was first. */
export async function changeYearRule(db: Database, actor: Actor, change: YearRuleChange): Promise<void> {
  const { fiscalYear, version } = change;
  const rule = readChange(change);
  const stamp = { changedAt: actor.at.toISOString(), changedBy: actor.accountId };
  try {
    await inTransaction(db, async (trx) => {
      const before = await readYearRule(trx, fiscalYear);
      if (before.version !== version) throw new Refused(CHANGED);
      if (version === 0) {
        await trx
          .insertInto('fiscalYearRule')
          .values({ fiscalYear, ...rule, ...stamp })
          .execute();
      } else {
        const { numUpdatedRows } = await trx
          .updateTable('fiscalYearRule')
          .set({ ...rule, ...stamp, version: version + 1 })
          .where('fiscalYear', '=', fiscalYear)
          .where('version', '=', version)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new Refused(CHANGED);
      }
      for (const field of ['lossReissues', 'issueFromOn', 'ageRule'] as const) {
        const [from, to] = [String(before[field]), String(rule[field])];
        if (from !== to) recordEvent(trx, actor, { kind: 'year-rule.changed', fiscalYear, field, from, to });
      }
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Refused(CHANGED);
    throw error;
  }
}

function readChange({ fiscalYear, lossReissues, issueFromOn, ageRule }: YearRuleChange) {
  const faults: Record<string, string> = {};
  if (!Number.isInteger(lossReissues) || lossReissues < 0 || lossReissues > MOST_REISSUES) {
    faults.lossReissues = `紛失による再交付の上限は0から${MOST_REISSUES}までの整数で入力してください。`;
  }
  // Passes of a year go out in the months before it begins, and never after its first day.
  const [earliest, latest] = [`${fiscalYear}-01-01`, `${fiscalYear}-04-01`];
  if (issueFromOn < earliest || issueFromOn > latest) {
    faults.issueFromOn = '交付を始める日は、その年の1月1日から4月1日までの日にしてください。';
  }
  const known = AGE_RULES.find((one) => one === ageRule);
  if (known === undefined) faults.ageRule = '年齢の到達日の決め方を選んでください。';
  if (known === undefined || Object.keys(faults).length > 0) throw new Invalid(faults);
  return { lossReissues, issueFromOn, ageRule: known } satisfies Partial<YearRule>;
}

const CHANGED =
  'ほかの職員がこの年度の決まりを変えたため、変更しませんでした。画面を開き直して、今の内容を確かめてください。';
