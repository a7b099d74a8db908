import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { AppContext } from '../context.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { ChangedMeanwhile, Forbidden, Invalid, NotFound, Refused, TooMany } from '../errors.ts';

const HEADINGS: Readonly<Record<number, string>> = {
  400: '受け取れない内容でした',
  403: 'この操作はできません',
  404: '見つかりません',
  409: '受け付けませんでした',
  413: '受け取れない大きさでした',
  422: '入力を確かめてください',
  429: '操作が続きすぎています',
  503: 'ただいまつながりません',
};
const RETRY_AFTER_S: Readonly<Record<number, number>> = { 429: 60, 503: 10 };
const UNAVAILABLE =
  'データベースにつながらないか、混み合っているため、終えられませんでした。台帳には何も書き込んでいません。少し待ってからもう一度操作してください。続くときは、次の番号をシステム管理者に伝えてください。';

/** Ends every route that no area took. */
export const notFound: RequestHandler = () => {
  throw new NotFound('お探しの画面はありません。上のメニューから選び直してください。');
};

/** The page for anything thrown: a sentence for what is refused, a number and nothing else for a fault. */
export function errorPages({ log }: AppContext): ErrorRequestHandler {
  // Nothing goes on to Express's own last handler: it prints the error with all its values.
  return (error, request, response, _next) => {
    const { requestId } = request;
    const isOurs = [Invalid, Refused, Forbidden, NotFound, TooMany].some((kind) => error instanceof kind);
    const status = isOurs ? error.status : isUnavailable(error) ? 503 : clientStatus(error);
    if (status >= 500) log.error({ err: error, requestId }, 'request failed');
    if (response.headersSent) return cut(response);
    response.removeHeader('Content-Disposition');
    if (error instanceof ChangedMeanwhile) return showConflict(request, response, error);
    const retryAfter = RETRY_AFTER_S[status];
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    const title = HEADINGS[status] ?? '障害が起きました';
    const message = isOurs ? error.message : status === 503 ? UNAVAILABLE : undefined;
    const shown = {
      title,
      message,
      isFault: status === 500,
      requestId: status >= 500 ? requestId : undefined,
    };
    response.status(status).render('error', shown, (failure: Error | null, html?: string) => {
      if (failure === null) return response.type('html').send(html);
      log.error({ err: failure, requestId }, 'the error page failed');
      response.type('text/plain').send(`${title} ${requestId}`);
    });
  };
}

/** Both versions side by side: what a colleague left, and what this clerk typed, which goes along to be sent again. */
function showConflict(request: Request, response: Response, conflict: ChangedMeanwhile): void {
  const { _csrf, ...fields } = { ...(request.body as Record<string, string>) };
  const rows = conflict.rows.map(({ field, words = {}, ...row }) => {
    const typed = fields[field];
    return { ...row, typed: typed === undefined ? undefined : (words[typed] ?? typed) };
  });
  response.status(409).render('conflict', {
    title: 'ほかの職員の変更と重なりました',
    message: conflict.message,
    by: conflict.by,
    rows,
    path: request.path,
    back: conflict.back,
    fields: { ...fields, version: String(conflict.version) },
  });
}

/**
 * What comes after everything: a session that could not be saved when its page was already out, or a fault of
 * the error page itself. It stands in for Express's own last handler, which prints errors with their values.
 */
export function lastResort({ log }: AppContext, request: IncomingMessage, response: ServerResponse) {
  return (error?: unknown) => {
    if (error) log.error({ err: error, requestId: (request as Request).requestId }, 'request failed');
    cut(response);
  };
}

/** Ends an answer that cannot be finished, so that nobody takes a half of it for the whole. */
function cut(response: ServerResponse): void {
  if (!response.writableEnded) response.destroy();
}

/** Express and body-parser mark what the browser got wrong with a 4xx status; everything else is our fault. */
function clientStatus(error: unknown): number {
  const status = (error as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
