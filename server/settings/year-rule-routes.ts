import { type Response, Router } from 'express';
import type { AgeRule } from '../calendar/age.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { halfWidth } from '../names/half-width.ts';
import { changeYearRule } from './change-year-rule.ts';
import { readYearRules } from './year-rule.ts';

const AGE_RULE_NAMES: Readonly<Record<AgeRule, string>> = {
  'legal-previous-day': '誕生日の前日（法律の数え方）',
  birthday: '誕生日',
  'month-first': '誕生月の初日',
  'fiscal-year-end': '年度の初日（その年度中に達する人）',
  'base-date': '達した後の最初の4月1日',
};

const FIELDS = ['fiscalYear', 'lossReissues', 'issueFromOn', 'ageRule', 'version'] as const;

/** The rules of this and the next fiscal year (年度の決まり). */
export function yearRuleRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'setting.change');

  const show = async (response: Response, told: object = {}) => {
    const present = fiscalYearOf(businessDay(clock.now()));
    const rules = await readYearRules(db, [present, present + 1]);
    response.render('settings/year-rules', {
      title: '年度の決まり',
      rules: rules.map((rule) => ({ ...rule, issueFromOn: formatWarekiShort(rule.issueFromOn) })),
      ageRules: Object.entries(AGE_RULE_NAMES),
      typed: {},
      errors: {},
      message: undefined,
      ...told,
    });
  };

  router.get('/year-rules', right, async (_request, response) => show(response));

  router.post('/year-rules', right, async (request, response) => {
    const typed = readForm(request, FIELDS);
    try {
      const present = fiscalYearOf(businessDay(clock.now()));
      const fiscalYear = [present, present + 1].find((year) => String(year) === typed.fiscalYear);
      if (fiscalYear === undefined) throw new Invalid({ fiscalYear: '年度を選んでください。' });
      const from = parseDate(typed.issueFromOn);
      if ('problem' in from) throw new Invalid({ issueFromOn: `交付を始める日: ${from.problem}` });
      await changeYearRule(db, actorOf(request, context), {
        fiscalYear,
        lossReissues: numberOf(typed.lossReissues),
        issueFromOn: from.date,
        ageRule: typed.ageRule,
        version: /^\d{1,9}$/.test(typed.version) ? Number(typed.version) : -1,
      });
      response.redirect(303, '/year-rules');
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const told = error instanceof Invalid ? { errors: error.fields } : { message: error.message };
      await show(response.status(error.status), { typed, ...told });
    }
  });

  return router;
}

function numberOf(typed: string): number {
  const digits = halfWidth(typed);
  return /^\d{1,2}$/.test(digits) ? Number(digits) : Number.NaN;
}
