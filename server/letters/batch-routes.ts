import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { formatPassNumber } from '../passes/pass-number.ts';
import {
  BATCH_STATUS_NAMES,
  batchFilePath,
  LIST_DAYS,
  LIST_KINDS,
  LIST_NAMES,
  type ListKind,
} from './batches/batch.ts';
import { makeBatch } from './batches/make-batch.ts';
import { getBatchPage, listBatches } from './batches/queries.ts';
import { remakeFile } from './batches/remake-file.ts';
import { cancelBatch, isPrinting, startBatch } from './batches/start-batch.ts';
import { readDay, tell } from './forms.ts';
import type { LabelRun } from './labels/label-run.ts';
import type { PostcardRun } from './labels/postcard-run.ts';
import { renderRun } from './labels/render-run.ts';
import { getRun } from './print-log.ts';
import { listPrinters } from './printers.ts';
import { requireNoProtected } from './protected-run.ts';

const NAMES = {
  statusNames: BATCH_STATUS_NAMES,
  listNames: LIST_NAMES,
  listDays: LIST_DAYS,
  formatPassNumber,
};
const MAKE_FIELDS = ['listKind', 'fromOn', 'untilOn', 'printerId'] as const;
const NOT_TOLD = { message: undefined, errors: {}, typed: { reason: '' } };
const PROGRESS_EVERY_SECONDS = 2;
const NO_FILE =
  'ファイルは保管する日数を過ぎて消去したため、ありません。一括印刷の画面の「なくなったファイルを作り直す」で、同じものを作り直せます。';

/** Making, printing and looking at batches, and the files that printing makes. */
export function batchRoutes(context: AppContext, router: Router): void {
  const { db, config, clock } = context;
  const right = requireRight(context, 'letter.batch');

  const listPage = async () => ({
    title: '送付状の一括印刷',
    ...NAMES,
    batches: await listBatches(db),
    printers: await listPrinters(db),
  });
  const batchPage = async (id: number) => {
    const shown = await getBatchPage(db, id);
    return { title: '送付状の一括印刷', ...NAMES, ...shown, isPrinting: isPrinting(id) };
  };

  router.get('/letter-batches', right, async (_request, response) => {
    const today = formatWarekiShort(businessDay(clock.now()));
    const typed = { listKind: 'posts', fromOn: today, untilOn: today, printerId: '' };
    response.render('letters/batches', { ...(await listPage()), typed, errors: {}, message: undefined });
  });

  router.post('/letter-batches', right, async (request, response) => {
    const typed = readForm(request, MAKE_FIELDS);
    try {
      const id = await makeBatch(db, actorOf(request, context), {
        listKind: LIST_KINDS.find((kind) => kind === typed.listKind) ?? ('' as ListKind),
        fromOn: readDay(typed.fromOn),
        untilOn: readDay(typed.untilOn),
        ...(typed.printerId === '' ? {} : { printerId: readId(typed.printerId) }),
      });
      response.redirect(303, `/letter-batches/${id}`);
    } catch (error) {
      const told = tell(error);
      response.status(told.status).render('letters/batches', { ...(await listPage()), typed, ...told });
    }
  });

  router.get('/letter-batches/:id', right, async (request, response) => {
    const shown = await batchPage(readId(request.params.id));
    // While it is being printed the page looks again by itself.
    if (shown.batch.status === 'running' && shown.isPrinting) {
      response.setHeader('Refresh', String(PROGRESS_EVERY_SECONDS));
    }
    response.render('letters/batch', { ...shown, ...NOT_TOLD });
  });

  const acting = (act: (request: Request, id: number) => Promise<unknown>): RequestHandler => {
    return async (request, response) => {
      readForm(request, []);
      const id = readId(request.params.id);
      try {
        await act(request, id);
        response.redirect(303, `/letter-batches/${id}`);
      } catch (error) {
        const { message, status } = tell(error);
        response.status(status).render('letters/batch', { ...(await batchPage(id)), ...NOT_TOLD, message });
      }
    };
  };
  router.post(
    '/letter-batches/:id/start',
    right,
    acting((request, id) => startBatch(context, actorOf(request, context), id)),
  );
  router.post(
    '/letter-batches/:id/cancel',
    right,
    acting((request, id) => cancelBatch(db, actorOf(request, context), id)),
  );

  router.post('/print-runs/:id/remake', right, async (request, response) => {
    const { reason } = readForm(request, ['reason']);
    const run = await getRun(db, readId(request.params.id));
    try {
      const typed = reason.trim().slice(0, 200);
      response.redirect(
        303,
        `/letter-batches/${await remakeFile(db, actorOf(request, context), run.id, typed)}`,
      );
    } catch (error) {
      const told = tell(error);
      const shown = await batchPage(run.batchId ?? 0);
      response.status(told.status).render('letters/batch', { ...shown, ...told, typed: { reason } });
    }
  });

  router.get('/print-runs/:id.pdf', requireRight(context, 'letter.print'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    if (run.sha256 === '' || run.kind === 'letter') {
      throw new Refused(
        'このファイルはまだできていないか、送付状1通の印刷です。個人票か一括印刷の画面から開いてください。',
      );
    }
    await requireNoProtected(db, run.id);
    const path = batchFilePath(config.letterDirectory, run.fileName);
    if (run.kind === 'batch' && !existsSync(path)) throw new Refused(NO_FILE);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), {
        kind: 'letter.file-viewed',
        printRunId: run.id,
        addressees: run.addressees,
      }),
    );
    response.setHeader('Content-Disposition', `inline; filename="${run.fileName}"`);
    response.type('application/pdf');
    if (run.kind === 'batch') {
      await pipeline(createReadStream(path), response);
      return;
    }
    const content = JSON.parse(run.content) as LabelRun | PostcardRun;
    const title = content.kind === 'labels' ? run.title : content.title;
    response.send(await renderRun(content, title, new Date(run.printedAt), config.municipalityFont));
  });
}
