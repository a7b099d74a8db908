import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { type CurrentAccount, findUsableAccount } from '../accounts/queries.ts';
import type { Actor } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { DEPARTMENT } from '../offices/queries.ts';
import { terminalOf } from './terminal.ts';

declare module 'express-serve-static-core' {
  interface Request {
    requestId: string;
    account?: CurrentAccount;
  }
}

/** Gives every request its number, which the log, the record of acts and an error page share. */
export const requestIds: RequestHandler = (request, response, next) => {
  request.requestId = randomUUID();
  response.setHeader('X-Request-Id', request.requestId);
  next();
};

/** Looks up the account of the session as it stands now: a stopped one is signed out with its next click. */
export function currentAccount({ db, clock }: AppContext): RequestHandler {
  return async (request, response, next) => {
    const { accountId } = request.session;
    if (accountId !== undefined) {
      const account = await findUsableAccount(db, accountId, businessDay(clock.now()));
      if (account !== undefined) request.account = account;
    }
    response.locals.account = request.account;
    response.locals.previousSignIn = request.session.previousSignIn;
    next();
  };
}

/** Who is acting in this request, for the record of acts. */
export function actorOf(request: Request, { clock }: AppContext): Actor {
  return {
    accountId: request.account?.id ?? null,
    name: request.account?.loginName ?? '(未サインイン)',
    officeCode: request.account?.officeCode ?? DEPARTMENT,
    terminal: terminalOf(request),
    requestId: request.requestId,
    at: clock.now(),
  };
}
