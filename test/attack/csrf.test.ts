import { beforeAll, describe, expect, test } from 'vitest';
import { csrfOf, signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { crawl, fillPath, routesOf } from '../support/walk.ts';
import { digestTables, everyRole, makeWorld } from '../support/world.ts';

// What a visit alone writes: who looked, and when the session was last seen.
const WRITTEN_BY_LOOKING = /^(audit_|session$)/;
const CSRF_REFUSAL = '画面を開いてから時間がたったか';

describe.each(databases)('requests from elsewhere on %s', (engine) => {
  const used = useDatabase(engine);
  beforeAll(async () => void (await makeWorld(testContext(used.db))));

  test('every form is refused without the token of its own session or from another site', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const other = await signedIn(context, 'clerk');
    const token = csrfOf((await clerk.get('/')).text);
    const foreign = csrfOf((await other.get('/')).text);
    const posts = routesOf(context).filter(({ method }) => method === 'post');
    expect(posts.length).toBeGreaterThan(5);
    const before = await digestTables(used.db, WRITTEN_BY_LOOKING);
    const attacks: [string, Record<string, string | string[]>, Record<string, string>][] = [
      ['no token', {}, {}],
      ['an empty token', { _csrf: '' }, {}],
      ['a wrong token', { _csrf: 'a'.repeat(token.length) }, {}],
      ["another session's token", { _csrf: foreign }, {}],
      ['the token twice', { _csrf: [token, token] }, {}],
      ['another origin', { _csrf: token }, { Origin: 'https://evil.example' }],
      ['another site', { _csrf: token }, { 'Sec-Fetch-Site': 'cross-site' }],
      ['another host of the site', { _csrf: token }, { 'Sec-Fetch-Site': 'same-site' }],
    ];
    for (const { path } of posts) {
      const address = await fillPath(used.db, path);
      for (const [name, body, headers] of attacks) {
        const answer = await clerk.agent.post(address).set(headers).type('form').send(body);
        expect([path, name, answer.status, answer.text.includes(CSRF_REFUSAL)]).toEqual([
          path,
          name,
          403,
          true,
        ]);
      }
      const json = await clerk.agent.post(address).send({ _csrf: token });
      expect([path, 'JSON', json.status]).toEqual([path, 'JSON', 403]);
    }
    expect(await digestTables(used.db, WRITTEN_BY_LOOKING)).toEqual(before);

    const own = await clerk.agent
      .post('/search')
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ _csrf: token, terms: 'しんじゅく' });
    expect(own.status, 'the same form from its own page is taken').toBe(200);
  }, 180_000);

  test('looking at every page as everybody changes nothing but the record and the session', async () => {
    const context = testContext(used.db);
    const visitors = await everyRole(context);
    const before = await digestTables(used.db, WRITTEN_BY_LOOKING);
    expect(Object.keys(before)).toContain('person');
    for (const { visitor } of visitors) {
      const { answers } = await crawl(context, async (path) => await visitor.get(path));
      expect(answers.length).toBeGreaterThan(5);
      for (const { path, response } of answers) expect([path, response.status < 500]).toEqual([path, true]);
    }
    expect(await digestTables(used.db, WRITTEN_BY_LOOKING)).toEqual(before);
  }, 180_000);
});
