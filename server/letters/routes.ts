import { type Request, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { sendPdf } from '../http/send-pdf.ts';
import { formatPassNumber } from '../passes/pass-number.ts';
import { requireLetterShown } from '../register/protected-release.ts';
import { batchRoutes } from './batch-routes.ts';
import { PROBLEM_KINDS, PROBLEM_NAMES } from './destination.ts';
import { dropHeld, listHeld, PAPER_NAMES } from './held.ts';
import { labelRoutes } from './label-routes.ts';
import { logRoutes } from './log-routes.ts';
import { previewLetter, printLetter } from './print-letter.ts';
import { getLetter } from './queries.ts';
import { renderLetter } from './render-letter.ts';
import { wordingRoutes } from './wording-routes.ts';

export function letterRoutes(context: AppContext): Router {
  const router = Router();
  const { db, config } = context;
  const right = requireRight(context, 'letter.print');

  router.post('/passes/:id/letters', right, async (request, response) => {
    const { reprintReason, printerId } = readForm(request, ['reprintReason', 'printerId']);
    const id = await printLetter(db, config, actorOf(request, context), {
      passId: readId(request.params.id),
      reprintReason: reprintReason.trim().slice(0, 200),
      ...(printerId === '' ? {} : { printerId: readId(printerId) }),
    });
    response.redirect(303, `/letters/${id}.pdf`);
  });

  router.get('/passes/:id/letter-preview.pdf', right, async (request, response) => {
    const actor = actorOf(request, context);
    const { subject, letter } = await previewLetter(db, config, actor.at, readId(request.params.id));
    const pdf = await renderLetter(letter, actor.at, config.municipalityFont, '見本');
    const { personId, passId } = subject;
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actor, { kind: 'letter.previewed', personId, passId }),
    );
    sendPdf(response, pdf, 'cover-letter-sample.pdf');
  });

  router.get('/letters/:id.pdf', right, async (request, response) => {
    const { id, personId, passId, serial, letter, printedAt } = await getLetter(
      db,
      readId(request.params.id),
    );
    await requireLetterShown(db, actorOf(request, context), personId, passId);
    const pdf = await renderLetter(letter, printedAt, config.municipalityFont);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), { kind: 'letter.viewed', personId, passId, letterId: id }),
    );
    sendPdf(response, pdf, `cover-letter-${serial}.pdf`);
  });

  router.get('/letters/held', right, async (request, response) => {
    const problem = readProblem(request);
    const held = await listHeld(db, problem);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), { kind: 'letter.held-viewed', rows: held.length }),
    );
    response.render('letters/held', {
      title: '印刷保留の一覧',
      held,
      problem,
      problemNames: PROBLEM_NAMES,
      paperNames: PAPER_NAMES,
      formatPassNumber,
    });
  });

  router.post('/letters/held/:id/settle', right, async (request, response) => {
    readForm(request, []);
    await dropHeld(db, actorOf(request, context), readId(request.params.id));
    response.redirect(303, '/letters/held');
  });

  router.get('/letters', requireRight(context, 'signed-in'), (_request, response) => {
    response.render('letters/menu', { title: '印刷' });
  });

  batchRoutes(context, router);
  labelRoutes(context, router);
  logRoutes(context, router);
  wordingRoutes(context, router);
  return router;
}

function readProblem(request: Request) {
  return PROBLEM_KINDS.find((kind) => kind === request.query.problem);
}
