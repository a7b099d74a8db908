import type { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { readDay, tell } from './forms.ts';
import {
  countRuns,
  LOG_HEADINGS,
  type LogFilter,
  listRuns,
  RUN_KIND_NAMES,
  RUN_KINDS,
  readLogRows,
} from './print-log.ts';

const FORM_FIELDS = ['fromOn', 'untilOn', 'kind', 'words', 'purpose', 'encoding'] as const;
type TypedFilter = Record<'fromOn' | 'untilOn' | 'kind' | 'words', string>;

/** Looking into the print log and taking it out as CSV. */
export function logRoutes(context: AppContext, router: Router): void {
  const { db, clock } = context;
  const right = requireRight(context, 'letter.log');

  const page = async (request: Parameters<typeof actorOf>[0], typed: TypedFilter) => {
    const { filter, errors } = readFilter(typed);
    const listed = filter === undefined ? { runs: [], isCut: false } : await listRuns(db, filter);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), { kind: 'print-log.viewed', rows: listed.runs.length }),
    );
    return {
      title: '印刷記録',
      ...listed,
      typed,
      errors,
      kindNames: RUN_KIND_NAMES,
      message: undefined,
      purpose: '',
    };
  };

  router.get('/print-log', right, async (request, response) => {
    const today = formatWarekiShort(businessDay(clock.now()));
    const typed = { fromOn: today, untilOn: today, kind: '', words: '' };
    response.render('letters/print-log', await page(request, typed));
  });

  // A search is a POST: what was typed must not stand in an address, a history or a log.
  router.post('/print-log', right, async (request, response) => {
    // The one form has what is only for the CSV as well.
    const { purpose: _, encoding: __, ...typed } = readForm(request, FORM_FIELDS);
    const shown = await page(request, typed);
    response.status(Object.keys(shown.errors).length > 0 ? 422 : 200).render('letters/print-log', shown);
  });

  router.post('/print-log/export', requireRight(context, 'letter.log'), async (request, response) => {
    const { purpose, encoding, ...typed } = readForm(request, FORM_FIELDS);
    const { filter, errors } = readFilter(typed);
    if (purpose.trim() === '') errors.purpose = '出力の目的を入力してください。操作記録に残ります。';
    if (filter === undefined || Object.keys(errors).length > 0) {
      const shown = await page(request, typed);
      response.status(422).render('letters/print-log', { ...shown, errors, purpose });
      return;
    }
    const file = {
      name: `print-log-${filter.fromOn}-${filter.untilOn}.csv`,
      headings: LOG_HEADINGS,
      encoding: readCsvEncoding(encoding),
    };
    try {
      await requireEncodable(file.encoding, readLogRows(db, filter));
    } catch (error) {
      const told = tell(error);
      response
        .status(told.status)
        .render('letters/print-log', { ...(await page(request, typed)), ...told, purpose });
      return;
    }
    const rows = await countRuns(db, filter);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), {
        kind: 'print-log.exported',
        rows,
        purpose: purpose.trim().slice(0, 200),
      }),
    );
    await sendCsv(response, file, readLogRows(db, filter));
  });
}

function readFilter(typed: TypedFilter): { filter?: LogFilter; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const fromOn = readDay(typed.fromOn);
  const untilOn = readDay(typed.untilOn);
  if (fromOn === '') errors.fromOn = '最初の日を日付として読めません。例）R8.11.20';
  if (untilOn === '') errors.untilOn = '最後の日を日付として読めません。例）R8.11.20';
  else if (untilOn < fromOn) errors.untilOn = '最後の日が最初の日より前になっています。';
  if (Object.keys(errors).length > 0) return { errors };
  const kind = RUN_KINDS.find((one) => one === typed.kind);
  const words = typed.words.trim().slice(0, 60);
  return { filter: { fromOn, untilOn, words, ...(kind === undefined ? {} : { kind }) }, errors };
}
