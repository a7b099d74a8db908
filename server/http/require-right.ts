import type { Request, RequestHandler } from 'express';
import { mayDo, RIGHTS, type Right } from '../accounts/rights.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Forbidden } from '../errors.ts';
import { actorOf } from './actor.ts';
import { keepUnsent } from './unsent.ts';

/** What a route needs: a right, merely being signed in, or nothing at all. */
export type Access = Right | 'signed-in' | 'anyone';

// What somebody whose password has expired may still do: change it, or leave.
const OPEN_WHEN_EXPIRED: ReadonlySet<string> = new Set(['/password', '/sign-out']);

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
    if (account === undefined) {
      keepUnsent(request, context);
      return response.redirect(303, '/sign-in');
    }
    if (account.isPasswordExpired && !OPEN_WHEN_EXPIRED.has(request.path)) {
      return response.redirect(303, '/password');
    }
    if (access === 'signed-in' || mayDo(account, access)) return next();
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

/** Whether whoever made a request holds a right beside the one its route needs. */
export function holdsRight(request: Request, right: Right): boolean {
  return request.account !== undefined && mayDo(request.account, right);
}
