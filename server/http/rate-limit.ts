import type { Request, RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { TooMany } from '../errors.ts';
import { terminalOf } from './terminal.ts';

const WINDOW_MS = 60_000;

/**
 * Bounds how many requests a minute one sender may make. A signed-in account is counted by itself, so that
 * whoever floods from behind the same address locks no colleague out; the others are counted by terminal,
 * attempts to sign in once more and tighter. Wrong passwords are slowed by the sign-in itself.
 */
export function rateLimit({ config, log }: AppContext): RequestHandler {
  const requests = counter(config.requestsPerMinute);
  const signIns = counter(config.signInsPerMinute);
  return (request, _response, next) => {
    const terminal = terminalOf(request);
    const sender = request.account === undefined ? terminal : `account ${request.account.id}`;
    const verdict = worse(requests(sender), isSignIn(request) ? signIns(terminal) : 'within');
    if (verdict === 'within') return next();
    if (verdict === 'just over') {
      log.warn(
        { terminal, accountId: request.account?.id ?? null, signIn: isSignIn(request) },
        'too many requests',
      );
    }
    throw new TooMany(
      '短い間に操作が続いたため、受け付けを一時止めています。1分ほど待ってから、もう一度操作してください。',
    );
  };
}

function isSignIn({ method, path }: Request): boolean {
  return method === 'POST' && (path === '/sign-in' || path === '/first-password');
}

type Verdict = 'within' | 'just over' | 'over';

function worse(one: Verdict, other: Verdict): Verdict {
  return one === 'within' ? other : one;
}

/** Counts senders in windows of a minute; all counts are dropped together, so memory stays bounded by traffic. */
function counter(most: number): (sender: string) => Verdict {
  let counts = new Map<string, number>();
  let until = 0;
  return (sender) => {
    const now = performance.now();
    if (now >= until) {
      counts = new Map();
      until = now + WINDOW_MS;
    }
    const count = (counts.get(sender) ?? 0) + 1;
    counts.set(sender, count);
    return count <= most ? 'within' : count === most + 1 ? 'just over' : 'over';
  };
}
