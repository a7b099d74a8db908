import { type Request, type Response, Router } from 'express';
import { mayDo } from '../accounts/rights.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Forbidden, Invalid } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { addCircumstance, changeCircumstance, endCircumstance } from './change-circumstance.ts';
import { DETAIL_NAMES, isInForce, PROTECTED_SUB_KIND_NAMES } from './circumstance.ts';
import { CIRCUMSTANCE_FIELDS, kindsFor, readCircumstance, typedFrom } from './circumstance-forms.ts';
import { getCircumstance, listAllCircumstances } from './circumstance-queries.ts';
import { CIRCUMSTANCE_NAMES } from './person.ts';
import { isAddressReleased } from './protected-release.ts';
import { getPerson } from './queries.ts';
import { recordView } from './view-person.ts';

/** Circumstances (個別事由) of a person: register, change, end. */
export function circumstanceRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const right = requireRight(context, 'person.circumstance');

  /** Everything of a person's circumstances that this account may see. */
  const page = async (request: Request, personId: number) => {
    const actor = actorOf(request, context);
    const account = request.account!;
    const person = await getPerson(db, personId);
    await recordView(db, actor, personId);
    const today = businessDay(clock.now());
    const mayProtect = mayDo(account, 'person.protect');
    const mayKnow = person.isProtected === 0 || mayDo(account, 'person.protected-mark');
    const hidesPlace = person.isProtected === 1 && !(await isAddressReleased(db, actor, personId));
    const all = mayKnow ? await listAllCircumstances(db, personId) : [];
    return {
      title: '個別事由',
      person,
      mayKnow,
      hidesPlace,
      circumstances: all.map((one) => ({ ...one, isInForce: isInForce(one, today) })),
      kinds: kindsFor(mayProtect).map((kind) => [kind, CIRCUMSTANCE_NAMES[kind]]),
      mayProtect,
      circumstanceNames: CIRCUMSTANCE_NAMES,
      subKindNames: PROTECTED_SUB_KIND_NAMES,
      detailNames: DETAIL_NAMES,
      today: formatWarekiShort(today),
      message: undefined,
    };
  };

  const requireProtect = (request: Request, kind: string) => {
    if (kind !== 'protected' || mayDo(request.account!, 'person.protect')) return;
    throw new Forbidden(
      '支援措置等の登録・変更・終了には権限が必要なため、保存しませんでした。係長に依頼してください。',
    );
  };

  router.get('/people/:id/circumstances', right, async (request, response) => {
    const shown = await page(request, readId(request.params.id));
    response.render('register/circumstances/list', {
      ...shown,
      typed: { kind: 'mailing_address', startsOn: shown.today },
      errors: {},
    });
  });

  router.post('/people/:id/circumstances', right, async (request, response) => {
    const personId = readId(request.params.id);
    const typed = readForm(request, CIRCUMSTANCE_FIELDS);
    requireProtect(request, typed.kind);
    try {
      await addCircumstance(db, actorOf(request, context), personId, readCircumstance(typed));
      response.redirect(303, `/people/${personId}/circumstances`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const shown = { ...(await page(request, personId)), typed, errors: error.fields };
      response.status(422).render('register/circumstances/list', shown);
    }
  });

  const edit = async (
    request: Request,
    response: Response,
    told: { typed?: object; errors?: object } = {},
  ) => {
    const row = await getCircumstance(db, readId(request.params.id));
    requireProtect(request, row.kind);
    const shown = await page(request, row.personId);
    const typed = { ...typedFrom(row), ...(shown.hidesPlace ? HIDDEN_PLACE : {}), ...told.typed };
    response.render('register/circumstances/edit', { ...shown, row, errors: {}, ...told, typed });
  };

  router.get('/circumstances/:id', right, async (request, response) => edit(request, response));

  router.post('/circumstances/:id', right, async (request, response) => {
    const id = readId(request.params.id);
    const typed = readForm(request, [...CIRCUMSTANCE_FIELDS, 'version']);
    const row = await getCircumstance(db, id);
    requireProtect(request, row.kind);
    const actor = actorOf(request, context);
    if (row.kind === 'mailing_address') await requirePlaceShown(actor, row.personId);
    try {
      const details = readCircumstance({ ...typed, kind: row.kind });
      await changeCircumstance(db, actor, { id, version: readId(typed.version) }, details);
      response.redirect(303, `/people/${row.personId}/circumstances`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await edit(request, response.status(422), { typed, errors: error.fields });
    }
  });

  router.post('/circumstances/:id/end', right, async (request, response) => {
    const id = readId(request.params.id);
    const typed = readForm(request, ['endGround', 'version']);
    const row = await getCircumstance(db, id);
    requireProtect(request, row.kind);
    try {
      const seen = { id, version: readId(typed.version) };
      await endCircumstance(db, actorOf(request, context), seen, typed.endGround);
      response.redirect(303, `/people/${row.personId}/circumstances`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await edit(request, response.status(422), { errors: error.fields });
    }
  });

  /** Whoever may not see where a protected person's letters go does not overwrite it either. */
  const requirePlaceShown = async (actor: ReturnType<typeof actorOf>, personId: number) => {
    const { isProtected } = await getPerson(db, personId);
    if (isProtected === 0 || (await isAddressReleased(db, actor, personId))) return;
    throw new Forbidden(
      '支援措置等の対象の人の送付先のため、保存しませんでした。住所の表示を解いてから変更してください。',
    );
  };

  return router;
}

const HIDDEN_PLACE = { addressee: '', postalCode: '', address: '', building: '' };
