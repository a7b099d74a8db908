import { type Request, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { fiscalYearLabel, fiscalYearOf, fiscalYearStart } from '../calendar/fiscal-year.ts';
import { addDays, businessDay, type LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { formatWareki, formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { requireRight } from '../http/require-right.ts';
import { CHARTED, chartOf } from './chart.ts';
import type { Asked } from './cube.ts';
import { statTables } from './tables.ts';

const YEARS_BACK = 10;

/** The statistics (統計): tables with charts, at any base date, and each table as CSV. */
export function statisticsRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'statistics.view');

  const record = async (request: Request, asked: Asked, form: 'screen' | 'csv') => {
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'statistics.viewed', ...asked, form });
    });
  };

  router.get('/statistics', right, async (request, response) => {
    const today = businessDay(clock.now());
    const { asked, typed, errors } = readAsked(request.query, today);
    const tables = asked === undefined ? [] : await statTables(db, asked);
    if (asked !== undefined) await record(request, asked, 'screen');
    else response.status(422);
    const yearStart = fiscalYearStart(fiscalYearOf(today));
    response.render('statistics/statistics', {
      title: '統計',
      asked,
      typed,
      errors,
      message: undefined,
      years: yearChoices(today),
      yearBase: formatWarekiShort(addDays(yearStart, -1)),
      tables: tables.map((table) => {
        const places = CHARTED[table.name];
        return { table, chart: places === undefined ? undefined : chartOf(table, places) };
      }),
      query: new URLSearchParams(typed),
    });
  });

  router.get('/statistics/:table/table.csv', right, async (request, response) => {
    const { asked, errors } = readAsked(request.query, businessDay(clock.now()));
    if (asked === undefined) throw new Invalid(errors);
    const table = (await statTables(db, asked)).find(({ name }) => name === request.params.table);
    if (table === undefined)
      throw new NotFound('この統計表はありません。統計のページから選び直してください。');
    const encoding = readCsvEncoding(request.query.encoding);
    const file = { name: `${table.name}-${asked.baseOn}.csv`, headings: [table.title], encoding };
    const rows = [
      ['対象者の基準日', asked.baseOn],
      ['交付の年度', fiscalYearLabel(asked.fiscalYear)],
      ['交付の時点', asked.untilOn],
      table.headings,
      ...table.rows.map(({ head, cells }) => [head.trim(), ...cells.map(String)]),
    ];
    await requireEncodable(encoding, once(rows));
    await record(request, asked, 'csv');
    await sendCsv(response, file, once(rows));
  });

  return router;
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

function yearChoices(today: LocalDate): [string, string][] {
  const current = fiscalYearOf(today);
  return Array.from({ length: YEARS_BACK + 2 }, (_, at) => current + 1 - at).map((year) => [
    String(year),
    fiscalYearLabel(year),
  ]);
}

interface ReadAsked {
  /** Undefined when something typed is at fault. */
  asked: Asked | undefined;
  typed: { baseOn: string; fiscalYear: string; untilOn: string };
  errors: Record<string, string>;
}

function readAsked(query: Request['query'], today: LocalDate): ReadAsked {
  const text = (name: string, unsaid: string) => {
    const value = query[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : unsaid;
  };
  const year = text('fiscalYear', '');
  const isYear = yearChoices(today).some(([choice]) => choice === year);
  const typed = {
    baseOn: text('baseOn', formatWarekiShort(today)),
    fiscalYear: isYear ? year : String(fiscalYearOf(today)),
    untilOn: text('untilOn', formatWarekiShort(today)),
  };
  const errors: Record<string, string> = {};
  const day = (name: 'baseOn' | 'untilOn', label: string) => {
    const parsed = parseDate(typed[name]);
    if ('problem' in parsed) errors[name] = `${label}: ${parsed.problem}`;
    else if (parsed.date > today)
      errors[name] = `${label}が先の日付になっています。${formatWareki(today)}までの日にしてください。`;
    else return parsed.date;
    return today;
  };
  const baseOn = day('baseOn', '対象者の基準日');
  const untilOn = day('untilOn', '交付の時点');
  const isGood = Object.keys(errors).length === 0;
  return {
    asked: isGood ? { baseOn, fiscalYear: Number(typed.fiscalYear), untilOn } : undefined,
    typed,
    errors,
  };
}
