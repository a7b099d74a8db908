import { type Request, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { addDays, businessDay, isLocalDate } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { requireRight } from '../http/require-right.ts';
import { listOffices } from '../offices/queries.ts';
import { dailyListCsv, dailyListPdf } from './export.ts';
import { type DailyList, getDailyList } from './queries.ts';

export function dailyListRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'daily-list.view');

  const recordOutput = async (request: Request, list: DailyList, form: 'screen' | 'pdf' | 'csv') => {
    await inTransaction(db, async (trx) => {
      const event = { kind: 'daily-list.viewed' as const, day: list.day, form, rows: list.acts.length };
      recordEvent(trx, actorOf(request, context), event);
    });
  };

  router.get('/daily-lists', right, (_request, response) => {
    response.redirect(303, `/daily-lists/${businessDay(clock.now())}`);
  });

  router.get('/daily-lists/:day', right, async (request, response) => {
    const list = await getDailyList(db, readDay(request.params.day), readOffice(request));
    await recordOutput(request, list, 'screen');
    response.render('daily-lists/day', {
      title: '日別処理状況リスト',
      list,
      offices: await listOffices(db),
      office: readOffice(request),
      previous: addDays(list.day, -1),
      next: addDays(list.day, 1),
      today: businessDay(clock.now()),
    });
  });

  router.get('/daily-lists/:day/list.pdf', right, async (request, response) => {
    const list = await getDailyList(db, readDay(request.params.day), readOffice(request));
    const pdf = await dailyListPdf(list);
    await recordOutput(request, list, 'pdf');
    response
      .type('application/pdf')
      .setHeader('Content-Disposition', `inline; filename="daily-list-${list.day}.pdf"`);
    response.send(pdf);
  });

  router.get('/daily-lists/:day/list.csv', right, async (request, response) => {
    const list = await getDailyList(db, readDay(request.params.day), readOffice(request));
    await recordOutput(request, list, 'csv');
    response.setHeader('Content-Disposition', `attachment; filename="daily-list-${list.day}.csv"`);
    response.type('text/csv').send(dailyListCsv(list));
  });

  return router;
}

function readDay(text: string | string[] | undefined): string {
  if (typeof text === 'string' && isLocalDate(text)) return text;
  throw new NotFound('この日付の日別処理状況リストはありません。日付を選び直してください。');
}

function readOffice(request: Request): string | undefined {
  const { office } = request.query;
  return typeof office === 'string' && /^\d{2}$/.test(office) ? office : undefined;
}
