import { type Request, type Response, Router } from 'express';
import type { Actor } from '../audit/record-event.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { ChangedMeanwhile, Invalid, Refused } from '../errors.ts';
import { findLastApplied } from '../host-import/queries.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { holdsRight, requireRight } from '../http/require-right.ts';
import { seal, unseal } from '../http/seal.ts';
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
import { findBareYear } from './search-terms.ts';
import { recordSearch, recordView } from './view-person.ts';

declare module 'express-session' {
  interface SessionData {
    /** What was searched for last, sealed. */
    lastSearch?: string;
  }
}

const MAX_TERMS = 100;
const LAST_SEARCH = 'last search';

export function registerRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock, config } = context;
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

  // A search is a POST: what was typed must not stand in an address, a history or a log. It is kept sealed in the
  // session, so that the way back from a person leads to the list.
  router.post('/search', requireRight(context, 'register.search'), async (request, response) => {
    const terms = readForm(request, ['terms']).terms.trim().slice(0, MAX_TERMS);
    request.session.lastSearch = seal(config.sessionSecret, LAST_SEARCH, terms);
    await showSearch(request, response, terms);
  });

  router.get('/search', requireRight(context, 'register.search'), async (request, response) => {
    const terms = unseal(config.sessionSecret, LAST_SEARCH, request.session.lastSearch ?? '');
    if (typeof terms === 'string') await showSearch(request, response, terms);
    else response.redirect(303, '/');
  });

  const showSearch = async (request: Request, response: Response, terms: string) => {
    const today = businessDay(clock.now());
    const { people, isCut, readAs } = await searchPeople(db, terms, today);
    const actor = actorOf(request, context);
    await recordSearch(db, actor, terms, people);
    const isSeenAtOnce = people.length === 1 && holdsRight(request, 'register.view');
    response.render('register/search', {
      title: '台帳の検索',
      returnTo: '/search',
      ...names,
      terms,
      people,
      isCut,
      readAs,
      bareYear: findBareYear(terms, today),
      verdicts: await judgePeople(db, people, fiscalYearOf(today)),
      summary: isSeenAtOnce ? await viewSummary(context, actor, people[0]!.id) : undefined,
      today,
    });
  };

  // The part of a page that the list of a search shows beside itself for the person chosen in it.
  router.get('/people/:id/summary', requireRight(context, 'register.view'), async (request, response) => {
    const shown = await viewSummary(context, actorOf(request, context), readId(request.params.id));
    response.render('register/summary', { ...names, ...shown });
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
async function personPage(context: AppContext, actor: Actor, id: number) {
  const shown = await summaryOf(context, actor, id);
  return { title: '個人票', ...shown, history: await listHistory(context.db, id) };
}

/** What is seen of a person at a glance; that it was seen is recorded. */
async function viewSummary(context: AppContext, actor: Actor, id: number) {
  const shown = await summaryOf(context, actor, id);
  await recordView(context.db, actor, id);
  return shown;
}

async function summaryOf({ db, clock }: AppContext, actor: Actor, id: number) {
  const today = businessDay(clock.now());
  const currentYear = fiscalYearOf(today);
  const person = await getPerson(db, id);
  const passes = await listPasses(db, [id]);
  return {
    person,
    passes,
    verdict: judgeBy(passes, [person], currentYear).get(id)!,
    circumstances: await listCircumstances(db, id, today),
    isReleased: person.isProtected === 1 && (await isAddressReleased(db, actor, id)),
    letters: await listLetters(db, id),
    inquiries: await listInquiries(db, id),
    lastImport: await findLastApplied(db),
    currentYear,
    today,
  };
}
