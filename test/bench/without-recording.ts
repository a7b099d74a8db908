import type { CompiledQuery } from 'kysely';
import type { Database, Trx } from '../../server/db/schema.ts';

/** Thrown at the first statement of the record's hook, and caught around it: what was done before is committed. */
const DROPPED = Symbol('dropped');

/**
 * A connection whose transactions commit without writing the record of acts, for the bench alone: the product
 * has no such switch. Every transaction gives back `standIn` instead of its own result.
 */
export function withoutRecording(db: Database, standIn: readonly unknown[]): Database {
  const execute = (work: (trx: Trx) => Promise<unknown>) =>
    db.transaction().execute(async (trx) => {
      try {
        return await work(withoutHook(trx as Trx));
      } catch (error) {
        if (error === DROPPED) return standIn;
        throw error;
      }
    });
  return over(db, { transaction: () => ({ execute }) });
}

function withoutHook(trx: Trx): Trx {
  return over(trx, {
    executeQuery: (query: CompiledQuery) => {
      if (/^update .?audit_head/.test(query.sql)) throw DROPPED;
      return trx.executeQuery(query);
    },
    // What is prepared would go straight to the connection.
    getExecutor: () => over(trx.getExecutor(), { provideConnection: async () => undefined }),
  });
}

function over<T extends object>(target: T, changed: Record<string, unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(changed, name)) return changed[name as string];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
