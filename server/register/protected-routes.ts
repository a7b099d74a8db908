import { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { passNames } from '../passes/queries.ts';
import { PROTECTED_SUB_KIND_NAMES } from './circumstance.ts';
import { listDueProtected, listOpenReleases } from './circumstance-queries.ts';
import { answerLetterRelease, askLetterRelease, releaseAddress } from './protected-release.ts';

/** Protected people (支援措置等): what is to be reviewed, and what is released for a purpose and a time. */
export function protectedRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;

  router.get('/protected', requireRight(context, 'person.protect'), async (request, response) => {
    const actor = actorOf(request, context);
    const due = await listDueProtected(db, businessDay(clock.now()));
    const releases = await listOpenReleases(db, clock.now());
    await inTransaction(db, async (trx) =>
      recordEvent(trx, actor, { kind: 'protected.listed', rows: due.length + releases.length }),
    );
    response.render('register/circumstances/protected', {
      title: '支援措置等の見直しと承認',
      ...passNames,
      due,
      releases,
      accountId: actor.accountId,
      subKindNames: PROTECTED_SUB_KIND_NAMES,
      today: businessDay(clock.now()),
    });
  });

  router.post(
    '/people/:id/address-release',
    requireRight(context, 'person.protected-address'),
    async (request, response) => {
      const personId = readId(request.params.id);
      const { reason } = readForm(request, ['reason']);
      await releaseAddress(db, actorOf(request, context), personId, reason);
      response.redirect(303, `/people/${personId}`);
    },
  );

  router.post(
    '/passes/:id/letter-release',
    requireRight(context, 'letter.protected'),
    async (request, response) => {
      const { reason } = readForm(request, ['reason']);
      await askLetterRelease(db, actorOf(request, context), readId(request.params.id), reason);
      response.redirect(303, `/passes/${readId(request.params.id)}`);
    },
  );

  router.post(
    '/letter-releases/:id',
    requireRight(context, 'letter.protected-approve'),
    async (request, response) => {
      const { answer, version } = readForm(request, ['answer', 'version']);
      if (answer !== 'approve' && answer !== 'reject')
        throw new Invalid({ answer: '承認か却下を選んでください。' });
      const release = {
        id: readId(request.params.id),
        version: readId(version),
        isApproved: answer === 'approve',
      };
      await answerLetterRelease(db, actorOf(request, context), release);
      response.redirect(303, '/protected');
    },
  );

  return router;
}
