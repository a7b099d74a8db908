import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { MOST_SKEW_MS, measureClockSkew } from '../db/clock-skew.ts';
import { requireRight } from './require-right.ts';

const ANSWER_WITHIN_MS = 3_000;
const KEEP_ANSWER_MS = 1_000;

/** Pages for whoever watches the service: one word and nothing else, to anybody. */
export function healthRoutes(context: AppContext): Router {
  const router = Router();
  const isReady = readiness(context);
  const anyone = requireRight(context, 'anyone');

  router.get('/health/live', anyone, (_request, response) => {
    response.type('text/plain').send('ok');
  });
  router.get('/health/ready', anyone, async (_request, response) => {
    const ready = await isReady();
    response.type('text/plain').status(ready ? 200 : 503);
    response.send(ready ? 'ok' : 'unavailable');
  });
  return router;
}

/** Asks the database at most once a second however often it is called, and compares the clocks by the way. */
function readiness(context: AppContext): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (asked === undefined || performance.now() - askedAt > KEEP_ANSWER_MS) {
      askedAt = performance.now();
      asked = Promise.race([
        watchClocks(context).then(
          () => true,
          () => false,
        ),
        sleep(ANSWER_WITHIN_MS, false, { ref: false }),
      ]);
    }
    return asked;
  };
}

const alarmed = new WeakSet<object>();

/** Compares our clock with the database's; logs an alarm when they part and a line when they agree again. */
export async function watchClocks({ db, clock, log }: AppContext): Promise<void> {
  const skewMs = await measureClockSkew(db, clock);
  const isOff = Math.abs(skewMs) > MOST_SKEW_MS;
  if (isOff === alarmed.has(db)) return;
  if (isOff) {
    alarmed.add(db);
    log.error(
      { skewMs },
      'the clock differs from the clock of the database: times in the record cannot be trusted',
    );
  } else {
    alarmed.delete(db);
    log.info({ skewMs }, 'the clocks agree again');
  }
}
