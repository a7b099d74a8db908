import { describe, expect, test } from 'vitest';
import { csrfOf, signedIn, TEST_PASSWORD, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { type Form, formsOf } from '../support/walk.ts';

type Visitor = Awaited<ReturnType<typeof signedIn>>;

describe.each(databases)('入力を失わず、二重に記録しない %s', (engine) => {
  const used = useDatabase(engine);
  const formOf = async (visitor: Visitor, page: string, action: RegExp): Promise<Form> => {
    const { text } = await visitor.get(page);
    return formsOf(page, text).find((form) => action.test(form.action))!;
  };
  const send = (visitor: Visitor, form: Form, fields: Record<string, string> = {}) =>
    visitor.agent
      .post(form.action)
      .type('form')
      .send({ ...form.fields, ...fields })
      .redirects(0);
  const GROUND = { kind: 'other', ground: '本人からの申出' };
  const countOf = async (personId: number) =>
    (await used.db.selectFrom('circumstance').select('id').where('personId', '=', personId).execute()).length;

  test('同じ画面を二度押しても記録は一つで、二度目も一度目の結果の画面に着く', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const form = await formOf(clerk, `/people/${personId}/circumstances`, /circumstances$/);
    const answers = await Promise.all([1, 2, 3].map(() => send(clerk, form, GROUND)));
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      answers.map(() => [303, `/people/${personId}/circumstances`]),
    );
    const back = await send(clerk, form, GROUND);
    expect([back.status, back.headers.location], '戻るボタンから').toEqual([
      303,
      `/people/${personId}/circumstances`,
    ]);
    expect(await countOf(personId)).toBe(1);
    const other = await send(clerk, form, { ...GROUND, ground: '別の申出' });
    expect(other.status, '戻って内容を変えたもの').toBe(409);
    expect(other.text).toContain('すでに受け付けた');
    expect(await countOf(personId)).toBe(1);
    const fresh = await formOf(clerk, `/people/${personId}/circumstances`, /circumstances$/);
    expect((await send(clerk, fresh, { ...GROUND, ground: '別の申出' })).status).toBe(303);
    expect(await countOf(personId)).toBe(2);
  });

  test('拒まれた入力は、直して同じ画面から送り直せる', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const form = await formOf(clerk, `/people/${personId}/circumstances`, /circumstances$/);
    const refused = await send(clerk, form, { ...GROUND, ground: '' });
    expect(refused.status).toBe(422);
    expect((await send(clerk, form, GROUND)).status).toBe(303);
    expect(await countOf(personId)).toBe(1);
  });

  test('受け付けた控えには、送られた内容そのものを置かない', async () => {
    const rows = await used.db.selectFrom('formReceipt').selectAll().execute();
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain('申出');
  });

  test('同僚が先に変えていたら、二つを並べて見せ、何も上書きせず、入力を残す', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const [first, second] = [await signedIn(context, 'clerk'), await signedIn(context, 'clerk')];
    const page = `/people/${personId}`;
    const [one, other] = [await formOf(first, page, /phone$/), await formOf(second, page, /phone$/)];
    expect((await send(first, one, { phone: '03-1111-1111' })).status).toBe(303);
    const conflict = await send(second, other, { phone: '03-2222-2222' });
    expect(conflict.status).toBe(409);
    expect(conflict.text).toMatch(/今の内容[\s\S]*入力した内容[\s\S]*03-1111-1111[\s\S]*03-2222-2222/);
    expect(conflict.text).toContain('試験 clerk（連絡先の変更）');
    expect((await first.get(page)).text).toContain('03-1111-1111');
    const [again] = formsOf(page, conflict.text).filter(({ action }) => /phone$/.test(action));
    expect(again!.fields.phone).toBe('03-2222-2222');
    expect((await send(second, again!)).status).toBe(303);
    expect((await first.get(page)).text).toContain('03-2222-2222');
  });

  test('サインアウトした後に送った入力は、同じ職員がサインインし直せば残っていて、勝手には送らない', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const form = await formOf(clerk, `/people/${personId}`, /phone$/);
    context.clock.set('2026-11-20T02:30:00.000Z');
    const late = await send(clerk, form, { phone: '03-9999-8888' });
    expect([late.status, late.headers.location]).toEqual([303, '/sign-in']);
    expect((await clerk.get(`/people/${personId}`)).headers.location, '切れたまま').toBe('/sign-in');
    const signIn = await clerk.get('/sign-in');
    expect(signIn.text).toContain('残っています');
    const rows = await used.db.selectFrom('session').select('data').execute();
    expect(JSON.stringify(rows), '暗号にしてある').not.toContain('9999-8888');

    const { loginName } = clerk.account;
    const typed = { _csrf: csrfOf(signIn.text), loginName, password: TEST_PASSWORD };
    const back = await clerk.agent.post('/sign-in').type('form').send(typed).redirects(0);
    expect(back.headers.location).toBe('/unsent');
    const phoneOf = async () =>
      (
        await used.db
          .selectFrom('person')
          .select('phone')
          .where('id', '=', personId)
          .executeTakeFirstOrThrow()
      ).phone;
    expect(await phoneOf()).toBe('');
    const kept = await clerk.get('/unsent');
    expect(kept.text).toMatch(/電話番号の変更[\s\S]*03-9999-8888/);
    expect(await phoneOf()).toBe('');
    const [resend] = formsOf('/unsent', kept.text).filter(({ action }) => /phone$/.test(action));
    expect((await send(clerk, resend!)).status).toBe(303);
    expect(await phoneOf()).toBe('03-9999-8888');
    expect((await clerk.get('/unsent')).headers.location, '送ったら残らない').toBe('/');
  });

  test('残った入力は、ほかの職員にも、30分を過ぎた後にも見せず、パスワードの画面は残さない', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const stranger = await signedIn(context, 'clerk');
    for (const [loginName, at] of [
      [stranger.account.loginName, '2026-11-20T02:31:00.000Z'],
      [undefined, '2026-11-20T03:05:00.000Z'],
    ] as const) {
      context.clock.set('2026-11-20T01:30:00.000Z');
      const clerk = await signedIn(context, 'clerk');
      const form = await formOf(clerk, `/people/${personId}`, /phone$/);
      context.clock.set('2026-11-20T02:30:00.000Z');
      await send(clerk, form, { phone: '03-7777-8888' });
      context.clock.set(at);
      const typed = { loginName: loginName ?? clerk.account.loginName, password: TEST_PASSWORD };
      const token = csrfOf((await clerk.get('/sign-in')).text);
      const back = await clerk.agent
        .post('/sign-in')
        .type('form')
        .send({ _csrf: token, ...typed })
        .redirects(0);
      expect([back.status, back.headers.location]).toEqual([303, '/']);
      expect((await clerk.get('/unsent')).headers.location).toBe('/');
    }
    context.clock.set('2026-11-20T01:30:00.000Z');
    const clerk = await signedIn(context, 'clerk');
    const form = await formOf(clerk, '/password', /password$/);
    context.clock.set('2026-11-20T02:30:00.000Z');
    await send(clerk, form, { presentPassword: TEST_PASSWORD, password: 'あたらしい 合言葉 2026 冬' });
    expect((await clerk.get('/sign-in')).text).not.toContain('残っています');
  });
});
