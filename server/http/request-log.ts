import type { Request, RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { terminalOf } from './terminal.ts';

/**
 * One line a request, when it is over. The route is the pattern of the code (`/people/:id`), never the
 * address that was asked for: that holds numbers, and whatever a stranger likes to write.
 */
export function requestLog({ log }: AppContext): RequestHandler {
  return (request, response, next) => {
    const from = performance.now();
    const terminal = terminalOf(request);
    response.once('close', () => {
      log.info(
        {
          method: request.method,
          route: routeOf(request),
          status: response.statusCode,
          ms: Math.round(performance.now() - from),
          requestId: request.requestId,
          accountId: request.account?.id ?? null,
          terminal,
          ...(response.writableFinished ? {} : { cut: true }),
        },
        'request',
      );
    });
    next();
  };
}

function routeOf(request: Request): string {
  const pattern = request.route?.path;
  if (typeof pattern === 'string') return pattern;
  return request.baseUrl.startsWith('/assets') ? '/assets' : '(none)';
}
