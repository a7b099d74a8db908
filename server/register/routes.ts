import { Router } from 'express';
import type { Actor } from '../audit/record-event.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { ChangedMeanwhile, Invalid, Refused } from '../errors.ts';
import { findLastApplied } from '../host-import/queries.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listLetters } from '../letters/queries.ts';
import { judgeBy, judgePeople, listFamily, listPasses, passNames } from '../passes/queries.ts';
import { changePhone } from './change-contact.ts';
import { PLACE_FIELDS } from './fields.ts';
import { listHistory } from './history.ts';
import { maskAddress } from './mask-address.ts';
import { MATCH_NAMES } from './match.ts';
import { birthOf, CATEGORY_NAMES, CIRCUMSTANCE_NAMES, categoriesOf, SEX_NAMES } from './person.ts';
import { isAddressReleased } from './protected-release.ts';
import { getPerson, listCircumstances, listInquiries } from './queries.ts';
import { searchPeople } from './search.ts';
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
    maskAddress,
    placeFields: PLACE_FIELDS,
    sexNames: SEX_NAMES,
    matchNames: MATCH_NAMES,
  };

  // A search is a POST: what was typed must not stand in an address, a history or a log.
  router.post('/search', requireRight(context, 'register.search'), async (request, response) => {
    const terms = readForm(request, ['terms']).terms.trim().slice(0, MAX_TERMS);
    const today = businessDay(clock.now());
    const { people, isCut } = await searchPeople(db, terms, today);
    await recordSearch(db, actorOf(request, context), terms, people);
    const verdicts = await judgePeople(db, people, fiscalYearOf(today));
    response.render('register/search', {
      title: '台帳の検索',
      help: 'search',
      ...names,
      terms,
      people,
      isCut,
      verdicts,
      today,
    });
  });

  router.get('/people/:id', requireRight(context, 'register.view'), async (request, response) => {
    const shown = await personPage(context, actorOf(request, context), readId(request.params.id));
    await recordView(db, actorOf(request, context), shown.person.id);
    const isJustIssued = request.session.justIssued?.personId === shown.person.id;
    const family = isJustIssued ? await listFamily(db, shown.person.id) : [];
    const familyVerdicts = await judgePeople(db, family, shown.currentYear);
    response.render('register/person', { ...names, ...shown, family, familyVerdicts, errors: {}, typed: {} });
  });

  router.post('/people/:id/phone', requireRight(context, 'register.edit'), async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ['phone', 'version']);
    try {
      const change = { personId, version: readId(typed.version), phone: typed.phone };
      await changePhone(db, actorOf(request, context), change);
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (error instanceof ChangedMeanwhile) throw error;
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const errors = error instanceof Invalid ? error.fields : { phone: error.message };
      const shown = await personPage(context, actorOf(request, context), personId);
      await recordView(db, actorOf(request, context), personId);
      response.status(error.status).render('register/person', { ...names, ...shown, errors, typed });
    }
  });

  return router;
}

/** Everything the person's page shows. */
async function personPage({ db, clock }: AppContext, actor: Actor, id: number) {
  const today = businessDay(clock.now());
  const fiscalYear = fiscalYearOf(today);
  const person = await getPerson(db, id);
  const passes = await listPasses(db, [id]);
  return {
    title: '個人票',
    help: 'person',
    person,
    passes,
    verdict: judgeBy(passes, [person], fiscalYear).get(id)!,
    circumstances: await listCircumstances(db, id, today),
    isReleased: person.isProtected === 1 && (await isAddressReleased(db, actor, id)),
    letters: await listLetters(db, id),
    history: await listHistory(db, id),
    inquiries: await listInquiries(db, id),
    lastImport: await findLastApplied(db),
    currentYear: fiscalYear,
    today,
  };
}
