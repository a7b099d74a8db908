import { Router } from 'express';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listLetters } from '../letters/queries.ts';
import { judgePeople, listPasses, passNames } from '../passes/queries.ts';
import { changePhone } from './change-contact.ts';
import { birthOf, CATEGORY_NAMES, CIRCUMSTANCE_NAMES, categoriesOf, SEX_NAMES } from './person.ts';
import { getPerson, listCircumstances, searchPeople } from './queries.ts';
import { recordSearch, recordView } from './view-person.ts';

const MAX_TERMS = 100;

export function registerRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const names = {
    ...passNames,
    categoriesOf,
    categoryNames: CATEGORY_NAMES,
    circumstanceNames: CIRCUMSTANCE_NAMES,
    birthOf,
    sexNames: SEX_NAMES,
  };

  // A search is a POST: what was typed must not stand in an address, a history or a log.
  router.post('/search', requireRight(context, 'register.search'), async (request, response) => {
    const terms = readForm(request, ['terms']).terms.trim().slice(0, MAX_TERMS);
    const today = businessDay(clock.now());
    const { people, isCut } = await searchPeople(db, terms, today);
    await recordSearch(db, actorOf(request, context), terms, people.length);
    const verdicts = await judgePeople(db, people, fiscalYearOf(today));
    response.render('register/search', {
      title: '台帳の検索',
      ...names,
      terms,
      people,
      isCut,
      verdicts,
      today,
    });
  });

  router.get('/people/:id', requireRight(context, 'register.view'), async (request, response) => {
    const shown = await personPage(context, readId(request.params.id));
    await recordView(db, actorOf(request, context), shown.person.id);
    response.render('register/person', { ...names, ...shown, errors: {}, typed: {} });
  });

  router.post('/people/:id/phone', requireRight(context, 'register.edit'), async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ['phone', 'version']);
    try {
      const change = { personId, version: readId(typed.version), phone: typed.phone };
      await changePhone(db, actorOf(request, context), change);
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const errors = error instanceof Invalid ? error.fields : { phone: error.message };
      const shown = await personPage(context, personId);
      await recordView(db, actorOf(request, context), personId);
      response.status(error.status).render('register/person', { ...names, ...shown, errors, typed });
    }
  });

  return router;
}

/** Everything the person's page shows. */
async function personPage({ db, clock }: AppContext, id: number) {
  const today = businessDay(clock.now());
  const fiscalYear = fiscalYearOf(today);
  const person = await getPerson(db, id);
  const passes = await listPasses(db, [id]);
  const verdicts = await judgePeople(db, [person], fiscalYear);
  const circumstances = await listCircumstances(db, id, today);
  const letters = await listLetters(db, id);
  const verdict = verdicts.get(id)!;
  return { title: '個人票', person, passes, verdict, circumstances, letters, currentYear: fiscalYear, today };
}
