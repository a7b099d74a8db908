import { csrfSync } from 'csrf-sync';
import type { RequestHandler } from 'express';
import { Forbidden } from '../errors.ts';

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => (request.body as { _csrf?: string } | undefined)?._csrf,
});

const MESSAGE =
  '画面を開いてから時間がたったか、別の画面でサインインし直したため、受け付けませんでした。前の画面に戻り、読み込み直してからもう一度操作してください。';

/** Takes a form only with the token of its own session, and gives views `csrfToken()` for their forms. */
export const csrf: RequestHandler = (request, response, next) => {
  response.locals.csrfToken = () => generateToken(request);
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  if (isRequestValid(request)) return next();
  throw new Forbidden(MESSAGE);
};
