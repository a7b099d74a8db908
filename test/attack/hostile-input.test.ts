import { beforeAll, describe, expect, test } from 'vitest';
import { csrfOf, signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { crawl, distinctForms, type Form, routesOf } from '../support/walk.ts';
import { everyRole, makeWorld, tableNames } from '../support/world.ts';

const SQL_LETTERS = "' ; -- % _ [ ] ¥ \\ 〜";
const HOSTILE = [
  SQL_LETTERS,
  "'; drop table person; --",
  "' or '1'='1",
  '%',
  '[a-z]%_',
  '\u0000',
  '\ud842\udfb7葛\u{e0100}😀',
  '<img src=x onerror=alert(1)>',
  '-1',
  '99999999999999999999',
  'x'.repeat(3_999),
];
// Fields no form has: columns of the tables behind them.
const COLUMNS = [
  'id',
  'role',
  'issued_at',
  'issuedAt',
  'person_id',
  'createdBy',
  'accountId',
  'isDummy',
  'passwordHash',
];
const POLLUTED = [
  '__proto__[x]=1',
  '__proto__.x=1',
  'constructor[prototype][x]=1',
  'constructor.prototype=1',
  'prototype=1',
  'hasOwnProperty=1',
  'a[]=1&a=2',
  'a[b]=1',
];

type Visitor = Awaited<ReturnType<typeof signedIn>>;
const isSignOut = ({ action }: Form) => action === '/sign-out';

describe.each(databases)('hostile input on %s', (engine) => {
  const used = useDatabase(engine);
  let attackers: { role: string; visitor: Visitor; forms: Form[] }[];

  beforeAll(async () => {
    const context = testContext(used.db);
    await makeWorld(context);
    attackers = [];
    for (const { role, visitor } of await everyRole(context)) {
      const { forms } = await crawl(context, async (path) => await visitor.get(path));
      // Each form once, by the first role that is shown it: who may send what is another test's matter.
      const kindOf = ({ action }: Form) => action.replace(/\d+/g, ':id');
      const known = new Set(attackers.flatMap((other) => other.forms.map(kindOf)));
      const fresh = distinctForms(forms).filter((form) => !isSignOut(form) && !known.has(kindOf(form)));
      attackers.push({ role, visitor, forms: fresh });
    }
  }, 400_000);

  test('the crawl finds the forms that the routes take', () => {
    const found = new Set(
      attackers.flatMap(({ forms }) => forms.map(({ action }) => action.replace(/\d+/g, ':id'))),
    );
    const posts = routesOf(testContext(used.db)).filter(({ method }) => method === 'post');
    const unseen = posts.map(({ path }) => path.replace(/:\w+/g, ':id')).filter((path) => !found.has(path));
    expect(found.size).toBeGreaterThan(4);
    // What a page shows only in a state that the small world of this test is not in.
    expect(unseen.length, unseen.join(' ')).toBeLessThan(posts.length / 2);
  });

  test('in any field of any form is never a fault and never reaches the database as SQL', async () => {
    const tables = await tableNames(used.db);
    for (const { role, visitor, forms } of attackers) {
      for (const form of forms) {
        const names = Object.keys(form.fields).filter((one) => one !== '_csrf');
        const bodies = [
          ...HOSTILE.map((typed) => Object.fromEntries(names.map((name) => [name, typed]))),
          ...names.flatMap((name) => [{ [name]: SQL_LETTERS }, { [name]: '\u0000' }]),
        ];
        for (const typed of bodies) {
          const { status } = await visitor.agent
            .post(form.action)
            .type('form')
            .send({ ...form.fields, ...typed });
          const told = JSON.stringify(typed).slice(0, 100);
          expect([role, form.action, told, status < 500]).toEqual([role, form.action, told, true]);
        }
      }
    }
    expect(await tableNames(used.db)).toEqual(tables);
  }, 400_000);

  test('of field names no page has is refused with 400: pollution, columns of tables, fields given twice', async () => {
    for (const { role, visitor, forms } of attackers) {
      const token = csrfOf((await visitor.get('/')).text);
      for (const form of forms) {
        const plain = new URLSearchParams({ ...form.fields, _csrf: token });
        const names = Object.keys(form.fields).filter((name) => name !== '_csrf');
        const twice = names.map((name) => `${name}=1&${name}=2`);
        const extra = COLUMNS.filter((name) => !names.includes(name)).map((name) => `${name}=1`);
        for (const more of [...POLLUTED, ...extra, ...twice]) {
          const { status } = await visitor.agent.post(form.action).type('form').send(`${plain}&${more}`);
          expect([role, form.action, more, status]).toEqual([role, form.action, more, 400]);
        }
      }
    }
    // This one the parser of forms drops by itself, so there is nothing left to refuse.
    const [{ visitor, forms }] = attackers as [(typeof attackers)[0]];
    const body = `${new URLSearchParams(forms[0]!.fields)}&__proto__=1`;
    expect((await visitor.agent.post(forms[0]!.action).type('form').send(body)).status).toBeLessThan(500);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  }, 400_000);

  test('in addresses is a page that is not there or a request that is not taken, never a fault', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    for (const { path } of routesOf(context).filter(({ method }) => method === 'get')) {
      for (const typed of [
        "1'--",
        '-1',
        '1e9',
        '../../etc',
        '%00',
        '99999999999999',
        'a%20or%201=1',
        '2026-02-30',
      ]) {
        const { status } = await clerk.get(path.replace(/:\w+/g, typed));
        expect([path, typed, status < 500]).toEqual([path, typed, true]);
      }
      for (const query of ['?__proto__[x]=1', '?a[]=1&a=2', '?constructor=1']) {
        const filled = path.replace(/:\w+/g, '1');
        if (filled.startsWith('/health')) continue;
        expect([path, query, (await clerk.get(filled + query)).status]).toEqual([path, query, 400]);
      }
    }
  }, 400_000);

  test('in a search stands for itself: % and _ are no wildcards, and a quote finds its own name', async () => {
    const context = testContext(used.db);
    await makePerson(context, { name: "牡蠣'%_[x]　直子", kana: 'かき なおこ' });
    const clerk = await signedIn(context, 'clerk');
    for (const terms of ['%', '_', '[か-ん]', 'か%', "' or 1=1 --"]) {
      const { status, text } = await clerk.post('/search', { terms });
      expect([terms, status < 500, text.includes('牡蠣')]).toEqual([terms, true, false]);
    }
    expect((await clerk.post('/search', { terms: 'かき なおこ' })).text).toContain('牡蠣&#39;%_[x]');
  });
});
