import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { connect, originOf, readDatabaseUrl } from '../../server/db/connect.ts';
import type { Database } from '../../server/db/schema.ts';
import { signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { until } from '../support/process.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

const UNAVAILABLE = 'データベースにつながらないか、混み合っている';

function expectUnavailable(answer: supertest.Response): void {
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('10');
  expect(answer.text).toContain(UNAVAILABLE);
  expect(answer.text).toContain(answer.headers['x-request-id']);
  expect(answer.text).not.toMatch(/sqlite|tedious|Error|at .*\.ts/i);
}

/** What a clerk and a watcher get while nothing can be read: a clear page, nobody let in, and life. */
async function expectOutage(
  context: ReturnType<typeof testContext>,
  clerk: { get(path: string): supertest.Test },
) {
  expectUnavailable(await clerk.get('/'));
  expectUnavailable(await clerk.get('/people/1'));
  const watcher = supertest(createApp(context));
  expect((await watcher.get('/health/live')).status).toBe(200);
  expect((await watcher.get('/health/ready')).status).toBe(503);
  const stranger = await watcher.get('/people/1').set('Cookie', 'session=s%3Aforged.forged');
  expect([303, 503]).toContain(stranger.status);
}

async function holdConnections(db: Database, count: number) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let held = 0;
  const all = Array.from({ length: count }, () =>
    db.connection().execute(async (one) => {
      await sql`select 1 as one`.execute(one);
      held += 1;
      await released;
    }),
  );
  await until(() => held === count);
  return async () => {
    release();
    await Promise.all(all);
  };
}

describe.each(databases)('more requests than connections on %s', (engine) => {
  const used = useDatabase(engine);

  test('a request that gets no connection is answered 503 in bounded time, and the next one works', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const release = await holdConnections(used.db, engine === 'sqlite' ? 4 : 20);
    expectUnavailable(await clerk.get('/'));
    await release();
    expect((await clerk.get('/')).status).toBe(200);
  });
});

describe('an outage of SQLite', () => {
  const used = useDatabase('sqlite');
  const path = () => (originOf(used.db) as { path: string }).path;

  test('a register file that is gone gives a clear page, is not made anew, and is used again once it is back', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    expect((await clerk.get('/')).status).toBe(200);
    renameSync(path(), `${path()}.gone`);
    await expectOutage(context, clerk);
    expect(existsSync(path()), 'no empty register appears in its place').toBe(false);
    renameSync(`${path()}.gone`, path());
    expect((await clerk.get('/')).status, 'still signed in').toBe(200);
  });

  test('a register file that was put back from a copy is read instead of the old one', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const checkpoint = new DatabaseSync(path());
    checkpoint.exec('pragma wal_checkpoint(truncate)');
    checkpoint.close();
    copyFileSync(path(), `${path()}.copy`);
    const lost = await makePerson(context);
    expect((await clerk.get(`/people/${lost}`)).status).toBe(200);
    for (const ending of ['', '-wal', '-shm']) renameSync(`${path()}${ending}`, `${path()}.old${ending}`);
    renameSync(`${path()}.copy`, path());
    expect((await clerk.get(`/people/${lost}`)).status).toBe(404);
  });

  test('another process that holds the file for writing: reading goes on, writing is refused in bounded time', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const other = new DatabaseSync(path());
    other.exec('begin immediate');
    const shown = clerk.get(`/people/${personId}`).then((answer) => answer);
    expect((await clerk.get('/')).status).toBe(200);
    expectUnavailable(await shown);
    other.exec('rollback');
    other.close();
    expect((await clerk.get(`/people/${personId}`)).status).toBe(200);
  });
});

describe.runIf(databases.includes('mssql'))('an outage of SQL Server', () => {
  const used = useDatabase('mssql');

  test('a connection cut mid-session gives a clear page, tells no host, and mends itself', async () => {
    const origin = readDatabaseUrl(used.url);
    if (origin.engine !== 'mssql') throw new Error('this is a test of SQL Server');
    const proxy = await tcpProxy(origin.target.server, origin.target.port);
    const told: unknown[] = [];
    const printed: unknown[] = [];
    const print = console.error;
    console.error = (...values: unknown[]) => void printed.push(values);
    const url = used.url.replace(/@[^/]+\//, `@127.0.0.1:${proxy.port}/`);
    const db = connect(url, { onConnectionError: (error) => told.push(error) });
    try {
      const context = testContext(db);
      const clerk = await signedIn(context, 'clerk');
      const personId = await makePerson(context);
      for (let round = 0; round < 3; round += 1) {
        expect((await clerk.get(`/people/${personId}`)).status).toBe(200);
        // More broken connections than the pool has places: none may be lost to it.
        const hold = await holdConnections(db, 12);
        proxy.cut();
        await sleep(100);
        await hold().catch(() => {});
        await expectOutage(context, clerk);
        proxy.mend();
        await until(async () => (await clerk.get(`/people/${personId}`)).status === 200, 30_000);
      }
      expect(printed, 'the driver writes nothing to the console').toEqual([]);
    } finally {
      console.error = print;
      await db.destroy();
      await proxy.close();
    }
  });
});
