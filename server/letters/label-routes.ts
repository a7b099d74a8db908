import type { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { formatPassNumber } from '../passes/pass-number.ts';
import { LIST_DAYS, LIST_KINDS, LIST_NAMES, type ListKind } from './batches/batch.ts';
import { PROBLEM_NAMES } from './destination.ts';
import { readDay, tell } from './forms.ts';
import { printLabels } from './labels/print-labels.ts';
import { printPostcards } from './labels/print-postcards.ts';
import { listRunPeople } from './labels/run-people.ts';
import { LABEL_FORMATS, LABEL_SHEETS, type LabelFormat } from './labels/sheets.ts';
import { getRun, RUN_KIND_NAMES } from './print-log.ts';
import { listPrinters } from './printers.ts';
import { countProtected } from './protected-run.ts';

const LABEL_FIELDS = ['listKind', 'fromOn', 'untilOn', 'format', 'startAt', 'reason', 'printerId'] as const;
const NO_RUN = '宛名ラベルとはがきの印刷の記録に、この番号はありません。印刷記録から選び直してください。';
const CARD_FIELDS = ['month', 'cardReason', 'cardPrinterId'] as const;

/** Labels of a list, and postcards for those who reach 60. */
export function labelRoutes(context: AppContext, router: Router): void {
  const { db, config, clock } = context;
  const right = requireRight(context, 'letter.print');

  const page = async () => {
    const today = businessDay(clock.now());
    const day = formatWarekiShort(today);
    return {
      title: '宛名ラベル・はがき',
      sheets: LABEL_SHEETS,
      listNames: LIST_NAMES,
      listDays: LIST_DAYS,
      printers: await listPrinters(db),
      typed: {
        ...{ listKind: 'posts', fromOn: day, untilOn: day, format: LABEL_FORMATS[0], startAt: '1' },
        ...{ reason: '', printerId: '', month: today.slice(0, 7), cardReason: '', cardPrinterId: '' },
      },
      errors: {},
      message: undefined,
    };
  };

  router.get('/labels', right, async (_request, response) => {
    response.render('letters/labels', await page());
  });

  router.post('/labels', right, async (request, response) => {
    const typed = readForm(request, LABEL_FIELDS);
    try {
      const printRunId = await printLabels(db, config, actorOf(request, context), {
        listKind: LIST_KINDS.find((kind) => kind === typed.listKind) ?? ('' as ListKind),
        fromOn: readDay(typed.fromOn),
        untilOn: readDay(typed.untilOn),
        format: LABEL_FORMATS.find((format) => format === typed.format) ?? ('' as LabelFormat),
        startAt: Number(typed.startAt.normalize('NFKC') || Number.NaN),
        reason: typed.reason.trim().slice(0, 200),
        ...(typed.printerId === '' ? {} : { printerId: readId(typed.printerId) }),
      });
      response.redirect(303, `/print-runs/${printRunId}`);
    } catch (error) {
      const told = tell(error);
      const shown = await page();
      response
        .status(told.status)
        .render('letters/labels', { ...shown, ...told, typed: { ...shown.typed, ...typed } });
    }
  });

  router.get('/print-runs/:id', right, async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    if (run.kind !== 'labels' && run.kind !== 'postcards') throw new NotFound(NO_RUN);
    const people = await listRunPeople(db, run.id);
    await inTransaction(db, async (trx) => {
      const event = { kind: 'print-run.viewed' as const, printRunId: run.id, rows: people.length };
      recordEvent(trx, actorOf(request, context), event);
    });
    response.render('letters/print-run', {
      title: `${RUN_KIND_NAMES[run.kind]}の印刷`,
      run,
      printed: people.filter(({ problem }) => problem === ''),
      leftOut: people.filter(({ problem }) => problem !== ''),
      problemNames: PROBLEM_NAMES,
      protectedNow: await countProtected(db, run.id),
      formatPassNumber,
    });
  });

  router.post('/postcards', right, async (request, response) => {
    const typed = readForm(request, CARD_FIELDS);
    try {
      const printRunId = await printPostcards(db, config, actorOf(request, context), {
        month: typed.month.trim(),
        reason: typed.cardReason.trim().slice(0, 200),
        ...(typed.cardPrinterId === '' ? {} : { printerId: readId(typed.cardPrinterId) }),
      });
      response.redirect(303, `/print-runs/${printRunId}`);
    } catch (error) {
      const { errors, ...told } = tell(error);
      const shown = await page();
      const onCard = errors.reason === undefined ? errors : { cardReason: errors.reason };
      response
        .status(told.status)
        .render('letters/labels', { ...shown, ...told, errors: onCard, typed: { ...shown.typed, ...typed } });
    }
  });
}
