import { globSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { PluginTransformQueryArgs } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AppContext } from '../../server/context.ts';
import { describeError, openLog } from '../../server/log.ts';
import { csrfOf, makeAccount, signedIn, TEST_PASSWORD, testContext, visitor } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { crawl, distinctForms } from '../support/walk.ts';
import { everyRole, makeWorld } from '../support/world.ts';

// Values that occur nowhere but in what residents and staff give us.
const RESIDENT = {
  name: '鶴亀　金糸雀',
  kana: 'つるかめ かなりあ',
  residentNumber: '099901237654321',
  birthEarliestOn: '1947-08-23',
  birthLatestOn: '1947-08-23',
  birthCode: '19470823',
  birthWareki: '3220823',
  address: '金糸雀町九丁目８７番６号',
  phone: '03-9876-5432',
  phoneDigits: '0398765432',
};
const TYPED = ['canary-typed-51', 'カナリア入力', "O'Canary; -- 51"];
const HOSTILE = 'one\r\n{"level":10,"msg":"forged"}\n\u001b[31mred\u2028two';

function keep(context: AppContext) {
  let text = '';
  const sink = new Writable({
    write(piece, _encoding, done) {
      text += piece;
      done();
    },
  });
  return { context: { ...context, log: openLog({ logLevel: 'debug' }, sink) }, text: () => text };
}

describe.each(databases)('the log of the running system on %s', (engine) => {
  const used = useDatabase(engine);
  let kept: ReturnType<typeof keep>;
  let personId: number;
  beforeAll(async () => {
    kept = keep(testContext(used.db));
    ({ personId } = await makeWorld(kept.context, RESIDENT));
  });

  test('holds no value of a resident, no password, code, search term or session id after every page and form', async () => {
    const secrets = new Set<string>([TEST_PASSWORD]);
    const errorPages: string[] = [];
    const posted = new Set<string>();
    for (const { role, visitor: one } of await everyRole(kept.context)) {
      const { answers, forms } = await crawl(kept.context, async (path) => await one.get(path));
      for (const { response } of answers) {
        for (const cookie of response.headers['set-cookie'] ?? []) secrets.add(/=([^;]+)/.exec(cookie)![1]!);
        for (const [, token] of response.text?.matchAll(/name="_csrf" value="([^"]+)"/g) ?? [])
          secrets.add(token!);
      }
      for (const form of distinctForms(forms)) {
        const kind = form.action.replace(/\d+/g, ':id');
        if (kind === '/sign-out' || posted.has(kind)) continue;
        posted.add(kind);
        for (const typed of [...TYPED, RESIDENT.name, HOSTILE]) {
          const fields = Object.fromEntries(Object.keys(form.fields).map((name) => [name, typed]));
          const body = { ...fields, _csrf: form.fields._csrf };
          const answer = await one.agent.post(form.action).type('form').send(body);
          expect([role, form.action, typed, answer.status < 500]).toEqual([role, form.action, typed, true]);
          if (answer.text.includes('class="incident"')) errorPages.push(answer.text);
        }
        for (const path of [
          `/people/${RESIDENT.residentNumber}`,
          `/nowhere?name=${encodeURIComponent(RESIDENT.name)}`,
        ]) {
          errorPages.push((await one.get(path)).text);
        }
      }
    }
    const { loginName } = await makeAccount(kept.context, 'clerk');
    await visitor(kept.context).post('/sign-in', { loginName, password: 'canary-password-77' }, '/sign-in');
    // Random ids and clock times hold any four digits now and then.
    const log = kept
      .text()
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
      .replace(/"(time|ms|pid)":[\d.]+/g, '"$1":0');
    expect(log.split('\n').length).toBeGreaterThan(100);
    const canaries = [
      ...Object.values(RESIDENT),
      ...TYPED,
      ...secrets,
      '鶴亀',
      '金糸雀',
      '昭和22',
      '9876-5432',
      'canary',
      'forged',
      'カナリア',
      'しんじゅく',
      TEST_PASSWORD,
    ];
    for (const canary of canaries) {
      expect([canary, log.includes(canary), log.includes(encodeURIComponent(canary))]).toEqual([
        canary,
        false,
        false,
      ]);
      expect([
        canary,
        errorPages.some((page) => page.includes(canary) && !page.includes(`value="${canary}"`)),
      ]).toEqual([canary, false]);
    }
  }, 400_000);

  test('has one line a request with the pattern of the route, never the address that was asked for', async () => {
    const { context, text } = keep(testContext(used.db));
    const clerk = await signedIn(context, 'clerk');
    await clerk.get(`/people/${personId}?q=${encodeURIComponent('鶴亀')}`);
    const lines = text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const { requestId, ...line } = lines.at(-1);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(line).toMatchObject({
      level: 30,
      method: 'GET',
      route: '/people/:id',
      status: 200,
      accountId: clerk.account.id,
      terminal: '127.0.0.1',
      msg: 'request',
    });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line.ms).toBeGreaterThanOrEqual(0);
    expect(text()).not.toContain(`/people/${personId}`);
  });
});

describe('the log itself', () => {
  test('keeps whatever is written to it on one line, without control characters', () => {
    const { context, text } = keep(testContext(undefined as never));
    context.log.info({ route: HOSTILE }, HOSTILE);
    expect(text().endsWith('\n')).toBe(true);
    const controls = [...text().slice(0, -1)].filter(
      (one) => one < ' ' || one === '\u2028' || one === '\u2029',
    );
    expect(controls).toEqual([]);
  });

  test('withholds values that were handed to it by mistake', () => {
    const { context, text } = keep(testContext(undefined as never));
    context.log.info(
      { name: RESIDENT.name, person: { kana: RESIDENT.kana }, form: { password: 'hunter2' } },
      'x',
    );
    context.log.info({ at: new Date(0) }, 'y');
    expect(text()).not.toMatch(/鶴亀|つるかめ|hunter2/);
    expect(text().match(/\(withheld\)/g)?.length).toBe(3);
    expect(text()).toContain('"at":"1970-01-01T00:00:00.000Z"');
  });

  test('has no child loggers, whose bindings would go past the net', () => {
    for (const file of globSync('{server,jobs}/**/*.ts')) {
      expect(readFileSync(file, 'utf8'), file).not.toMatch(/log\.child\(/);
    }
  });

  test('tells an error by kind, number and place, never by what the database said of a row', () => {
    const duplicate = Object.assign(new Error('The duplicate key value is (鶴亀, 19470823).'), {
      number: 2627,
    });
    const wrapped = new Error(`could not save ${RESIDENT.name}`, { cause: duplicate });
    const told = describeError(wrapped);
    expect(told.cause).toMatchObject({ type: 'Error', code: 2627 });
    expect(told.frames[0]).toMatch(/test\/http\/log\.test\.ts:\d+:\d+/);
    expect(JSON.stringify(told)).not.toMatch(/鶴亀|1947/);
    const multiline = new Error('at first\n    at 鶴亀 (kana.ts:1:1)\nrest');
    expect(JSON.stringify(describeError(multiline))).not.toContain('鶴亀');
    expect(describeError([duplicate])).toMatchObject({ code: 2627 });
    expect(
      describeError(new TypeError("Cannot read properties of undefined (reading 'id')")).message,
    ).toContain('id');
    expect(describeError('鶴亀')).toEqual({ type: 'string', frames: [] });
  });
});

describe('a fault while a page is made', () => {
  const used = useDatabase('sqlite');

  test.each(['at once', 'later'])(
    'thrown %s is a page with an incident number that the log has too',
    async (when) => {
      const { context, text } = keep(testContext(used.db));
      const clerk = await signedIn(context, 'clerk');
      const token = csrfOf((await clerk.get('/')).text);
      const fault = new Error('鶴亀 hunter2');
      const asksForPeople = ({ node }: PluginTransformQueryArgs) => JSON.stringify(node).includes('"person"');
      const asked = new WeakSet<object>();
      const db = used.db.withPlugin({
        transformQuery(args) {
          if (asksForPeople(args)) {
            if (when === 'at once') throw fault;
            asked.add(args.queryId);
          }
          return args.node;
        },
        transformResult: async ({ queryId, result }) => {
          if (asked.has(queryId)) throw fault;
          return result;
        },
      }) as typeof used.db;
      const broken = { ...context, db };
      const one = visitor(broken);
      const cookie = clerk.agent.jar.getCookies({
        domain: '127.0.0.1',
        path: '/',
        secure: false,
        script: false,
      } as never);
      const answer = await one.agent
        .post('/search')
        .set(
          'Cookie',
          cookie.map(({ name, value }: { name: string; value: string }) => `${name}=${value}`),
        )
        .type('form')
        .send({ _csrf: token, terms: 'つるかめ' });
      expect(answer.status).toBe(500);
      const incident = answer.headers['x-request-id']!;
      expect(answer.text).toContain(incident);
      expect(answer.text).not.toMatch(/鶴亀|hunter2|at .*\.ts|Error/);
      const line = text()
        .split('\n')
        .filter((one) => one.includes('"request failed"'))
        .map((one) => JSON.parse(one))
        .at(-1);
      expect(line).toMatchObject({ level: 50, requestId: incident, err: { type: 'Error' } });
      expect(text()).not.toMatch(/鶴亀|hunter2/);
      expect((await clerk.get('/')).status, 'and the next request is served').toBe(200);
    },
  );
});
