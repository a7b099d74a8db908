import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { perEngine } from './dialect.ts';
import type { Database } from './schema.ts';

/** Beyond this the times in the record of acts can no longer be laid beside the database's own. */
export const MOST_SKEW_MS = 2 * 60_000;

/** How far the application's clock is ahead of the database's, in ms. Throws when the database does not answer. */
export async function measureClockSkew(db: Database, clock: Clock): Promise<number> {
  const now = perEngine<string>({
    sqlite: sql`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    mssql: sql`convert(nvarchar(23), sysutcdatetime(), 126)`,
  });
  const { rows } = await sql<{ nowText: string }>`select ${now} as now_text`.execute(db);
  const databaseNow = Date.parse(`${rows[0]!.nowText.replace(/Z$/, '')}Z`);
  return clock.now().getTime() - databaseNow;
}
