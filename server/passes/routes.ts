import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listOffices } from '../offices/queries.ts';
import { getPerson } from '../register/queries.ts';
import { recordView } from '../register/view-person.ts';
import { ISSUE_FIELDS, readIssueForm, type TypedIssue } from './forms.ts';
import { issuePass } from './issue.ts';
import { APPLICATION_KIND_NAMES, DELIVERY_METHOD_NAMES } from './pass.ts';
import { judgePeople } from './queries.ts';

export function passRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;

  router.get('/people/:id/passes/new', requireRight(context, 'pass.issue'), async (request, response) => {
    const actor = actorOf(request, context);
    const shown = await issuePage(context, readId(request.params.id));
    await recordView(db, actor, shown.person.id);
    const { verdict, today } = shown;
    const typed: Partial<TypedIssue> = {
      kind:
        verdict.kind === 'issuable' ? 'new' : verdict.mayReissue.lost ? 'reissue_lost' : 'reissue_damaged',
      appliedOn: formatWarekiShort(today),
      issuedOn: formatWarekiShort(today),
      officeCode: actor.officeCode,
      deliveryMethod: 'counter',
      applicant: 'self',
      formKey: randomUUID(),
    };
    response.render('passes/new', { ...shown, typed, errors: {}, message: undefined });
  });

  router.post('/people/:id/passes', requireRight(context, 'pass.issue'), async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ISSUE_FIELDS);
    const today = businessDay(clock.now());
    try {
      const offices = (await listOffices(db)).map(({ code }) => code);
      await issuePass(db, actorOf(request, context), readIssueForm(typed, personId, today, offices));
      response.redirect(303, `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const shown = await issuePage(context, personId);
      await recordView(db, actorOf(request, context), personId);
      const told =
        error instanceof Invalid
          ? { errors: error.fields, message: undefined }
          : { errors: {}, message: error.message };
      response.status(error.status).render('passes/new', { ...shown, typed, ...told });
    }
  });

  return router;
}

async function issuePage({ db, clock }: AppContext, personId: number) {
  const today = businessDay(clock.now());
  const person = await getPerson(db, personId);
  const verdicts = await judgePeople(db, [person], fiscalYearOf(today));
  return {
    title: '入浴証の交付',
    person,
    verdict: verdicts.get(personId)!,
    offices: await listOffices(db),
    kindNames: APPLICATION_KIND_NAMES,
    methodNames: DELIVERY_METHOD_NAMES,
    currentYear: fiscalYearOf(today),
    today,
  };
}
