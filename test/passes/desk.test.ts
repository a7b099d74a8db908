import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../server/audit/record-event.ts';
import { businessDay } from '../../server/calendar/local-date.ts';
import type { AppContext } from '../../server/context.ts';
import { ChangedMeanwhile, Invalid, Refused } from '../../server/errors.ts';
import { revokePass, surrenderPass } from '../../server/passes/end-pass.ts';
import { type IssueRequest, issuePass, issuePasses } from '../../server/passes/issue.ts';
import { advanceReturn, recordReturnedMail } from '../../server/passes/returned-mail.ts';
import { addStockRange, removeStockRange } from '../../server/passes/stock-ranges.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { formsOf } from '../support/walk.ts';

const request = (context: AppContext, personId: number, over: Partial<IssueRequest> = {}): IssueRequest => {
  const today = businessDay(context.clock.now());
  return {
    personId,
    kind: 'new',
    appliedOn: today,
    issuedOn: today,
    officeCode: '00',
    deliveryMethod: 'counter',
    applicant: 'self',
    proxyName: '',
    proxyRelation: '',
    documentSeen: '',
    formKey: randomUUID(),
    ...over,
  };
};

describe.each(databases)('交付とその後 %s', (engine) => {
  const used = useDatabase(engine);
  const passOf = async (id: number) =>
    await used.db.selectFrom('pass').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const countEvents = async (kind: string, personId: number) =>
    (
      await used.db
        .selectFrom('auditEvent')
        .select('sequence')
        .where('kind', '=', kind)
        .where('personId', '=', personId)
        .execute()
    ).length;

  const prepared = async (now?: string) => {
    const context = testContext(used.db, now);
    return { context, actor: testActor(context), personId: await makePerson(context) };
  };
  const issue = (context: AppContext, actor: Actor, personId: number, over: Partial<IssueRequest> = {}) =>
    issuePass(used.db, actor, request(context, personId, over));

  test('紛失の再交付は一回、二回目は権限のある人の理由で', async () => {
    const { context, actor, personId } = await prepared();
    await issue(context, actor, personId);
    const second = await issue(context, actor, personId, { kind: 'reissue_lost' });
    await expect(issue(context, actor, personId, { kind: 'reissue_lost' })).rejects.toThrow(
      '年度内に1回まで',
    );
    expect((await passOf(second.id)).status).toBe('valid');
    await issue(context, actor, personId, { kind: 'reissue_lost', overrideReason: '盗難の届出を確認した' });
    expect((await passOf(second.id)).status).toBe('lost');
    expect(await countEvents('pass.limit-overridden', personId)).toBe(1);
  });

  test('上限を超える理由は、権限のない職員からは受け付けない', async () => {
    const { context, actor, personId } = await prepared();
    await issue(context, actor, personId);
    await issue(context, actor, personId, { kind: 'reissue_lost' });
    for (const [role, status] of [
      ['clerk', 403],
      ['supervisor', 303],
    ] as const) {
      const visitor = await signedIn(context, role);
      const page = await visitor.get(`/people/${personId}/passes/new`);
      expect(page.text.includes('上限を超えて再交付する理由')).toBe(role === 'supervisor');
      const form = formsOf('', page.text).find(({ action }) => action.endsWith('/passes'))!;
      const typed = { ...form.fields, kind: 'reissue_lost', overrideReason: '警察への届出を確認した' };
      expect((await visitor.agent.post(form.action).type('form').send(typed)).status).toBe(status);
    }
  });

  test('三月には今年度・翌年度・両方を交付でき、二月にはできない', async () => {
    const february = await prepared('2028-02-29T03:00:00.000Z');
    const both = { fiscalYears: [2027, 2028] };
    const early = issue(february.context, february.actor, february.personId, both);
    await expect(early).rejects.toThrow('令和10年3月1日から');
    for (const now of ['2027-03-01T00:00:00.000Z', '2028-03-31T14:59:00.000Z']) {
      const { context, actor, personId } = await prepared(now);
      const year = Number(now.slice(0, 4)) - 1;
      const asked = request(context, personId, { fiscalYears: [year, year + 1] });
      const issued = await issuePasses(used.db, actor, asked);
      expect(issued.map(({ fiscalYear }) => fiscalYear)).toEqual([year, year + 1]);
      expect(await issuePasses(used.db, actor, asked), '同じ画面の二度目は同じ結果').toEqual(issued);
      const [next] = await issuePasses(
        used.db,
        actor,
        request(context, personId, { kind: 'reissue_lost', fiscalYears: [year + 1] }),
      );
      expect(next!.fiscalYear).toBe(year + 1);
    }
    const april = await prepared('2028-03-31T15:00:00.000Z');
    const [first] = await issuePasses(used.db, april.actor, request(april.context, april.personId));
    expect(first!.fiscalYear).toBe(2028);
  });

  test('三月に両方を失くした人には、持っている年度だけを再交付、ない年度は新規', async () => {
    const { context, actor, personId } = await prepared('2027-03-10T01:00:00.000Z');
    await issue(context, actor, personId);
    const asked = request(context, personId, { kind: 'reissue_lost', fiscalYears: [2026, 2027] });
    await issuePasses(used.db, actor, asked);
    const kinds = await used.db
      .selectFrom('application')
      .select(['fiscalYear', 'kind'])
      .where('formKey', '=', asked.formKey)
      .orderBy('fiscalYear')
      .execute();
    expect(kinds).toEqual([
      { fiscalYear: 2026, kind: 'reissue_lost' },
      { fiscalYear: 2027, kind: 'new' },
    ]);
  });

  test('誤った再交付を取り消すと前の入浴証が戻り、番号は使い直さない', async () => {
    const { context, actor, personId } = await prepared();
    const first = await issue(context, actor, personId);
    const wrong = await issue(context, actor, personId, { kind: 'reissue_lost' });
    const { version } = await passOf(wrong.id);
    await expect(revokePass(used.db, actor, { passId: wrong.id, version, reason: ' ' })).rejects.toThrow(
      Invalid,
    );
    await revokePass(used.db, actor, { passId: wrong.id, version, reason: '別の人の申請だった' });
    expect(await passOf(wrong.id)).toMatchObject({ status: 'revoked', statusReason: '別の人の申請だった' });
    expect((await passOf(first.id)).status).toBe('valid');
    const again = await issue(context, actor, personId, { kind: 'reissue_lost' });
    expect(again.passNumber).toBeGreaterThan(wrong.passNumber);
    const late = revokePass(used.db, actor, { passId: wrong.id, version: version + 1, reason: 'もう一度' });
    await expect(late).rejects.toThrow('交付取消');
  });

  test('返還すると翌年度の一斉発送を止め、また交付すると止めたのを解く', async () => {
    const { context, actor, personId } = await prepared();
    const { id } = await issue(context, actor, personId);
    await surrenderPass(used.db, actor, { passId: id, version: 1, reason: 'no_use' });
    const stopped = async () =>
      (
        await used.db
          .selectFrom('person')
          .select('mailingStoppedOn')
          .where('id', '=', personId)
          .executeTakeFirstOrThrow()
      ).mailingStoppedOn;
    expect(await stopped()).toBe('2026-11-20');
    await issue(context, actor, personId);
    expect(await stopped()).toBe(null);
    expect(await countEvents('person.mailing-changed', personId)).toBe(2);
  });

  test('返戻は段階を踏み、版の違う画面からは進めない', async () => {
    const { context, actor, personId } = await prepared();
    const { id } = await issue(context, actor, personId, { deliveryMethod: 'post' });
    const mail = { passId: id, version: 1, returnedOn: '2026-11-20', reason: 'moved', note: '' };
    await expect(
      recordReturnedMail(used.db, actor, { ...mail, returnedOn: '2026-11-19' }),
      '交付日より前の返戻はない',
    ).rejects.toThrow(Invalid);
    await recordReturnedMail(used.db, actor, mail);
    await expect(recordReturnedMail(used.db, actor, mail)).rejects.toThrow(ChangedMeanwhile);
    const step = (stage: string, version: number) =>
      advanceReturn(used.db, actor, { passId: id, version, stage, note: '電話した' });
    await expect(step('inquiry', 1)).rejects.toThrow(ChangedMeanwhile);
    await step('inquiry', 2);
    await step('address_confirmed', 3);
    await expect(step('inquiry', 4)).rejects.toThrow(Refused);
    const clerk = await signedIn(context, 'clerk');
    expect((await clerk.get('/returned-mail')).text).toContain('住所確認済み');
    await step('resent', 4);
    expect((await clerk.get('/returned-mail')).text).not.toContain(`/passes/${id}"`);
    expect((await clerk.get(`/people/${personId}`)).text).toContain('交付済');
    const found = await clerk.post('/returned-mail', { number: '２６－０００００１' }, '/returned-mail');
    expect([found.status, found.headers.location?.startsWith('/passes/')]).toEqual([303, true]);
    for (const [number, problem] of [
      ['26-999999', 'この整理番号の入浴証はありません。'],
      ['封筒', '「26-000123」または「123」の形で'],
    ] as const) {
      const unknown = await clerk.post('/returned-mail', { number }, '/returned-mail');
      expect(unknown.status).toBe(422);
      expect(unknown.text).toContain(problem);
      expect(unknown.text, '打ったものは残る').toContain(`value="${number}"`);
    }
  });

  test('印字済みの番号は範囲の中の未使用だけ、自動の番号は範囲を飛ばす', async () => {
    const { context, actor, personId } = await prepared();
    const { passNumber: drawn } = await issue(context, actor, personId);
    const range = { fiscalYear: 2026, firstNumber: drawn + 1, lastNumber: drawn + 3, officeCode: '03' };
    await expect(addStockRange(used.db, actor, { ...range, firstNumber: drawn })).rejects.toThrow(
      '使われた番号',
    );
    const rangeId = await addStockRange(used.db, actor, range);
    await expect(addStockRange(used.db, actor, range)).rejects.toThrow('重なって');
    const next = await makePerson(context);
    expect((await issue(context, actor, next)).passNumber).toBe(drawn + 4);
    const third = await makePerson(context);
    const typed = (passNumber: string) => issue(context, actor, third, { passNumber });
    await expect(typed(`27-${drawn + 1}`)).rejects.toThrow('年度が違います');
    await expect(typed(String(drawn))).rejects.toThrow('範囲にありません');
    expect((await typed(`２６−${drawn + 2}`)).passNumber).toBe(drawn + 2);
    const fourth = await makePerson(context);
    await expect(issue(context, actor, fourth, { passNumber: String(drawn + 2) })).rejects.toThrow(
      'すでに使われ',
    );
    await removeStockRange(used.db, actor, rangeId);
    await expect(issue(context, actor, fourth, { passNumber: String(drawn + 1) })).rejects.toThrow('範囲に');
    expect((await issue(context, actor, fourth)).passNumber).toBe(drawn + 5);
  });

  test('注意は印を付けるまで受け付けず、付けたことを記録する', async () => {
    const { context, personId } = await prepared();
    await makePerson(context, { name: '新宿　次郎' });
    const clerk = await signedIn(context, 'clerk');
    const page = await clerk.get(`/people/${personId}/passes/new`);
    expect(page.text).toContain('同じ住所に、姓と生年月日の同じ人がいます。');
    const form = formsOf('', page.text).find(({ action }) => action.endsWith('/passes'))!;
    const untouched = Object.fromEntries(
      Object.entries(form.fields).filter(([name]) => !name.startsWith('confirm-')),
    );
    const send = (fields: Record<string, string>) => clerk.agent.post(form.action).type('form').send(fields);
    const refused = await send({ ...untouched, deliveryMethod: 'post' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('名まで読み上げて');
    expect(refused.text).toContain('電話番号を聞いて');
    const ticked = { 'confirm-same-birth': '1' };
    expect((await send({ ...untouched, deliveryMethod: 'post', ...ticked })).status, '電話番号がまだ').toBe(
      422,
    );
    const taken = await send({ ...untouched, deliveryMethod: 'post', phone: '03-1234-5678', ...ticked });
    expect(taken.status).toBe(303);
    expect((await clerk.get(`/people/${personId}`)).text).toContain('03-1234-5678');
    const event = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'pass.alerts-confirmed')
      .where('personId', '=', personId)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(event.details)).toEqual({ alerts: 'same-birth' });
  });

  test('家族に続けて交付でき、場所・申請者・書類を引き継ぐ', async () => {
    const { context } = await prepared();
    const address = '中落合四丁目９番８号';
    const home = { address, addressFold: '中落合4-9-8', birthCode: '19500505' };
    const first = await makePerson(context, { ...home, name: '家族　一郎' });
    const second = await makePerson(context, { ...home, name: '家族　花子', birthCode: '19520606' });
    await makePerson(context, {
      ...home,
      name: '家族　転出',
      excludedOn: '2026-10-01',
      exclusionReason: 'moved_out',
      exclusionSource: 'host',
    });
    const clerk = await signedIn(context, 'clerk');
    const page = await clerk.get(`/people/${first}/passes/new`);
    const form = formsOf('', page.text).find(({ action }) => action.endsWith('/passes'))!;
    const proxy = {
      applicant: 'proxy',
      proxyName: '家族　代理',
      proxyRelation: '長男',
      documentSeen: '障害者手帳',
    };
    const sent = await clerk.agent
      .post(form.action)
      .type('form')
      .send({ ...form.fields, ...proxy, officeCode: '07' });
    expect(sent.status).toBe(303);
    const shown = await clerk.get(`/people/${first}`);
    expect(shown.text).toContain(`href="/people/${second}/passes/new?like=before"`);
    expect(shown.text).not.toContain('家族　転出');
    const next = await clerk.get(`/people/${second}/passes/new?like=before`);
    const { fields } = formsOf('', next.text).find(({ action }) => action.endsWith('/passes'))!;
    expect(fields).toMatchObject({ ...proxy, officeCode: '07' });
    expect((await clerk.get(`/people/${second}`)).text, '他の人の画面には出さない').not.toContain(
      '続けて交付',
    );
  });

  test('二人が同時に同じ人へ交付しても、有効な入浴証は一枚', async () => {
    const { context, actor, personId } = await prepared();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => issue(context, actor, personId)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const one of outcomes) {
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Refused);
    }
  });
});
