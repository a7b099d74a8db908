import type { Database, Trx } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { isUnavailable } from './unavailable.ts';

interface Waiting {
  work: (trx: Trx) => Promise<unknown>;
  done: (result: unknown) => void;
  failed: (error: unknown) => void;
}

const MOST_TOGETHER = 100;
const queues = new WeakMap<Database, { waiting: Waiting[]; isRunning: boolean }>();

/**
 * Like `inTransaction`, for a write that stands alone and reads nothing another may be writing: the record of a page
 * that was viewed. Those that come in the same turn of the event loop share one transaction, since most of what such
 * a write costs is its commit and, on SQL Server, the wait for the head of the chain; those that come while one is written
 * share the next. Nobody is answered before the commit. When the shared one fails, each is tried by itself, so that one's
 * fault is not another's; but not when the database is unavailable, which would keep one waiting behind the other and
 * might write a second time what was committed before the line broke.
 */
export function inSharedTransaction<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let queue = queues.get(db);
  if (queue === undefined) {
    queue = { waiting: [], isRunning: false };
    queues.set(db, queue);
  }
  queue.waiting.push({ work, done: resolve as Waiting['done'], failed: reject });
  if (!queue.isRunning) {
    queue.isRunning = true;
    setImmediate(() => void drain(db, queue));
  }
  return promise;
}

async function drain(db: Database, queue: { waiting: Waiting[]; isRunning: boolean }): Promise<void> {
  while (queue.waiting.length > 0) await writeTogether(db, queue.waiting.splice(0, MOST_TOGETHER));
  queue.isRunning = false;
}

async function writeTogether(db: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const results = await inTransaction(db, async (trx) => {
      const made: unknown[] = [];
      for (const { work } of batch) made.push(await work(trx));
      return made;
    });
    for (const [at, { done }] of batch.entries()) done(results[at]);
  } catch (error) {
    const isFaultOfOne = batch.length > 1 && !isUnavailable(error);
    for (const { work, done, failed } of batch) {
      if (isFaultOfOne) await inTransaction(db, work).then(done, failed);
      else failed(error);
    }
  }
}
