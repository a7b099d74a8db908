import { describe, expect, test } from 'vitest';
import { changeSetting } from '../../server/settings/change-setting.ts';
import { signedIn, TEST_PASSWORD, testActor, testContext, visitor } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const NEXT = 'みずうみ の ほとり で 朝ごはん';

describe.each(databases)("changing one's own password on %s", (engine) => {
  const used = useDatabase(engine);
  const change = (one: Awaited<ReturnType<typeof signedIn>>, over: object = {}) =>
    one.post(
      '/password',
      { presentPassword: TEST_PASSWORD, password: NEXT, passwordAgain: NEXT, ...over },
      '/password',
    );

  test.each([
    ['the present one is wrong', { presentPassword: 'ちがう' }, 'presentPassword'],
    ['the two differ', { passwordAgain: `${NEXT}。` }, 'passwordAgain'],
    ['it is too short', { password: 'みじかい', passwordAgain: 'みじかい' }, 'password'],
    ['it is common', { password: 'password12345678', passwordAgain: 'password12345678' }, 'password'],
    ['it is the same', { password: TEST_PASSWORD, passwordAgain: TEST_PASSWORD }, 'password'],
  ])('is refused when %s', async (_why, over, field) => {
    const context = testContext(used.db);
    const one = await signedIn(context, 'clerk');
    const answer = await change(one, over);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`id="${field}-error"`);
    expect(answer.text, 'no password comes back in the page').not.toContain(TEST_PASSWORD);
    expect(answer.text).not.toContain(NEXT);
    const again = visitor(context);
    const fields = { loginName: one.account.loginName, password: TEST_PASSWORD };
    expect((await again.post('/sign-in', fields, '/sign-in')).status).toBe(303);
  });

  test('guessing the present one is slowed down as a sign-in is', async () => {
    const context = testContext(used.db);
    const one = await signedIn(context, 'clerk');
    for (let time = 0; time < 5; time += 1) await change(one, { presentPassword: `ちがう ${time}` });
    const answer = await change(one);
    expect([answer.status, answer.text.includes('待ってから')]).toEqual([409, true]);
    const events = await used.db
      .selectFrom('auditEvent')
      .select('kind')
      .where('accountId', '=', one.account.id)
      .where('kind', '=', 'account.password-refused')
      .execute();
    expect(events.length).toBe(5);
  });

  test('never expires by itself: five years later the sign-in works', async () => {
    const context = testContext(used.db);
    const { account } = await signedIn(context, 'clerk');
    context.clock.set('2031-11-20T01:30:00.000Z');
    const one = visitor(context);
    await one.post('/sign-in', { loginName: account.loginName, password: TEST_PASSWORD }, '/sign-in');
    expect((await one.get('/')).status).toBe(200);
  });

  test('where the municipality has set an age, an older one opens nothing but its change', async () => {
    const context = testContext(used.db);
    const one = await signedIn(context, 'clerk');
    const setting = { name: 'password.expiry-days', value: '90', seen: '0' };
    await changeSetting(used.db, testActor(context), setting);
    const signInOn = async (day: string) => {
      context.clock.set(`${day}T01:30:00.000Z`);
      const fields = { loginName: one.account.loginName, password: TEST_PASSWORD };
      await one.post('/sign-in', fields, '/sign-in');
    };
    await signInOn('2027-02-18');
    expect((await one.get('/')).status, 'on the ninetieth day').toBe(200);
    await one.post('/sign-out', {});
    await signInOn('2027-02-19');
    for (const path of ['/', '/daily-lists', '/rights']) {
      const answer = await one.get(path);
      expect([path, answer.status, answer.headers.location]).toEqual([path, 303, '/password']);
    }
    expect((await one.get('/password')).text).toContain('有効日数が過ぎています');
    expect((await change(one)).text).toContain('パスワードを変更しました');
    expect((await one.get('/')).status).toBe(200);
    await changeSetting(used.db, testActor(context), { ...setting, value: '0', seen: '90' });
  });
});
