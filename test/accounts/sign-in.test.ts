import { describe, expect, test } from 'vitest';
import { issueNewCode } from '../../server/accounts/new-code.ts';
import { getAccount } from '../../server/accounts/queries.ts';
import { setPasswordWithCode } from '../../server/accounts/set-password.ts';
import { signIn } from '../../server/accounts/sign-in.ts';
import { changeSetting } from '../../server/settings/change-setting.ts';
import { makeAccount, signedIn, TEST_PASSWORD, testActor, testContext, visitor } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const WRONG_PASSWORD = 'まちがえた パスワード です 0';
const later = (context: ReturnType<typeof testContext>, seconds: number) =>
  context.clock.set(new Date(context.clock.now().getTime() + seconds * 1000));

describe.each(databases)('signing in on %s', (engine) => {
  const used = useDatabase(engine);

  const failures = async (context: ReturnType<typeof testContext>, loginName: string, times: number) => {
    const told: string[] = [];
    for (let time = 0; time < times; time += 1) {
      const failed = signIn(used.db, testActor(context), loginName, WRONG_PASSWORD);
      told.push(await failed.then(String, (error: Error) => error.message));
    }
    return told;
  };

  test('after five failures a pause, doubled each time, at this terminal only; then the right password works', async () => {
    const context = testContext(used.db);
    const { id, loginName } = await makeAccount(context, 'clerk');
    expect((await failures(context, loginName, 5)).every((one) => one.includes('違います'))).toBe(true);

    const right = () => signIn(used.db, testActor(context), loginName, TEST_PASSWORD);
    await expect(right()).rejects.toThrow('30秒待って');
    await expect(right(), 'attempts during the pause do not make it longer').rejects.toThrow('30秒待って');
    const elsewhere = testActor(context, { terminal: '192.0.2.99' });
    await expect(signIn(used.db, elsewhere, loginName, TEST_PASSWORD)).resolves.toMatchObject({
      accountId: id,
    });
    const colleague = await makeAccount(context, 'clerk');
    await expect(
      signIn(used.db, testActor(context), colleague.loginName, TEST_PASSWORD),
    ).resolves.toBeTruthy();

    later(context, 31);
    expect(await failures(context, loginName, 2)).toEqual([
      expect.stringContaining('違います'),
      expect.stringContaining('60秒待って'),
    ]);
    later(context, 61);
    await expect(right()).resolves.toMatchObject({ accountId: id });
    expect(await failures(context, loginName, 1), 'counting starts afresh').toEqual([
      expect.stringContaining('違います'),
    ]);
  });

  test('the pause never exceeds fifteen minutes, and a day later it is forgotten', async () => {
    const context = testContext(used.db);
    const { loginName } = await makeAccount(context, 'clerk');
    for (let time = 0; time < 14; time += 1) {
      await failures(context, loginName, 1);
      later(context, 15 * 60 + 1);
    }
    await failures(context, loginName, 1);
    await expect(signIn(used.db, testActor(context), loginName, TEST_PASSWORD)).rejects.toThrow('約15分');
    later(context, 24 * 3600 + 1);
    expect((await failures(context, loginName, 5)).every((one) => one.includes('違います'))).toBe(true);
  });

  test('a hundred attempts at once are no hundred free guesses', async () => {
    const context = testContext(used.db);
    const { loginName } = await makeAccount(context, 'clerk');
    const told = await Promise.all(
      Array.from({ length: 100 }, () =>
        signIn(used.db, testActor(context), loginName, WRONG_PASSWORD).catch((error: Error) => error.message),
      ),
    );
    expect(told.filter((one) => String(one).includes('違います')).length).toBe(5);
    expect(told.filter((one) => String(one).includes('待って')).length).toBe(95);
  });

  test('how many failures and how long a pause are settings', async () => {
    const context = testContext(used.db);
    const actor = testActor(context);
    const { loginName } = await makeAccount(context, 'clerk');
    await changeSetting(used.db, actor, { name: 'sign-in.free-failures', value: '3', seen: '5' });
    await changeSetting(used.db, actor, { name: 'sign-in.first-pause-seconds', value: '50', seen: '30' });
    expect((await failures(context, loginName, 4)).at(-1)).toContain('50秒待って');
    await changeSetting(used.db, actor, { name: 'sign-in.free-failures', value: '5', seen: '3' });
    await changeSetting(used.db, actor, { name: 'sign-in.first-pause-seconds', value: '30', seen: '50' });
  });

  test('an unknown ID, a wrong password, a stopped account and no password yet look the same', async () => {
    const context = testContext(used.db);
    const known = await makeAccount(context, 'clerk');
    const stopped = await makeAccount(context, 'clerk');
    await used.db
      .updateTable('account')
      .set({ stoppedAt: context.clock.now().toISOString() })
      .where('id', '=', stopped.id)
      .execute();
    const fresh = await makeAccount(context, 'clerk');
    await issueNewCode(used.db, testActor(context), { accountId: fresh.id, version: 1 });
    const answers: { status: number; text: string }[] = [];
    for (const [loginName, password] of [
      ['nobody-of-this-name', WRONG_PASSWORD],
      [known.loginName, WRONG_PASSWORD],
      [stopped.loginName, TEST_PASSWORD],
      [fresh.loginName, TEST_PASSWORD],
    ]) {
      const one = visitor(context);
      const { status, text } = await one.post(
        '/sign-in',
        { loginName: loginName!, password: password! },
        '/sign-in',
      );
      const same = text
        .replace(/name="_csrf" value="[^"]+"/, '')
        .replace(/(name="loginName"[^>]*value=)"[^"]*"/, '$1');
      answers.push({ status, text: same });
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 409, text: expect.stringContaining('違います') });

    const reasons = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'session.refused')
      .orderBy('sequence', 'desc')
      .limit(4)
      .execute();
    expect(reasons.map(({ details }) => JSON.parse(details))).toEqual([
      { subjectAccountId: fresh.id, reason: 'password' },
      { subjectAccountId: stopped.id, reason: 'stopped' },
      { subjectAccountId: known.id, reason: 'password' },
      { subjectAccountId: null, reason: 'unknown' },
    ]);
  });

  test('an unknown ID takes as long as a known one', async () => {
    const context = testContext(used.db);
    const { loginName } = await makeAccount(context, 'clerk');
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 25; round += 1) {
      for (const [kind, name] of [
        ['known', loginName],
        ['unknown', `no-${round}`],
      ] as const) {
        // A terminal of its own each time, so that no pause is met.
        const actor = testActor(context, { terminal: `round ${round}` });
        const began = performance.now();
        await signIn(used.db, actor, name, WRONG_PASSWORD).catch(() => undefined);
        times[kind].push(performance.now() - began);
      }
    }
    const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio, `medians ${median(times.unknown)} and ${median(times.known)} ms`).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('the login name may be typed in capitals and full width, and an endless one is no fault of ours', async () => {
    const context = testContext(used.db);
    const { id, loginName } = await makeAccount(context, 'clerk');
    const wide = loginName
      .toUpperCase()
      .replace(/[A-Z0-9]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
    await expect(signIn(used.db, testActor(context), ` ${wide} `, TEST_PASSWORD)).resolves.toMatchObject({
      accountId: id,
    });
    const one = visitor(context);
    const endless = await one.post('/sign-in', { loginName: '𠮷'.repeat(2000), password: 'x' }, '/sign-in');
    expect(endless.status).toBe(409);
  });

  test('a password is taken in either Unicode form, and never one that differs in its last character', async () => {
    const context = testContext(used.db);
    const { id, loginName } = await makeAccount(context, 'clerk');
    const account = await getAccount(used.db, id);
    const code = await issueNewCode(used.db, testActor(context), { accountId: id, version: account.version });
    const password = `${'ガ行とパ行の文字 ４２'.normalize('NFC')} みずうみ`;
    await setPasswordWithCode(used.db, testActor(context), loginName, code, password);
    await expect(
      signIn(used.db, testActor(context), loginName, password.normalize('NFD')),
    ).resolves.toBeTruthy();
    await expect(signIn(used.db, testActor(context), loginName, password.slice(0, -1))).rejects.toThrow(
      '違います',
    );
    await expect(signIn(used.db, testActor(context), loginName, `${password}み`)).rejects.toThrow('違います');
  });

  test('the sign-in before is shown with its day, time and terminal', async () => {
    const context = testContext(used.db);
    const first = await signedIn(context, 'clerk');
    expect((await first.get('/')).text).toContain('今回が初めてのサインインです');
    context.clock.set('2026-11-21T00:05:00.000Z');
    const second = visitor(context);
    await second.post(
      '/sign-in',
      { loginName: first.account.loginName, password: TEST_PASSWORD },
      '/sign-in',
    );
    expect((await second.get('/')).text).toMatch(/前回のサインイン 令和8年11月20日 10:30（端末 .+）/);
  });
});
