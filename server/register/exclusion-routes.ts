import { type Request, type Response, Router } from 'express';
import { businessDay } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Invalid } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { EXCLUSION_CHOICES, excludePerson, liftExclusion } from './exclude.ts';
import { getPerson } from './queries.ts';
import { recordView } from './view-person.ts';

/** Exclusion by hand (除外) and its lifting (除外解除). */
export function exclusionRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'person.exclude');

  const show = async (
    request: Request,
    response: Response,
    told: { typed?: object; errors?: object } = {},
  ) => {
    const person = await getPerson(db, readId(request.params.id));
    await recordView(db, actorOf(request, context), person.id);
    response.render('register/circumstances/exclusion', {
      title: person.excludedOn === null ? '除外' : '除外の解除',
      person,
      reasons: EXCLUSION_CHOICES,
      typed: { on: formatWarekiShort(businessDay(clock.now())), ...told.typed },
      errors: told.errors ?? {},
    });
  };

  router.get('/people/:id/exclusion', right, async (request, response) => show(request, response));

  router.post('/people/:id/exclusion', right, async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ['on', 'reason', 'note', 'version']);
    try {
      const read = parseDate(typed.on);
      if ('problem' in read) throw new Invalid({ on: `除外日: ${read.problem}` });
      if (read.date > businessDay(clock.now())) {
        throw new Invalid({ on: '除外日が先の日付になっています。今日までの日にしてください。' });
      }
      const seen = { personId, version: readId(typed.version) };
      const exclusion = { on: read.date, reason: typed.reason, note: typed.note.trim().slice(0, 200) };
      await excludePerson(db, actorOf(request, context), seen, exclusion);
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(request, response.status(422), { typed, errors: error.fields });
    }
  });

  router.post('/people/:id/exclusion/lift', right, async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ['note', 'version']);
    try {
      const seen = { personId, version: readId(typed.version) };
      await liftExclusion(db, actorOf(request, context), seen, typed.note.slice(0, 200));
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(request, response.status(422), { typed, errors: error.fields });
    }
  });

  return router;
}
