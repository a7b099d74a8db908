import { type Request, Router } from 'express';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Forbidden, Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listOffices } from '../offices/queries.ts';
import { ACCOUNT_STATE_NAMES, accountState } from './account.ts';
import { addRight, endAddedRight } from './added-right.ts';
import { changeAccount } from './change-account.ts';
import { createAccount } from './create-account.ts';
import { ADDITION_FIELDS, DETAIL_FIELDS, readAddition, readDetails } from './forms.ts';
import { issueNewCode, liftPauses } from './new-code.ts';
import { countFailingTerminals, getAccount, listAccounts, listAddedRights } from './queries.ts';
import { mayBeAdded, RIGHTS, ROLE_NAMES, ROLES, rightsByArea, roleMayDo } from './rights.ts';
import { resumeAccount, stopAccount } from './stop-account.ts';

/** The administrator's screens of accounts, and the table of rights. */
export function manageAccountRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const manage = requireRight(context, 'account.manage');
  const names = { roleNames: ROLE_NAMES, stateNames: ACCOUNT_STATE_NAMES, rights: RIGHTS, roleMayDo };
  const today = () => businessDay(clock.now());

  router.get('/accounts', manage, async (_request, response) => {
    const accounts = await listAccounts(db);
    const shown = accounts.map((one) => ({ ...one, state: accountState(one, today()) }));
    response.render('accounts/list', { title: '職員アカウント', ...names, accounts: shown });
  });

  const newPage = async (typed: object, errors: object) => {
    return { title: '職員アカウントの登録', ...names, offices: await listOffices(db), typed, errors };
  };

  router.get('/accounts/new', manage, async (_request, response) => {
    const typed = { officeCode: '00', validFromOn: formatWarekiShort(today()) };
    response.render('accounts/new', await newPage(typed, {}));
  });

  router.post('/accounts', manage, async (request, response) => {
    const typed = readForm(request, ['loginName', ...DETAIL_FIELDS]);
    try {
      const { loginName, ...details } = typed;
      const given = { loginName: loginName.trim(), ...readDetails(details) };
      const { accountId, code } = await createAccount(db, actorOf(request, context), given);
      response.render('accounts/code', await codePage(accountId, code, '職員アカウントを登録しました'));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      response.status(422).render('accounts/new', await newPage(typed, error.fields));
    }
  });

  // The code stands on the answer to the form and nowhere else: not in an address, not in a session.
  const codePage = async (accountId: number, code: string, done: string) => {
    return { title: 'コードの発行', subject: await getAccount(db, accountId), code, done };
  };

  const accountPage = async (id: number) => {
    const account = await getAccount(db, id);
    return {
      title: '職員アカウントの内容',
      ...names,
      subject: { ...account, state: accountState(account, today()) },
      offices: await listOffices(db),
      addedRights: await listAddedRights(db, today(), id),
      addable: rightsByArea()
        .map(({ area, rights }) => ({
          area,
          rights: rights.filter((right) => mayBeAdded(right) && !roleMayDo(account.role, right)),
        }))
        .filter(({ rights }) => rights.length > 0),
      failingTerminals: await countFailingTerminals(db, account.loginName),
      today: today(),
    };
  };

  const typedOf = (account: Awaited<ReturnType<typeof getAccount>>) => ({
    ...account,
    validFromOn: formatWarekiShort(account.validFromOn),
    validUntilOn: account.validUntilOn === null ? '' : formatWarekiShort(account.validUntilOn),
  });

  router.get('/accounts/:id', manage, async (request, response) => {
    const page = await accountPage(readId(request.params.id));
    const typed = { ...typedOf(page.subject), startsOn: formatWarekiShort(today()) };
    response.render('accounts/account', { ...page, typed, errors: {}, message: undefined });
  });

  /** A form of the account's page: does `act`, then shows the account again, at once or with what was wrong. */
  const post = <Name extends string>(
    path: string,
    fields: readonly Name[],
    act: (typed: Record<Name, string>, accountId: number, request: Request) => Promise<void>,
  ) => {
    router.post(path, manage, async (request, response) => {
      const accountId = readId(request.params.id);
      const typed = readForm(request, fields);
      try {
        await act(typed, accountId, request);
        response.redirect(303, `/accounts/${accountId}`);
      } catch (error) {
        if (!(error instanceof Invalid || error instanceof Refused || error instanceof Forbidden))
          throw error;
        const page = await accountPage(accountId);
        const { version: _, ...kept } = typed as Record<string, string>;
        response.status(error.status).render('accounts/account', {
          ...page,
          typed: { ...typedOf(page.subject), startsOn: formatWarekiShort(today()), ...kept },
          errors: error instanceof Invalid ? error.fields : {},
          message: error instanceof Invalid ? undefined : error.message,
        });
      }
    });
  };

  post('/accounts/:id', ['version', ...DETAIL_FIELDS], async (typed, accountId, request) => {
    const { version, ...details } = typed;
    const seen = { accountId, version: readId(version) };
    await changeAccount(db, actorOf(request, context), seen, readDetails(details));
  });

  post('/accounts/:id/stop', ['version', 'stopGround'], async (typed, accountId, request) => {
    const seen = { accountId, version: readId(typed.version) };
    await stopAccount(db, actorOf(request, context), seen, typed.stopGround);
  });

  post('/accounts/:id/resume', ['version', 'resumeGround'], async (typed, accountId, request) => {
    const seen = { accountId, version: readId(typed.version) };
    await resumeAccount(db, actorOf(request, context), seen, typed.resumeGround);
  });

  post('/accounts/:id/pauses', [], async (_typed, accountId, request) => {
    await liftPauses(db, actorOf(request, context), accountId);
  });

  post('/accounts/:id/rights', ADDITION_FIELDS, async (typed, accountId, request) => {
    await addRight(db, actorOf(request, context), readAddition(typed, accountId));
  });

  post('/accounts/:id/rights/:addition/end', [], async (_typed, accountId, request) => {
    await endAddedRight(db, actorOf(request, context), accountId, readId(request.params.addition));
  });

  router.post('/accounts/:id/code', manage, async (request, response) => {
    const accountId = readId(request.params.id);
    const { version } = readForm(request, ['version']);
    const seen = { accountId, version: readId(version) };
    const code = await issueNewCode(db, actorOf(request, context), seen);
    response.render('accounts/code', await codePage(accountId, code, '再設定コードを発行しました'));
  });

  router.get('/rights', requireRight(context, 'account.view-rights'), async (_request, response) => {
    response.render('accounts/rights', {
      title: '権限一覧表',
      ...names,
      roles: ROLES,
      areas: rightsByArea(),
      addedRights: await listAddedRights(db, today()),
      today: today(),
    });
  });

  return router;
}
