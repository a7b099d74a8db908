import { Router } from 'express';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { passNames } from '../passes/queries.ts';
import { DECISIONS, readSettlement, settleGone } from './gone.ts';
import { countGone, findNewestBase, GONE_A_PAGE, listGone } from './gone-queries.ts';

/** The worklist of those who are no longer on the host's list (消滅・要確認). */
export function goneRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'gone.settle');

  router.get('/gone', right, async (request, response) => {
    const shown = await gonePage(context, actorOf(request, context), readId(request.query.page as string));
    response.render('host-import/gone', {
      ...shown,
      at: undefined,
      typed: {},
      errors: {},
      message: undefined,
    });
  });

  router.post('/gone/:id', right, async (request, response) => {
    const personId = readId(request.params.id);
    const { page, ...typed } = readForm(request, ['decision', 'on', 'note', 'version', 'page']);
    try {
      await settleGone(db, actorOf(request, context), readSettlement(typed, personId, clock.now()));
      response.redirect(303, page === '1' || readId(page) === 0 ? '/gone' : `/gone?page=${readId(page)}`);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const shown = await gonePage(context, actorOf(request, context), readId(page));
      const told =
        error instanceof Invalid
          ? { at: personId, typed, errors: error.fields, message: undefined }
          : { at: undefined, typed: {}, errors: {}, message: error.message };
      response.status(error.status).render('host-import/gone', { ...shown, ...told });
    }
  });

  return router;
}

async function gonePage({ db, clock }: AppContext, actor: Actor, asked: number) {
  const today = businessDay(clock.now());
  const fiscalYear = fiscalYearOf(today);
  const counts = await countGone(db, fiscalYear);
  const pages = Math.max(Math.ceil(counts.people / GONE_A_PAGE), 1);
  const page = Math.min(Math.max(asked, 1), pages);
  const people = await listGone(db, fiscalYear, page);
  await inTransaction(db, async (trx) =>
    recordEvent(trx, actor, { kind: 'gone.listed', rows: people.length }),
  );
  return {
    title: '消滅・要確認',
    people,
    counts,
    page,
    pages,
    today,
    decisions: DECISIONS,
    newestBase: await findNewestBase(db),
    shortDate: formatWarekiShort,
    ...passNames,
  };
}
