import express from 'express';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { changeAccount } from '../../server/accounts/change-account.ts';
import { getAccount } from '../../server/accounts/queries.ts';
import { stopAccount } from '../../server/accounts/stop-account.ts';
import { beginSession, sessions } from '../../server/http/session.ts';
import { changeSetting } from '../../server/settings/change-setting.ts';
import {
  csrfOf,
  makeAccount,
  signedIn,
  TEST_PASSWORD,
  testActor,
  testContext,
  visitor,
} from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const NEW_PASSWORD = 'みずうみ の ほとり で 朝ごはん';

/** The cookie a visitor sends. */
async function cookieOf(one: ReturnType<typeof visitor>): Promise<string> {
  const { request } = await one.get('/password');
  return (request as unknown as { cookies: string }).cookies;
}

describe.each(databases)('sessions on %s', (engine) => {
  const used = useDatabase(engine);

  const isOpen = async (one: { get(path: string): PromiseLike<{ status: number }> }) =>
    (await one.get('/')).status === 200;
  const again = async (context: ReturnType<typeof testContext>, loginName: string) => {
    const one = visitor(context);
    await one.post('/sign-in', { loginName, password: TEST_PASSWORD }, '/sign-in');
    return one;
  };
  const later = (context: ReturnType<typeof testContext>, minutes: number) =>
    context.clock.set(new Date(context.clock.now().getTime() + minutes * 60_000));

  test('an id planted before the sign-in is worth nothing after it', async () => {
    const context = testContext(used.db);
    const { loginName } = await makeAccount(context, 'clerk');
    const victim = visitor(context);
    const page = await victim.get('/sign-in');
    const planted = page.headers['set-cookie']![0]!.split(';')[0]!;
    const answer = await victim.agent
      .post('/sign-in')
      .type('form')
      .send({ _csrf: csrfOf(page.text), loginName, password: TEST_PASSWORD });
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']![0]!.split(';')[0]).not.toBe(planted);
    expect(await isOpen(victim)).toBe(true);
    const attacker = visitor(context);
    expect((await attacker.agent.get('/').set('Cookie', planted)).status).toBe(303);
  });

  test('signing in as somebody else keeps nothing of the session before', async () => {
    const context = testContext(used.db);
    const first = await signedIn(context, 'clerk');
    const before = await cookieOf(first);
    const token = csrfOf((await first.get('/password')).text);
    const other = await makeAccount(context, 'clerk');
    await first.post('/sign-in', { loginName: other.loginName, password: TEST_PASSWORD }, '/password');
    const data = await used.db
      .selectFrom('session')
      .select(['data', 'accountId'])
      .where('accountId', 'in', [first.account.id, other.id])
      .execute();
    expect(data.map(({ accountId }) => accountId)).toEqual([other.id]);
    expect(data[0]!.data).not.toContain(token);
    expect(await cookieOf(first)).not.toBe(before);
    const stale = await first.agent.post('/sign-out').type('form').send({ _csrf: token });
    expect(stale.status).toBe(403);
  });

  test('signing out ends the session on the server, not only the cookie', async () => {
    const context = testContext(used.db);
    const one = await signedIn(context, 'clerk');
    const cookie = await cookieOf(one);
    expect((await one.post('/sign-out', {})).status).toBe(303);
    const copy = visitor(context);
    expect((await copy.agent.get('/').set('Cookie', cookie)).status).toBe(303);
  });

  test('stopping an account ends every session of it with the next click', async () => {
    const context = testContext(used.db);
    await makeAccount(context, 'administrator');
    const one = await signedIn(context, 'clerk');
    const two = await again(context, one.account.loginName);
    expect([await isOpen(one), await isOpen(two)]).toEqual([true, true]);
    await stopAccount(used.db, testActor(context), { accountId: one.account.id, version: 1 }, '異動');
    expect([await isOpen(one), await isOpen(two)]).toEqual([false, false]);
    const left = await used.db
      .selectFrom('session')
      .select('idHash')
      .where('accountId', '=', one.account.id)
      .execute();
    expect(left).toEqual([]);
  });

  test('a session that has ended is not written back by a page that was still on its way', async () => {
    const context = testContext(used.db);
    const { id } = await makeAccount(context, 'clerk');
    const rows = () => used.db.selectFrom('session').select('idHash').where('accountId', '=', id).execute();
    const app = express();
    app.use(sessions(context));
    app.get('/begin', async (request, response) => {
      await beginSession(request, { accountId: id });
      response.end();
    });
    app.get('/slow', async (request, response) => {
      await used.db.deleteFrom('session').where('accountId', '=', id).execute();
      request.session.previousSignIn = { at: '2026-11-20T00:00:00.000Z', terminal: 'x' };
      response.end(String(request.session.accountId));
    });
    const agent = supertest.agent(app);
    await agent.get('/begin');
    expect((await rows()).length).toBe(1);
    expect((await agent.get('/slow')).text).toBe(String(id));
    expect(await rows()).toEqual([]);
  });

  test('a role that is taken away is gone with the next click', async () => {
    const context = testContext(used.db);
    const administrator = await makeAccount(context, 'administrator');
    const one = await signedIn(context, 'administrator');
    expect((await one.get('/accounts')).status).toBe(200);
    const { displayName, officeCode, validFromOn, validUntilOn, version } = await getAccount(
      used.db,
      one.account.id,
    );
    const actor = testActor(context, { accountId: administrator.id });
    const changed = { displayName, officeCode, role: 'clerk', validFromOn, validUntilOn };
    await changeAccount(used.db, actor, { accountId: one.account.id, version }, changed);
    expect((await one.get('/accounts')).status).toBe(403);
    expect(await isOpen(one)).toBe(true);
  });

  test('the end of the period of validity ends the sessions at midnight in Japan', async () => {
    const context = testContext(used.db, '2026-11-20T14:30:00.000Z');
    const one = await signedIn(context, 'clerk');
    await used.db
      .updateTable('account')
      .set({ validUntilOn: '2026-11-20' })
      .where('id', '=', one.account.id)
      .execute();
    expect(await isOpen(one)).toBe(true);
    later(context, 30);
    expect(await isOpen(one)).toBe(false);
  });

  test('changing the password ends the other sessions and gives this one a new id', async () => {
    const context = testContext(used.db);
    const one = await signedIn(context, 'clerk');
    const two = await again(context, one.account.loginName);
    const before = await cookieOf(one);
    const fields = { presentPassword: TEST_PASSWORD, password: NEW_PASSWORD, passwordAgain: NEW_PASSWORD };
    const answer = await one.post('/password', fields, '/password');
    expect(answer.text).toContain('パスワードを変更しました');
    expect([await isOpen(one), await isOpen(two)]).toEqual([true, false]);
    expect(await cookieOf(one)).not.toBe(before);
    expect((await visitor(context).agent.get('/').set('Cookie', before)).status).toBe(303);
  });

  test('idle for 45 minutes, or ten hours after the sign-in, whatever is done in between', async () => {
    const context = testContext(used.db, '2026-11-20T00:00:00.000Z');
    const idle = await signedIn(context, 'clerk');
    later(context, 45);
    expect(await isOpen(idle), 'at 45 minutes').toBe(true);
    later(context, 46);
    expect(await isOpen(idle), 'after 46 minutes without a click').toBe(false);

    const busy = await signedIn(context, 'clerk');
    for (let half = 1; half < 20; half += 1) {
      later(context, 30);
      expect(await isOpen(busy), `${half} half hours in`).toBe(true);
    }
    later(context, 30);
    expect(await isOpen(busy), 'ten hours in').toBe(false);
  });

  test('the times are settings, and a shorter one holds for sessions that are open', async () => {
    const context = testContext(used.db);
    const actor = testActor(context);
    const one = await signedIn(context, 'clerk');
    later(context, 20);
    await changeSetting(used.db, actor, { name: 'session.idle-minutes', value: '10', seen: '45' });
    expect(await isOpen(one)).toBe(false);
    await changeSetting(used.db, actor, { name: 'session.idle-minutes', value: '120', seen: '10' });

    const two = await signedIn(context, 'clerk');
    later(context, 100);
    expect(await isOpen(two)).toBe(true);
    await changeSetting(used.db, actor, { name: 'session.hours', value: '1', seen: '10' });
    expect(await isOpen(two)).toBe(false);
  });
});
