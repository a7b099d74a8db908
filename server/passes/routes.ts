import { type Request, Router } from 'express';
import { mayDo } from '../accounts/rights.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { Forbidden, Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listOffices } from '../offices/queries.ts';
import { recordView } from '../register/view-person.ts';
import { ISSUE_FIELDS, readIssueForm, type TypedIssue } from './forms.ts';
import { issuePasses } from './issue.ts';
import { firstTyped, issuePage, KEPT_FIELDS, type KeptIssue } from './issue-page.ts';

declare module 'express-session' {
  interface SessionData {
    /** The person a pass was just issued to, and what the next member of the family is asked again. */
    justIssued?: { personId: number; kept: KeptIssue };
    /** What was recorded from telephone mode, told there before the next inquiry. */
    handedOver?: { personId: number; passIds: number[] };
  }
}

export function passRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;

  router.get('/people/:id/passes/new', requireRight(context, 'pass.issue'), async (request, response) => {
    const actor = actorOf(request, context);
    const shown = await issuePage(db, request.account!, readId(request.params.id), businessDay(clock.now()));
    await recordView(db, actor, shown.person.id);
    const kept = request.query.like === 'before' ? (request.session.justIssued?.kept ?? {}) : {};
    const typed = firstTyped(shown, actor.officeCode, kept);
    response.render('passes/new', { ...shown, typed, errors: {}, message: undefined });
  });

  router.post('/people/:id/passes', requireRight(context, 'pass.issue'), async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, ISSUE_FIELDS);
    const today = businessDay(clock.now());
    const actor = actorOf(request, context);
    try {
      const offices = (await listOffices(db)).map(({ code }) => code);
      const asked = readIssueForm(typed, personId, today, fiscalYearOf(today), offices);
      requireOverride(request, asked.overrideReason ?? '');
      const passes = await issuePasses(db, actor, asked);
      request.session.justIssued = { personId, kept: keptOf(typed) };
      const isHandover = typed.after === 'lookup';
      if (isHandover) request.session.handedOver = { personId, passIds: passes.map(({ id }) => id) };
      response.redirect(303, isHandover ? '/lookup' : `/people/${personId}`);
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const shown = await issuePage(db, request.account!, personId, today);
      await recordView(db, actor, personId);
      const told =
        error instanceof Invalid
          ? { errors: error.fields, message: undefined }
          : { errors: {}, message: error.message };
      response.status(error.status).render('passes/new', { ...shown, typed, ...told });
    }
  });

  return router;
}

function requireOverride(request: Request, reason: string): void {
  if (reason === '' || mayDo(request.account!, 'pass.override')) return;
  throw new Forbidden('上限を超えた再交付の権限がないため、記録しませんでした。係長に依頼してください。');
}

function keptOf(typed: TypedIssue): KeptIssue {
  return Object.fromEntries(KEPT_FIELDS.map((field) => [field, typed[field]]));
}
