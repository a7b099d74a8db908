import type { RequestHandler } from 'express';
import { mayDo, RIGHTS, type Right } from '../accounts/rights.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Forbidden } from '../errors.ts';
import { actorOf } from './actor.ts';

/** What a route needs: a right, merely being signed in, or nothing at all. */
export type Access = Right | 'signed-in' | 'anyone';

const ACCESS = Symbol('access');

/** The access a handler was made to check, so that a test can walk the router. */
export function accessOf(handler: unknown): Access | undefined {
  return (handler as { [ACCESS]?: Access })[ACCESS];
}

/** Lets a request pass only with the right. Whoever is not signed in is sent to sign in; a refusal is recorded. */
export function requireRight(context: AppContext, access: Access): RequestHandler {
  const handler: RequestHandler = async (request, response, next) => {
    if (access === 'anyone') return next();
    const { account } = request;
    if (account === undefined) return response.redirect(303, '/sign-in');
    if (access === 'signed-in' || mayDo(account.role, access)) return next();
    await inTransaction(context.db, async (trx) => {
      const path = request.route?.path as string;
      recordEvent(trx, actorOf(request, context), { kind: 'right.refused', right: access, path });
    });
    throw new Forbidden(
      `この操作には「${RIGHTS[access].label}」の権限が必要です。必要な場合は、システム管理者に権限の付与を依頼してください。`,
    );
  };
  return Object.assign(handler, { [ACCESS]: access });
}
