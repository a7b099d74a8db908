import { type Response, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { beginSession, endSession } from '../http/session.ts';
import { unsentFor } from '../http/unsent.ts';
import { readSetting } from '../settings/queries.ts';
import { changeOwnPassword, setPasswordWithCode } from './set-password.ts';
import { signIn } from './sign-in.ts';

/** What everybody does with the own account: sign in and out, set and change the password. */
export function accountRoutes(context: AppContext): Router {
  const router = Router();
  const { db } = context;

  router.get('/sign-in', requireRight(context, 'anyone'), (request, response) => {
    if (request.account !== undefined) return response.redirect(303, '/');
    const { endedAccountId, unsent } = request.session;
    const remains = { hasEnded: endedAccountId !== undefined, isKept: unsent !== undefined };
    response.render('accounts/sign-in', { title: 'サインイン', ...remains, typed: {}, message: undefined });
  });

  router.post('/sign-in', requireRight(context, 'anyone'), async (request, response) => {
    const typed = readForm(request, ['loginName', 'password']);
    try {
      const signedIn = await signIn(db, actorOf(request, context), typed.loginName, typed.password);
      const kept = unsentFor(request, signedIn.accountId, context);
      await beginSession(request, { ...signedIn, ...kept });
      response.redirect(303, kept.unsent === undefined ? '/' : '/unsent');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const shown = { title: 'サインイン', typed: { loginName: typed.loginName }, message: error.message };
      response.status(409).render('accounts/sign-in', shown);
    }
  });

  router.post('/sign-out', requireRight(context, 'signed-in'), async (request, response) => {
    const actor = actorOf(request, context);
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actor, { kind: 'session.signed-out', subjectAccountId: request.account!.id });
    });
    await endSession(request);
    response.redirect(303, '/sign-in');
  });

  const renderPasswordPage = async (response: Response, view: string, typed: object, fault?: unknown) => {
    if (fault !== undefined && !(fault instanceof Invalid) && !(fault instanceof Refused)) throw fault;
    response.status(fault?.status ?? 200).render(view, {
      title: view === 'accounts/password' ? 'パスワードの変更' : 'パスワードの設定',
      typed,
      errors: fault instanceof Invalid ? fault.fields : {},
      message: fault instanceof Refused ? fault.message : undefined,
      leastLength: await readSetting(db, 'password.least-length'),
    });
  };

  router.get('/first-password', requireRight(context, 'anyone'), async (_request, response) => {
    await renderPasswordPage(response, 'accounts/first-password', {});
  });

  router.post('/first-password', requireRight(context, 'anyone'), async (request, response) => {
    const typed = readForm(request, ['loginName', 'code', 'password', 'passwordAgain']);
    try {
      requireSame(typed);
      await setPasswordWithCode(db, actorOf(request, context), typed.loginName, typed.code, typed.password);
      response.redirect(303, '/sign-in');
    } catch (error) {
      const kept = { loginName: typed.loginName, code: typed.code };
      await renderPasswordPage(response, 'accounts/first-password', kept, error);
    }
  });

  router.get('/password', requireRight(context, 'signed-in'), async (_request, response) => {
    await renderPasswordPage(response, 'accounts/password', {});
  });

  router.post('/password', requireRight(context, 'signed-in'), async (request, response) => {
    const typed = readForm(request, ['presentPassword', 'password', 'passwordAgain']);
    try {
      requireSame(typed);
      const actor = actorOf(request, context);
      await changeOwnPassword(db, actor, typed.presentPassword, typed.password);
      const { previousSignIn } = request.session;
      await beginSession(request, {
        accountId: request.account!.id,
        ...(previousSignIn && { previousSignIn }),
      });
      response.status(200).render('accounts/password-changed', { title: 'パスワードの変更' });
    } catch (error) {
      await renderPasswordPage(response, 'accounts/password', {}, error);
    }
  });

  return router;
}

function requireSame({ password, passwordAgain }: { password: string; passwordAgain: string }): void {
  if (password === passwordAgain) return;
  throw new Invalid({ passwordAgain: '二つのパスワードが違います。同じものを入力してください。' });
}
