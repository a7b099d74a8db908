import { type Request, type Response, Router } from 'express';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { Invalid } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { halfWidth } from '../names/half-width.ts';
import { listOffices } from '../offices/queries.ts';
import { passNames } from './queries.ts';
import { listStockRanges } from './stock.ts';
import { addStockRange, removeStockRange } from './stock-ranges.ts';

/** Pre-printed passes (印字済みの用紙): which numbers of this and the next year lie at which office. */
export function stockRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'pass.stock');

  const show = async (response: Response, typed: object, errors: object = {}) => {
    const present = fiscalYearOf(businessDay(clock.now()));
    const years = [present, present + 1];
    response.render('passes/stock', {
      title: '印字済みの用紙',
      ...passNames,
      years,
      ranges: (await Promise.all(years.map((year) => listStockRanges(db, year)))).flat(),
      offices: await listOffices(db),
      typed,
      errors,
    });
  };

  router.get('/pass-stock', right, async (_request, response) => show(response, {}));

  router.post('/pass-stock', right, async (request: Request, response) => {
    const typed = readForm(request, ['fiscalYear', 'firstNumber', 'lastNumber', 'officeCode']);
    try {
      const present = fiscalYearOf(businessDay(clock.now()));
      const fiscalYear = [present, present + 1].find((year) => String(year) === typed.fiscalYear);
      if (fiscalYear === undefined) throw new Invalid({ fiscalYear: '年度を選んでください。' });
      if (!(await listOffices(db)).some(({ code }) => code === typed.officeCode)) {
        throw new Invalid({ officeCode: '配った課・特別出張所を選んでください。' });
      }
      const [firstNumber, lastNumber] = [numberOf(typed.firstNumber), numberOf(typed.lastNumber)];
      const range = { fiscalYear, firstNumber, lastNumber, officeCode: typed.officeCode };
      await addStockRange(db, actorOf(request, context), range);
      response.redirect(303, '/pass-stock');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(response.status(422), typed, error.fields);
    }
  });

  router.post('/pass-stock/:id/remove', right, async (request, response) => {
    await removeStockRange(db, actorOf(request, context), readId(request.params.id));
    response.redirect(303, '/pass-stock');
  });

  return router;
}

function numberOf(typed: string): number {
  return readId(halfWidth(typed).replace(/^0+/, ''));
}
