import { describe, expect, test } from 'vitest';
import { changeAccount } from '../../server/accounts/change-account.ts';
import { createAccount } from '../../server/accounts/create-account.ts';
import { issueNewCode } from '../../server/accounts/new-code.ts';
import { getAccount } from '../../server/accounts/queries.ts';
import { stopAccount } from '../../server/accounts/stop-account.ts';
import { clockAt } from '../../server/clock.ts';
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

const CODE = /[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}/;

describe.each(databases)('the accounts screen on %s', (engine) => {
  const used = useDatabase(engine);

  const eventsOf = async (kind: string, subjectAccountId: number) => {
    const rows = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', kind)
      .orderBy('sequence')
      .execute();
    return rows
      .map(({ details }) => JSON.parse(details) as Record<string, unknown>)
      .filter((one) => one.subjectAccountId === subjectAccountId);
  };
  const idOf = async (loginName: string) =>
    (await used.db.selectFrom('account').select('id').where('loginName', '=', loginName).executeTakeFirst())
      ?.id ?? 0;
  const signIn = async (context: ReturnType<typeof testContext>, loginName: string, password: string) => {
    const one = visitor(context);
    return await one.post('/sign-in', { loginName, password }, '/sign-in');
  };
  const NEW = {
    displayName: '新人　一郎',
    officeCode: '03',
    role: 'clerk',
    validFromOn: 'R8.11.20',
    validUntilOn: 'R9.3.31',
  };

  test('a new account gets a code, shown once, with which its owner and nobody else chooses the password', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const answer = await administrator.post('/accounts', { loginName: 'shinjin', ...NEW }, '/accounts/new');
    const code = CODE.exec(answer.text)![0];
    const id = await idOf('shinjin');
    expect((await administrator.get(`/accounts/${id}`)).text).not.toContain(code);
    expect(await eventsOf('account.created', id)).toEqual([
      {
        subjectAccountId: id,
        loginName: 'shinjin',
        displayName: '新人　一郎',
        officeCode: '03',
        role: 'clerk',
        validFromOn: '2026-11-20',
        validUntilOn: '2027-03-31',
      },
    ]);

    const owner = visitor(context);
    const fields = {
      loginName: 'shinjin',
      code,
      password: 'みずうみ の ほとり で 朝ごはん',
      passwordAgain: 'みずうみ の ほとり で 朝ごはん',
    };
    const page = await owner.get('/first-password');
    const set = () =>
      owner.agent
        .post('/first-password')
        .type('form')
        .send({ _csrf: csrfOf(page.text), ...fields });
    expect((await set()).status).toBe(303);
    expect((await set()).text, 'a code is good once').toContain('期限が切れています');
    expect((await signIn(context, 'shinjin', fields.password)).headers.location).toBe('/');
  });

  test('what cannot be is told beside the field, with what was typed', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const bad = { loginName: 'Bad Name', ...NEW, displayName: ' ', role: 'king', validUntilOn: 'R8.4.1' };
    const answer = await administrator.post('/accounts', bad, '/accounts/new');
    expect(answer.status).toBe(422);
    for (const field of ['loginName', 'displayName', 'role', 'validUntilOn']) {
      expect(answer.text).toContain(`id="${field}-error"`);
    }
    expect(answer.text).toContain('value="Bad Name"');
    const taken = { loginName: administrator.account.loginName, ...NEW };
    expect((await administrator.post('/accounts', taken, '/accounts/new')).text).toContain(
      'すでに使われています',
    );
  });

  test('a code is good for 72 hours, from the first day when the account begins later', async () => {
    const context = testContext(used.db);
    const actor = testActor(context);
    const given = { loginName: 'april', displayName: '四月　花', role: 'clerk', officeCode: '00' };
    const { accountId } = await createAccount(used.db, actor, { ...given, validFromOn: '2027-04-01' });
    expect((await getAccount(used.db, accountId)).codeExpiresAt).toBe('2027-04-03T15:00:00.000Z');
    const now = await createAccount(used.db, actor, { ...given, loginName: 'now' });
    expect((await getAccount(used.db, now.accountId)).codeExpiresAt).toBe('2026-11-23T01:30:00.000Z');
  });

  test('each changed field is an event of its own, and a stale form changes nothing', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const { id, loginName } = await makeAccount(context, 'clerk');
    const path = `/accounts/${id}`;
    const version = String((await getAccount(used.db, id)).version);
    const fields = {
      version,
      displayName: '改姓　花子',
      officeCode: '00',
      role: 'supervisor',
      validFromOn: 'R8.11.20',
      validUntilOn: '',
    };
    expect((await administrator.post(path, fields, path)).status).toBe(303);
    expect(await eventsOf('account.changed', id)).toEqual([
      { subjectAccountId: id, field: 'displayName', from: '試験 clerk', to: '改姓　花子' },
      { subjectAccountId: id, field: 'role', from: 'clerk', to: 'supervisor' },
    ]);
    const stale = await administrator.post(path, { ...fields, role: 'auditor' }, path);
    expect([stale.status, stale.text.includes('ほかの職員がこのアカウントを変えた')]).toEqual([409, true]);
    expect(await getAccount(used.db, id)).toMatchObject({ loginName, role: 'supervisor' });
  });

  test('fields that the form does not have are refused, whoever sends them', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const { id } = await makeAccount(context, 'clerk');
    const extra = await administrator.post(
      `/accounts/${id}/stop`,
      { version: '1', stopGround: '異動', role: 'administrator' },
      `/accounts/${id}`,
    );
    expect(extra.status).toBe(400);
    expect(await getAccount(used.db, id)).toMatchObject({ role: 'clerk', stoppedAt: null });
  });

  test('stop and resume, each with its ground on record', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const { id, loginName } = await makeAccount(context, 'clerk');
    const path = `/accounts/${id}`;
    const version = async () => String((await getAccount(used.db, id)).version);
    const silent = await administrator.post(
      `${path}/stop`,
      { version: await version(), stopGround: ' ' },
      path,
    );
    expect([silent.status, silent.text.includes('id="stopGround-error"')]).toEqual([422, true]);
    await administrator.post(`${path}/stop`, { version: await version(), stopGround: '異動のため' }, path);
    expect((await signIn(context, loginName, TEST_PASSWORD)).status).toBe(409);
    await administrator.post(`${path}/resume`, { version: await version(), resumeGround: '復職' }, path);
    expect((await signIn(context, loginName, TEST_PASSWORD)).status).toBe(303);
    expect(await eventsOf('account.stopped', id)).toEqual([{ subjectAccountId: id, ground: '異動のため' }]);
    expect(await eventsOf('account.resumed', id)).toEqual([{ subjectAccountId: id, ground: '復職' }]);
  });

  test('a new code ends the old password and the sessions, and lifts the pauses', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const one = await signedIn(context, 'clerk');
    const { id, loginName } = one.account;
    for (let time = 0; time < 5; time += 1) await signIn(context, loginName, 'まちがい');
    expect((await signIn(context, loginName, TEST_PASSWORD)).text).toContain('一時止めています');
    const path = `/accounts/${id}`;
    expect((await administrator.get(path)).text).toContain('1台の端末で失敗が続いています');
    const version = String((await getAccount(used.db, id)).version);
    const answer = await administrator.post(`${path}/code`, { version }, path);
    expect(answer.text).toMatch(CODE);
    expect((await one.get('/')).status).toBe(303);
    const refused = await signIn(context, loginName, TEST_PASSWORD);
    expect([refused.status, refused.text.includes('一時止めています')]).toEqual([409, false]);
    expect(await eventsOf('account.code-issued', id)).toEqual([{ subjectAccountId: id }]);
    const own = `/accounts/${administrator.account.id}`;
    const mine = await administrator.post(`${own}/code`, { version: '1' }, own);
    expect(mine.status).toBe(409);
  });

  test('pauses can be lifted without a new code', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const { id, loginName } = await makeAccount(context, 'clerk');
    for (let time = 0; time < 5; time += 1) await signIn(context, loginName, 'まちがい');
    await administrator.post(`/accounts/${id}/pauses`, {}, `/accounts/${id}`);
    expect((await signIn(context, loginName, TEST_PASSWORD)).status).toBe(303);
    expect(await eventsOf('account.pause-lifted', id)).toEqual([{ subjectAccountId: id, terminals: 1 }]);
  });

  test('an account that is stopped, ended, not begun or without a password says so in the list', async () => {
    const context = { ...testContext(used.db), clock: clockAt('2026-11-20T01:30:00.000Z') };
    const administrator = await signedIn(context, 'administrator');
    await createAccount(used.db, testActor(context), {
      loginName: 'not-begun',
      displayName: '翌月　太郎',
      role: 'clerk',
      officeCode: '00',
      validFromOn: '2026-12-01',
    });
    const { id } = await makeAccount(context, 'clerk', { loginName: 'ended' });
    await used.db.updateTable('account').set({ validUntilOn: '2026-11-19' }).where('id', '=', id).execute();
    const list = (await administrator.get('/accounts')).text;
    const stateOf = (loginName: string) =>
      /<td>([^<]+)<\/td>\s*<td>[^<]*〜/.exec(list.slice(list.indexOf(`>${loginName}<`)))?.[1];
    expect(stateOf('not-begun')).toBe('有効期間前');
    expect(stateOf('ended')).toBe('有効期間終了');
    expect(stateOf(administrator.account.loginName)).toBe('使用中');
  });
});

describe.each(databases)('the last administrator on %s', (engine) => {
  const used = useDatabase(engine);

  test('cannot be stopped, demoted, ended or reset, not even by two who do it to each other at once', async () => {
    const context = testContext(used.db);
    const one = await makeAccount(context, 'administrator');
    const other = await makeAccount(context, 'administrator');
    const waiting = await createAccount(used.db, testActor(context), {
      loginName: 'waiting',
      displayName: '設定　待ち',
      role: 'administrator',
      officeCode: '00',
    });
    const by = (id: number) => testActor(context, { accountId: id });
    const attempts = await Promise.allSettled([
      stopAccount(used.db, by(one.id), { accountId: other.id, version: 1 }, '試験'),
      stopAccount(used.db, by(other.id), { accountId: one.id, version: 1 }, '試験'),
    ]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refusal = attempts.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(String(refusal.reason)).toContain('システム管理者が一人もいなくなる');

    const left = attempts[0]!.status === 'fulfilled' ? one : other;
    const account = await getAccount(used.db, left.id);
    const seen = { accountId: left.id, version: account.version };
    const { displayName, officeCode, role, validFromOn } = account;
    const same = { displayName, officeCode, role, validFromOn, validUntilOn: null };
    const change = (over: object) => changeAccount(used.db, by(left.id), seen, { ...same, ...over });
    for (const act of [
      () => stopAccount(used.db, by(left.id), seen, '試験'),
      () => change({ role: 'clerk' }),
      () => change({ validFromOn: '2026-11-01', validUntilOn: '2026-11-19' }),
      () => change({ validFromOn: '2026-12-01' }),
      () => issueNewCode(used.db, by(waiting.accountId), seen),
    ]) {
      await expect(act()).rejects.toThrow('システム管理者が一人もいなくなる');
    }
    expect(await getAccount(used.db, left.id)).toEqual(account);
    await expect(change({ displayName: '改名　した人' })).resolves.toBeUndefined();
  });

  test('a job may still give the only administrator a new code', async () => {
    const context = testContext(used.db);
    const { id } = (await used.db
      .selectFrom('account')
      .select('id')
      .where('role', '=', 'administrator')
      .where('stoppedAt', 'is', null)
      .where('passwordHash', 'is not', null)
      .executeTakeFirst())!;
    const { version } = await getAccount(used.db, id);
    await expect(issueNewCode(used.db, testActor(context), { accountId: id, version })).resolves.toMatch(
      CODE,
    );
  });
});
