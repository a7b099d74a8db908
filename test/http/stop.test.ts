import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { listen } from '../../server/http/listen.ts';
import { startServer } from '../support/process.ts';

async function emptyRegister(): Promise<string> {
  const url = `sqlite:${join(mkdtempSync(join(tmpdir(), 'fnt-stop-')), 'register.sqlite')}`;
  const db = connect(url);
  await migrate(db, () => '2026-04-01T00:00:00.000Z');
  await db.destroy();
  return url;
}

async function ask(url: string, agent: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

describe('ending the service', () => {
  test('SIGTERM ends the process by itself, closing kept connections, with exit code 0', async () => {
    const server = await startServer({
      DATABASE_URL: await emptyRegister(),
      SESSION_SECRET: randomBytes(32).toString('hex'),
    });
    const listening = server.log().find(({ msg }) => msg === 'listening');
    expect(listening, 'where it listens is told').toMatchObject({ port: Number(new URL(server.url).port) });
    const agent = new Agent({ keepAlive: true });
    expect((await ask(`${server.url}/sign-in`, agent)).statusCode).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.log().at(-1)).toMatchObject({ msg: 'closed', cut: false });
    await expect(ask(`${server.url}/sign-in`, agent)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a request that runs is finished; one that never ends is cut in bounded time', async () => {
    const app = express();
    app.get('/slow', async (_request, response) => {
      await sleep(300);
      response.send('done');
    });
    app.get('/never', () => {});
    const config = { ...readConfig({ APP_MODE: 'test', PORT: '0' }) };
    const { server, stop } = await listen(app, config);
    const { port } = server.address() as { port: number };
    const agent = new Agent({ keepAlive: true });
    const slow = ask(`http://127.0.0.1:${port}/slow`, agent);
    const never = ask(`http://127.0.0.1:${port}/never`, agent).catch((error: Error) => error);
    await sleep(100);
    const stopping = stop(1_000);
    const late = connectTcp(port, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toThrow(/ECONNREFUSED/);
    expect((await slow).statusCode).toBe(200);
    expect(await stopping).toEqual({ cut: true });
    expect(await never).toBeInstanceOf(Error);
  });
});

describe('a fault nobody caught', () => {
  test.each(['throw in a callback', 'rejected promise'])(
    '%s is logged without its message and ends the process',
    async (kind) => {
      const folder = mkdtempSync(join(import.meta.dirname, '../../test-tmp-'));
      const { rmSync, writeFileSync } = await import('node:fs');
      const entry = join(folder, 'faulty.ts');
      const fault = `new Error('山田太郎 hunter2')`;
      const body = kind.startsWith('throw') ? `throw ${fault}` : `void Promise.reject(${fault})`;
      writeFileSync(entry, `import '../server/main.ts';\nsetTimeout(() => { ${body} }, 1500);\n`);
      try {
        const server = await startServer(
          { DATABASE_URL: await emptyRegister(), SESSION_SECRET: randomBytes(32).toString('hex') },
          entry,
        );
        expect(await server.ended).toBe(1);
        expect(server.log()).toContainEqual(
          expect.objectContaining({ level: 60, msg: 'a fault nobody caught' }),
        );
        expect(server.output()).not.toMatch(/山田|hunter2/);
        expect(server.log().at(-1)).toMatchObject({ msg: 'closed' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
