import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import supertest from 'supertest';
import { createAccount } from '../../server/accounts/create-account.ts';
import type { Role } from '../../server/accounts/rights.ts';
import { setPasswordWithCode } from '../../server/accounts/set-password.ts';
import { createApp } from '../../server/app.ts';
import type { Actor } from '../../server/audit/record-event.ts';
import { clockAt } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import type { AppContext } from '../../server/context.ts';
import type { Database } from '../../server/db/schema.ts';

/** 10:30 in the morning of 20 November 2026 in Japan. */
export const TEST_NOW = '2026-11-20T01:30:00.000Z';
export const TEST_PASSWORD = 'あたたかい お湯 に つかる 100まで';

/** A context on a database, with a clock that stands still and a silent log. */
export function testContext(db: Database, now = TEST_NOW) {
  const config = readConfig({
    APP_MODE: 'test',
    SESSION_SECRET: 'only for tests, only for tests, only',
    LOG_LEVEL: 'silent',
    REQUESTS_PER_MINUTE: '1000000',
    SIGN_INS_PER_MINUTE: '1000000',
    INBOX_DIRECTORY: join(tmpdir(), `fnt-inbox-${randomUUID()}`),
    RECEIVED_DIRECTORY: mkdtempSync(join(tmpdir(), 'fnt-received-')),
    LETTER_DIRECTORY: join(tmpdir(), `fnt-letters-${randomUUID()}`),
  });
  const clock = clockAt(now);
  return { db, config, clock, log: pino({ level: 'silent' }) } satisfies AppContext;
}

/** The actor of what a test sets up. */
export function testActor(context: AppContext, over: Partial<Actor> = {}): Actor {
  return {
    accountId: null,
    name: 'job:test',
    officeCode: '00',
    terminal: '192.0.2.1',
    requestId: randomUUID(),
    at: context.clock.now(),
    ...over,
  };
}

/** A personal account that may sign in with TEST_PASSWORD. */
export async function makeAccount(
  context: AppContext,
  role: Role,
  { loginName = `${role}-${randomUUID().slice(0, 8)}`, officeCode = role === 'branch' ? '01' : '00' } = {},
): Promise<{ id: number; loginName: string }> {
  const actor = testActor(context);
  const given = { loginName, displayName: `試験 ${role}`, role, officeCode };
  const { accountId, code } = await createAccount(context.db, actor, given);
  await setPasswordWithCode(context.db, actor, loginName, code, TEST_PASSWORD);
  return { id: accountId, loginName };
}

/** The token a page gives its forms. */
export function csrfOf(html: string): string {
  const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
  if (token === undefined) throw new Error('the page has no form');
  return token;
}

/** A browser without a screen: keeps cookies, posts forms with the token of the page they stand on. */
export function visitor(context: AppContext) {
  const agent = supertest.agent(createApp(context));
  return {
    agent,
    get: (path: string) => agent.get(path),
    async post(path: string, fields: Record<string, string>, fromPage = '/') {
      const page = await agent.get(fromPage);
      return await agent
        .post(path)
        .type('form')
        .send({ _csrf: csrfOf(page.text), ...fields });
    },
  };
}

/** A visitor who has signed in. */
export async function signedIn(context: AppContext, role: Role, options?: Parameters<typeof makeAccount>[2]) {
  const account = await makeAccount(context, role, options);
  const one = visitor(context);
  await one.post('/sign-in', { loginName: account.loginName, password: TEST_PASSWORD }, '/sign-in');
  return { ...one, account };
}
