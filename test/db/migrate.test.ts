import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../../server/db/connect.ts';
import { migrate, readScripts, requireCurrentSchema } from '../../server/db/migrate.ts';
import { createDatabase, databases, type TestDatabase } from '../support/databases.ts';

const now = () => '2026-04-01T00:00:00.000Z';

describe.each(databases)('migrating %s', (engine) => {
  const made: TestDatabase[] = [];
  const fresh = async () => {
    const database = await createDatabase(engine);
    made.push(database);
    return database.url;
  };
  afterEach(async () => {
    for (const database of made.splice(0)) await database.drop();
  });

  test('applies what is missing, and nothing the second time', async () => {
    const db = connect(await fresh());
    expect(await migrate(db, now)).toHaveLength(readScripts(engine).length);
    expect(await migrate(db, now)).toEqual([]);
    await requireCurrentSchema(db);
    await db.destroy();
  });

  test('two at once wait for each other', async () => {
    const url = await fresh();
    const [one, other] = [connect(url), connect(url)];
    const applied = await Promise.all([migrate(one, now), migrate(other, now)]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, readScripts(engine).length]);
    await Promise.all([one.destroy(), other.destroy()]);
  });

  test('refuses a schema newer than itself', async () => {
    const db = connect(await fresh());
    await migrate(db, now);
    const script = { number: 999, name: 'from-the-future', digest: 'x', appliedAt: now() };
    await db.insertInto('schemaVersion').values(script).execute();
    await expect(migrate(db, now)).rejects.toThrow(/from-the-future.*does not know/);
    await expect(requireCurrentSchema(db)).rejects.toThrow(/from-the-future/);
    await db.destroy();
  });

  test('refuses a script that was altered after it had been applied', async () => {
    const db = connect(await fresh());
    await migrate(db, now);
    await db.updateTable('schemaVersion').set({ digest: 'other' }).where('number', '=', 3).execute();
    await expect(migrate(db, now)).rejects.toThrow(/3 \(register\) was altered/);
    await db.destroy();
  });

  test('may be killed at any moment and run again', async () => {
    const url = await fresh();
    const root = join(import.meta.dirname, '../..');
    for (const pause of [250, 300, 350, 400, 450, 500]) {
      const job = spawn(process.execPath, ['jobs/migrate.ts'], {
        cwd: root,
        env: { PATH: process.env.PATH, APP_MODE: 'test', DATABASE_URL: url },
        stdio: 'ignore',
      });
      const ended = once(job, 'exit');
      await sleep(pause);
      job.kill('SIGKILL');
      await ended;
    }
    const db = connect(url);
    await migrate(db, now);
    await requireCurrentSchema(db);
    expect(await db.selectFrom('office').select('code').execute()).toHaveLength(11);
    await db.destroy();
  });
});
