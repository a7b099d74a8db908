import { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { setPasswordWithCode, signIn } from './sign-in.ts';

export function accountRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;

  router.get('/sign-in', requireRight(context, 'anyone'), (request, response) => {
    if (request.account !== undefined) return response.redirect(303, '/');
    response.render('accounts/sign-in', { title: 'サインイン', typed: {}, message: undefined });
  });

  router.post('/sign-in', requireRight(context, 'anyone'), async (request, response, next) => {
    const typed = readForm(request, ['loginName', 'password']);
    try {
      const accountId = await signIn(db, actorOf(request, context), typed.loginName.trim(), typed.password);
      // A new session id, so that one planted before the sign-in is worth nothing after it.
      request.session.regenerate((error) => {
        if (error) return next(error);
        Object.assign(request.session, { accountId, signedInAt: clock.now().toISOString() });
        request.session.save((failure) => (failure ? next(failure) : response.redirect(303, '/')));
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const shown = { title: 'サインイン', typed: { loginName: typed.loginName }, message: error.message };
      response.status(409).render('accounts/sign-in', shown);
    }
  });

  router.post('/sign-out', requireRight(context, 'signed-in'), async (request, response, next) => {
    const actor = actorOf(request, context);
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actor, { kind: 'session.signed-out', subjectAccountId: request.account!.id });
    });
    request.session.destroy((error) => (error ? next(error) : response.redirect(303, '/sign-in')));
  });

  router.get('/first-password', requireRight(context, 'anyone'), (_request, response) => {
    response.render('accounts/first-password', {
      title: 'パスワードの設定',
      typed: {},
      errors: {},
      message: undefined,
    });
  });

  router.post('/first-password', requireRight(context, 'anyone'), async (request, response) => {
    const typed = readForm(request, ['loginName', 'code', 'password', 'passwordAgain']);
    const shown = { title: 'パスワードの設定', typed: { loginName: typed.loginName, code: typed.code } };
    try {
      if (typed.password !== typed.passwordAgain) {
        throw new Invalid({ passwordAgain: '二つのパスワードが違います。同じものを入力してください。' });
      }
      const actor = actorOf(request, context);
      await setPasswordWithCode(db, actor, typed.loginName.trim(), typed.code, typed.password);
      response.redirect(303, '/sign-in');
    } catch (error) {
      if (error instanceof Invalid) {
        response
          .status(422)
          .render('accounts/first-password', { ...shown, errors: error.fields, message: undefined });
      } else if (error instanceof Refused) {
        response
          .status(409)
          .render('accounts/first-password', { ...shown, errors: {}, message: error.message });
      } else throw error;
    }
  });

  return router;
}
