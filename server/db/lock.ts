import { sql } from 'kysely';
import { originOf } from './connect.ts';
import type { Database } from './schema.ts';
import { withFileLock } from './sqlite.ts';

/** What `withLock` gives back when somebody else holds the lock. */
export const HELD_ELSEWHERE = Symbol('held elsewhere');

/**
 * Runs `work` while holding the lock `name` among all processes on this database.
 * The lock goes with the process: a killed one leaves nothing to clean up.
 * Returns HELD_ELSEWHERE, without running `work`, when another still holds it after `waitMs`.
 */
export async function withLock<T>(
  db: Database,
  name: string,
  work: () => Promise<T>,
  waitMs = 0,
): Promise<T | typeof HELD_ELSEWHERE> {
  const origin = originOf(db);
  if (origin.engine === 'sqlite') {
    return await withFileLock(`${origin.path}.${name}.lock`, work, waitMs, HELD_ELSEWHERE);
  }
  return await db.connection().execute(async (session) => {
    const { rows } = await sql<{ result: number }>`
      declare @result int;
      exec @result = sp_getapplock @Resource = ${name}, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = ${waitMs};
      select @result as result`.execute(session);
    if ((rows[0]?.result ?? -1) < 0) return HELD_ELSEWHERE;
    try {
      return await work();
    } finally {
      await sql`exec sp_releaseapplock @Resource = ${name}, @LockOwner = 'Session'`.execute(session);
    }
  });
}
