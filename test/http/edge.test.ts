import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Config } from '../../server/config.ts';
import type { AppContext } from '../../server/context.ts';
import { listen } from '../../server/http/listen.ts';
import { openLog } from '../../server/log.ts';
import { csrfOf, signedIn, TEST_PASSWORD, testContext, visitor } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

/** A context whose log is kept, with some settings of its own. */
function keptLog(base: AppContext, over: Partial<Config> = {}) {
  let text = '';
  const sink = new Writable({
    write(piece, _encoding, done) {
      text += piece;
      done();
    },
  });
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const context = { ...base, config: { ...base.config, ...over }, log: openLog({ logLevel: 'info' }, sink) };
  return { context, lines, text: () => text };
}

describe('the terminal of a request', () => {
  const used = useDatabase('sqlite');

  async function terminalSeen(hops: number, headers: Record<string, string>): Promise<string> {
    const { context, lines } = keptLog(testContext(used.db), { trustedProxyHops: hops });
    await supertest(createApp(context)).get('/sign-in').set(headers);
    return lines().at(-1).terminal;
  }

  test('is the socket’s where no proxy is trusted, whatever headers say', async () => {
    expect(await terminalSeen(0, { 'X-Forwarded-For': '203.0.113.9' })).toBe('127.0.0.1');
    expect(await terminalSeen(0, { Forwarded: 'for=203.0.113.9', 'X-Real-IP': '203.0.113.9' })).toBe(
      '127.0.0.1',
    );
  });

  test('is what the one trusted proxy saw, not what the sender wrote before it', async () => {
    expect(await terminalSeen(1, { 'X-Forwarded-For': '203.0.113.9, 192.0.2.44' })).toBe('192.0.2.44');
    expect(await terminalSeen(2, { 'X-Forwarded-For': '203.0.113.9, 192.0.2.44, 192.0.2.1' })).toBe(
      '192.0.2.44',
    );
  });

  test('is never a text that is no address', async () => {
    expect(await terminalSeen(1, { 'X-Forwarded-For': 'x'.repeat(500) })).toBe('(unknown)');
  });

  test('is not believed to speak TLS because it says so', async () => {
    const base = testContext(used.db);
    const context = { ...base, config: { ...base.config, cookieSecure: true, trustedProxyHops: 0 } };
    const page = await supertest(createApp(context)).get('/sign-in').set('X-Forwarded-Proto', 'https');
    expect([page.status, page.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

describe('too many requests', () => {
  const used = useDatabase('sqlite');

  test('are refused with a sentence and a time, logged once, and lock out no colleague behind the same address', async () => {
    const base = testContext(used.db);
    const { context, lines } = keptLog(base, { requestsPerMinute: 60, signInsPerMinute: 10 });
    const app = createApp(context);
    const { account } = await signedIn(base, 'clerk');
    const colleague = supertest.agent(app);
    const page = await colleague.get('/sign-in');
    const fields = { _csrf: csrfOf(page.text), loginName: account.loginName, password: TEST_PASSWORD };
    expect((await colleague.post('/sign-in').type('form').send(fields)).status).toBe(303);

    let last = await supertest(app).get('/sign-in');
    for (let count = 0; count < 70; count += 1) last = await supertest(app).get('/sign-in');
    expect([last.status, last.headers['retry-after']]).toEqual([429, '60']);
    expect(last.text).toContain('1分ほど待ってから');
    expect((await colleague.get('/')).status, 'the colleague works on').toBe(200);
    expect((await supertest(app).get('/health/live')).status, 'so does whoever watches').toBe(200);
    expect(lines().filter(({ msg }) => msg === 'too many requests').length).toBe(1);
  });

  test('to sign in are bounded more tightly than others', async () => {
    const base = testContext(used.db);
    const context = { ...base, config: { ...base.config, requestsPerMinute: 1000, signInsPerMinute: 10 } };
    const one = visitor(context);
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const fields = { loginName: `nobody-${count}`, password: 'x' };
      statuses.push((await one.post('/sign-in', fields, '/sign-in')).status);
    }
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await one.get('/sign-in')).status).toBe(200);
  });
});

describe.each(databases)('the pages for whoever watches, on %s', (engine) => {
  const used = useDatabase(engine);

  test('tell a stranger one word and nothing else, and need no session', async () => {
    const { agent } = visitor(testContext(used.db));
    for (const path of ['/health/live', '/health/ready']) {
      const answer = await agent.get(path);
      expect([answer.status, answer.text, answer.headers['set-cookie']]).toEqual([200, 'ok', undefined]);
    }
  });

  test.each([
    ['10 minutes fast', 10, true],
    ['10 minutes slow', -10, true],
    ['1 minute off', 1, false],
  ])('a clock %s is alarmed in the log as it should be', async (_name, minutes, isAlarmed) => {
    const now = new Date(Date.now() + minutes * 60_000).toISOString();
    // The alarm is kept for each database: agree first, so that the next difference is a new one.
    await supertest(createApp(testContext(used.db, new Date().toISOString()))).get('/health/ready');
    const { context, lines } = keptLog(testContext(used.db, now));
    expect((await supertest(createApp(context)).get('/health/ready')).status, 'it still serves').toBe(200);
    const alarms = lines().filter(({ msg }) => msg.startsWith('the clock differs'));
    expect(alarms.length).toBe(isAlarmed ? 1 : 0);
    if (isAlarmed) expect(Math.round(alarms[0].skewMs / 60_000)).toBe(minutes);
    await supertest(createApp(testContext(used.db, new Date().toISOString()))).get('/health/ready');
  });
});

describe('TLS by our own certificate', () => {
  const used = useDatabase('sqlite');

  test('serves pages and a __Host- cookie, and refuses versions before 1.2', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fnt-tls-'));
    const [tlsKeyFile, tlsCertFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', tlsKeyFile, '-out', tlsCertFile, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    chmodSync(tlsKeyFile, 0o600);
    const base = testContext(used.db);
    const config = { ...base.config, tlsCertFile, tlsKeyFile, cookieSecure: true, port: 0 };
    const { server, stop } = await listen(createApp({ ...base, config }), config);
    const { port } = server.address() as { port: number };
    const ask = async (options: object) => {
      const asking = request({
        host: '127.0.0.1',
        port,
        path: '/sign-in',
        rejectUnauthorized: false,
        ...options,
      }).end();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      answer.resume();
      return answer;
    };
    try {
      const answer = await ask({});
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-session=.*; Secure; SameSite=Strict$/);
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
      await expect(ask({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
    } finally {
      await stop(500);
    }
  });
});
