import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Trx } from './schema.ts';

// Errors of SQL Server after which the whole transaction may simply be tried again:
// deadlock victim, snapshot conflict, lock time-out. The outcome is known: nothing was written.
const TRY_AGAIN = new Set([1205, 3960, 1222]);
const TRIES = 3;

type BeforeCommit = (trx: Trx) => Promise<void>;
const hooks = new WeakMap<object, BeforeCommit[]>();

/**
 * Runs `work` in one transaction: all of it is written, or nothing.
 * A deadlock or snapshot conflict is tried again from the start, so `work` touches nothing but `trx`.
 * Throws what `work` threw, never the failure of the roll-back behind it.
 */
export async function inTransaction<T>(db: Database, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let first: unknown;
    try {
      return await db.transaction().execute(async (plain) => {
        const trx = plain as Trx;
        try {
          const result = await work(trx);
          for (const hook of hooks.get(trx) ?? []) await hook(trx);
          return result;
        } catch (error) {
          first = error;
          throw error;
        }
      });
    } catch (error) {
      const cause = first ?? error;
      if (attempt >= TRIES || !TRY_AGAIN.has(errorNumber(cause))) throw cause;
      await sleep(randomInt(50 * attempt));
    }
  }
}

/** Has `hook` run as the last thing before `trx` commits; what it throws undoes the whole transaction. */
export function beforeCommit(trx: Trx, hook: BeforeCommit): void {
  const known = hooks.get(trx);
  if (known === undefined) hooks.set(trx, [hook]);
  else known.push(hook);
}

function errorNumber(error: unknown): number {
  const one = Array.isArray(error) ? error[0] : error;
  return (one as { number?: number } | undefined)?.number ?? 0;
}

/** Whether an error is a broken unique constraint (SQLite 1555/2067, SQL Server 2627/2601). */
export function isDuplicate(error: unknown): boolean {
  const one = (Array.isArray(error) ? error[0] : error) as { number?: number; errcode?: number } | undefined;
  return [2627, 2601].includes(one?.number ?? 0) || [1555, 2067].includes(one?.errcode ?? 0);
}
