import { type Request, type Response, Router } from 'express';
import { ACTS, type EventKind } from '../audit/event.ts';
import { recordEvent } from '../audit/record-event.ts';
import { addDays, businessDay, isLocalDate } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Forbidden, NotFound, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { sendPdf } from '../http/send-pdf.ts';
import { listOffices } from '../offices/queries.ts';
import { checkDay, closeDay, findClose, getClosedPaper, listOpenDays, whyTooEarly } from './close.ts';
import { ACT_HEADINGS, cellsOf, dayPaper } from './day-paper.ts';
import { ACTS_A_PAGE, type DailyList, type DayFilter, getDailyList, listActorsOf } from './queries.ts';
import { actName } from './words.ts';

const OPEN_DAYS_SHOWN = 60;

/** The daily processing list (日別処理状況リスト): screen, PDF and CSV, its check and its close. */
export function dailyListRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock, config } = context;
  const right = requireRight(context, 'daily-list.view');

  const recordOutput = async (
    request: Request,
    { day, count: rows }: DailyList,
    form: 'screen' | 'pdf' | 'csv',
  ) => {
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'daily-list.viewed', day, form, rows });
    });
  };

  const showDay = async (request: Request, response: Response, message?: string) => {
    const filter = readFilter(request);
    const page = readPage(request.query.page);
    const list = await getDailyList(db, readDay(request.params.day), filter, page);
    await recordOutput(request, list, 'screen');
    const today = businessDay(clock.now());
    const query = asQuery(request);
    response.render('daily-lists/day', {
      title: '日別処理状況リスト',
      list,
      page,
      pages: Math.max(1, Math.ceil(list.count / ACTS_A_PAGE)),
      query,
      filterNames: await filterNames(context, list.day),
      close: await findClose(db, list.day),
      tooEarly: await whyTooEarly(db, list.day, clock.now()),
      openDays: await listOpenDays(db, addDays(today, -OPEN_DAYS_SHOWN), today),
      previous: addDays(list.day, -1),
      next: addDays(list.day, 1),
      today,
      message,
    });
  };

  router.get('/daily-lists', right, (_request, response) => {
    response.redirect(303, `/daily-lists/${businessDay(clock.now())}`);
  });

  router.get('/daily-lists/:day', right, (request, response) => showDay(request, response));

  router.get('/daily-lists/:day/list.pdf', right, async (request, response) => {
    const day = readDay(request.params.day);
    const filter = readFilter(request);
    const close = await findClose(db, day);
    const isWhole = Object.values(filter).every((value) => value === undefined);
    const list = await getDailyList(db, day, filter);
    await recordOutput(request, list, 'pdf');
    if (isWhole && close !== undefined && close.closedAt !== null)
      return sendPdf(response, await getClosedPaper(db, day), `daily-list-${day}.pdf`);
    const names = await filterNames(context, day);
    const conditions = describeFilter(asQuery(request), names);
    const paper = { list, conditions, at: clock.now(), ownFont: config.municipalityFont };
    sendPdf(response, await dayPaper(paper), `daily-list-${day}.pdf`);
  });

  router.get('/daily-lists/:day/list.csv', right, async (request, response) => {
    const list = await getDailyList(db, readDay(request.params.day), readFilter(request));
    const encoding = readCsvEncoding(request.query.encoding);
    const rows = list.acts.map(cellsOf);
    await requireEncodable(encoding, inRuns(rows));
    await recordOutput(request, list, 'csv');
    const file = { name: `daily-list-${list.day}.csv`, headings: ACT_HEADINGS, encoding };
    await sendCsv(response, file, inRuns(rows));
  });

  const confirm = (step: (request: Request, day: string) => Promise<void>) => {
    return async (request: Request, response: Response) => {
      readForm(request, []);
      const day = readDay(request.params.day);
      try {
        await step(request, day);
        response.redirect(303, `/daily-lists/${day}`);
      } catch (error) {
        if (!(error instanceof Refused) && !(error instanceof Forbidden)) throw error;
        response.status(error.status);
        await showDay(request, response, error.message);
      }
    };
  };

  router.post(
    '/daily-lists/:day/check',
    requireRight(context, 'daily-list.check'),
    confirm((request, day) => checkDay(db, actorOf(request, context), day)),
  );

  router.post(
    '/daily-lists/:day/close',
    requireRight(context, 'daily-list.close'),
    confirm((request, day) => closeDay(context, actorOf(request, context), day)),
  );

  return router;
}

async function* inRuns(rows: string[][], atOnce = 1000): AsyncGenerator<string[][]> {
  for (let from = 0; from < rows.length; from += atOnce) yield rows.slice(from, from + atOnce);
}

function readDay(text: string | string[] | undefined): string {
  if (typeof text === 'string' && isLocalDate(text)) return text;
  throw new NotFound('この日付の日別処理状況リストはありません。日付を選び直してください。');
}

function readPage(text: unknown): number {
  return typeof text === 'string' && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1;
}

const JOBS = 'job';

function readFilter({ query }: Request): DayFilter {
  const { office, account, kind } = query;
  return {
    officeCode: typeof office === 'string' && /^\d{2}$/.test(office) ? office : undefined,
    accountId: account === JOBS ? null : readAccount(account),
    kind: ACTS.includes(kind as EventKind) ? (kind as EventKind) : undefined,
  };
}

function readAccount(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** The filter of a request, to be carried on in links; no page number. */
function asQuery(request: Request): URLSearchParams {
  const { officeCode, accountId, kind } = readFilter(request);
  const entries = {
    office: officeCode,
    account: accountId === null ? JOBS : accountId?.toString(),
    kind,
  };
  return new URLSearchParams(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

type FilterNames = Record<'office' | 'account' | 'kind', [string, string][]>;

/** What each part of the filter may be, with its name. */
async function filterNames({ db }: AppContext, day: string): Promise<FilterNames> {
  const offices = await listOffices(db);
  const actors = await listActorsOf(db, day);
  return {
    office: offices.map(({ code, name }) => [code, name]),
    account: actors.map(({ accountId, name }) => [accountId === null ? JOBS : String(accountId), name]),
    kind: ACTS.map((kind) => [kind, actName(kind)]),
  };
}

function describeFilter(query: URLSearchParams, names: FilterNames): string {
  const labels = { office: '場所', account: '担当', kind: '処理' } as const;
  const parts = (['office', 'account', 'kind'] as const).flatMap((part) => {
    const value = query.get(part);
    const name = names[part].find(([code]) => code === value)?.[1] ?? value;
    return value === null ? [] : [`${labels[part]} ${name}`];
  });
  return parts.length === 0 ? 'すべての処理' : parts.join('、');
}
