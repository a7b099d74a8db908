import { randomUUID } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import { Forbidden } from '../errors.ts';

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => partsOf(request)[0],
});

const MESSAGE =
  '画面を開いてから時間がたったか、別の画面でサインインし直したため、受け付けませんでした。前の画面に戻り、読み込み直してからもう一度操作してください。';

/** The token of the session and, behind a dot, the one-time key of the form: every form carries both in one field. */
function partsOf(request: Request): [token: string | undefined, key: string] {
  const sent: unknown = (request.body as { _csrf?: unknown } | undefined)?._csrf;
  if (typeof sent !== 'string') return [undefined, ''];
  const [token, key = ''] = sent.split('.', 2);
  return [token, key];
}

/** The one-time key of the form that was sent; empty when it has none. */
export function formKeyOf(request: Request): string {
  const [, key] = partsOf(request);
  return /^[0-9a-f-]{36}$/.test(key) ? key : '';
}

/** Takes a form only from a page of ours with the token of its own session; gives views `csrfToken()` for it. */
export const csrf: RequestHandler = (request, response, next) => {
  response.locals.csrfToken = () => `${generateToken(request)}.${randomUUID()}`;
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  if (isFromOurPage(request) && isRequestValid(request)) return next();
  throw new Forbidden(MESSAGE);
};

/**
 * What the browser says of the page a form was sent from. Under `Referrer-Policy: no-referrer` it names the
 * origin of its own pages `null` (Fetch standard, "append a request Origin header"), so that says nothing.
 */
function isFromOurPage(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('Origin');
  if (origin === undefined || origin === 'null') return true;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
