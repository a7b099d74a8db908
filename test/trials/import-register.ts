import { createHash } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';
import { clockAt } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import type { AppContext } from '../../server/context.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import type { Database } from '../../server/db/schema.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { testActor } from '../support/app.ts';

// A register on a file that a trial can put back as it was.

const NOW = '2026-11-20T01:30:00.000Z';

/** The context of a trial on a database file; `db` may be one with faults around it. */
export function trialContext(path: string, db: Database = connect(`sqlite:${path}`)): AppContext {
  const config = readConfig({ APP_MODE: 'test', RECEIVED_DIRECTORY: `${path}.received` });
  return { db, config, clock: clockAt(NOW), log: pino({ level: 'silent' }) };
}

export const trialActor = (context: AppContext) => testActor(context);

/** A new, migrated register in `folder`. */
export async function newRegister(folder: string, name: string): Promise<string> {
  const path = join(folder, `${name}.sqlite`);
  const db = connect(`sqlite:${path}`);
  await migrate(db, () => NOW);
  await db.destroy();
  return path;
}

/** A register that holds one extract of so many people, and the file that comes half a month later; both in `folder`. */
export async function registerWithNext(folder: string, name: string, people: number) {
  const place = { directory: folder, number: '01' };
  const first = await writeFirstExtract({ ...place, people, seed: 1, baseOn: '2026-09-30' });
  const next = await writeNextExtract({ ...place, after: first.file, seed: 2 });
  const path = await newRegister(folder, name);
  const context = trialContext(path);
  await importHostExtract(context, trialActor(context), first.file);
  const before = await registerDigest(context.db);
  await context.db.destroy();
  return { path, next: next.file, before };
}

/** Puts a register back as another one is; both closed. */
export function restore(from: string, to: string): void {
  for (const ending of ['-wal', '-shm']) rmSync(`${to}${ending}`, { force: true });
  copyFileSync(from, to);
}

/** What the register holds, apart from when it was written: two registers alike have the same digest. */
export async function registerDigest(db: Database): Promise<string> {
  const digest = createHash('sha256');
  for (const table of ['person', 'pass', 'application', 'circumstance'] as const) {
    for await (const row of db.selectFrom(table).selectAll().orderBy('id').stream(1000)) {
      const { updatedAt: _, firstRunId: __, goneRunId: ___, ...rest } = row as Record<string, unknown>;
      digest.update(JSON.stringify(rest));
    }
  }
  return digest.digest('hex');
}
