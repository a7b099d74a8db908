import { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { printLetter } from './print-letter.ts';
import { getLetter } from './queries.ts';
import { renderCoverLetter } from './render-pdf.ts';

export function letterRoutes(context: AppContext): Router {
  const router = Router();
  const { db } = context;

  router.post('/passes/:id/letters', requireRight(context, 'letter.print'), async (request, response) => {
    const { reprintReason } = readForm(request, ['reprintReason']);
    const id = await printLetter(
      db,
      actorOf(request, context),
      readId(request.params.id),
      reprintReason.slice(0, 200),
    );
    response.redirect(303, `/letters/${id}.pdf`);
  });

  router.get('/letters/:id.pdf', requireRight(context, 'letter.print'), async (request, response) => {
    const { id, personId, passId, serial, letter } = await getLetter(db, readId(request.params.id));
    const pdf = await renderCoverLetter(letter);
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'letter.viewed', personId, passId, letterId: id });
    });
    response
      .type('application/pdf')
      .setHeader('Content-Disposition', `inline; filename="cover-letter-${serial}.pdf"`);
    response.send(pdf);
  });

  return router;
}
