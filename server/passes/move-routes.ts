import { type Request, type Response, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { recordView } from '../register/view-person.ts';
import { revokePass, SURRENDER_REASON_NAMES, surrenderPass } from './end-pass.ts';
import { getPass, getPassByNumber, listReturned } from './find-pass.ts';
import { readDay, tidy } from './forms.ts';
import { parsePassNumber } from './pass-number.ts';
import { passNames } from './queries.ts';
import { RETURN_MOVES } from './return-stages.ts';
import { advanceReturn, recordReturnedMail } from './returned-mail.ts';

/** What becomes of a pass after it was issued: 返還・返戻・交付取消. */
export function passMoveRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const move = requireRight(context, 'pass.move');

  const show = async (request: Request, response: Response, told: object = {}) => {
    const pass = await getPass(db, readId(request.params.id));
    await recordView(db, actorOf(request, context), pass.personId);
    response.render('passes/pass', {
      title: '入浴証の処理',
      ...passNames,
      surrenderReasonNames: SURRENDER_REASON_NAMES,
      pass,
      nextStages: pass.returnStage === null ? [] : RETURN_MOVES[pass.returnStage],
      today: formatWarekiShort(businessDay(clock.now())),
      typed: {},
      errors: {},
      ...told,
    });
  };

  /** Does an act on a pass and goes back to its person; what cannot be read stands in the form again. */
  const act = async (request: Request, response: Response, typed: object, work: () => Promise<void>) => {
    try {
      await work();
      const { personId } = await getPass(db, readId(request.params.id));
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(request, response.status(422), { typed, errors: error.fields });
    }
  };

  router.get('/passes/:id', move, async (request, response) => show(request, response));

  router.post('/passes/:id/surrender', move, async (request, response) => {
    const typed = readForm(request, ['reason', 'version']);
    const pass = { passId: readId(request.params.id), version: readId(typed.version), reason: typed.reason };
    await act(request, response, typed, () => surrenderPass(db, actorOf(request, context), pass));
  });

  router.post('/passes/:id/revoke', requireRight(context, 'pass.revoke'), async (request, response) => {
    const typed = readForm(request, ['reason', 'version']);
    const pass = { passId: readId(request.params.id), version: readId(typed.version), reason: typed.reason };
    await act(request, response, typed, () => revokePass(db, actorOf(request, context), pass));
  });

  router.post('/passes/:id/returned-mail', move, async (request, response) => {
    const typed = readForm(request, ['returnedOn', 'reason', 'note', 'version']);
    await act(request, response, typed, async () => {
      const faults: Record<string, string> = {};
      const today = businessDay(clock.now());
      const returnedOn = readDay(
        typed.returnedOn,
        '返戻日',
        today,
        (problem) => (faults.returnedOn = problem),
      );
      if (faults.returnedOn !== undefined) throw new Invalid(faults);
      const mail = {
        passId: readId(request.params.id),
        version: readId(typed.version),
        reason: typed.reason,
      };
      await recordReturnedMail(db, actorOf(request, context), {
        ...mail,
        returnedOn,
        note: tidy(typed.note, 200),
      });
    });
  });

  router.post('/passes/:id/return-stage', move, async (request, response) => {
    const typed = readForm(request, ['stage', 'note', 'version']);
    const step = { passId: readId(request.params.id), version: readId(typed.version), stage: typed.stage };
    const note = tidy(typed.note, 200);
    await act(request, response, typed, () =>
      advanceReturn(db, actorOf(request, context), { ...step, note }),
    );
  });

  const showReturned = async (request: Request, response: Response, number: string, problem?: string) => {
    const returned = await listReturned(db);
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actorOf(request, context), { kind: 'returned-mail.listed', rows: returned.length }),
    );
    const told = { number, problem, returnTo: '/returned-mail' };
    response.render('passes/returned', { title: '返戻', ...passNames, returned, ...told });
  };

  router.get('/returned-mail', move, async (request, response) => showReturned(request, response, ''));

  // The number on the returned envelope, typed or read by a barcode reader, leads to its pass.
  router.post('/returned-mail', move, async (request, response) => {
    const { number } = readForm(request, ['number']);
    const again = (problem: string) => showReturned(request, response.status(422), number, problem);
    const read = parsePassNumber(number);
    if (read === undefined) return again('整理番号は「26-000123」または「123」の形で入力してください。');
    try {
      response.redirect(303, `/passes/${await getPassByNumber(db, read)}`);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await again(error.message);
    }
  });

  return router;
}
