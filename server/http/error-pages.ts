import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { Forbidden, Invalid, NotFound, Refused } from '../errors.ts';

const HEADINGS: Readonly<Record<number, string>> = {
  400: '受け取れない内容でした',
  403: 'この操作はできません',
  404: '見つかりません',
  409: '受け付けませんでした',
  413: '受け取れない大きさでした',
  422: '入力を確かめてください',
};

/** Ends every route that no area took. */
export const notFound: RequestHandler = () => {
  throw new NotFound('お探しの画面はありません。上のメニューから選び直してください。');
};

/** The page for anything thrown: a sentence for what is refused, a number and nothing else for a fault. */
export function errorPages({ log }: AppContext): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const isOurs = [Invalid, Refused, Forbidden, NotFound].some((kind) => error instanceof kind);
    const status = isOurs ? error.status : clientStatus(error);
    if (status >= 500) log.error({ err: error, requestId: request.requestId }, 'request failed');
    response.status(status).render('error', {
      title: HEADINGS[status] ?? '障害が起きました',
      message: isOurs ? error.message : undefined,
      isFault: status >= 500,
      requestId: request.requestId,
    });
  };
}

/** Express and body-parser mark what the browser got wrong with a 4xx status; everything else is our fault. */
function clientStatus(error: unknown): number {
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
