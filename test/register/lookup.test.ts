import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../server/db/transaction.ts';
import { csrfOf, signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { formsOf } from '../support/walk.ts';

const ADDRESS = '西新宿三丁目１２番５号';
const BUILDING = 'コーポ西新宿２０１';

describe.each(databases)('電話照会 %s', (engine) => {
  const used = useDatabase(engine);
  const ask = (terms: string, officeCode = '03') => ({ officeCode, caller: '試験 出張', terms });

  test('一人に決まれば回答し、照会元とともに記録し、個人票に出す', async () => {
    const context = testContext(used.db);
    const name = '照会　一子';
    const personId = await makePerson(context, {
      name,
      kana: 'しょうかい いちこ',
      address: ADDRESS,
      building: BUILDING,
    });
    const clerk = await signedIn(context, 'clerk');

    const unasked = await clerk.post('/lookup', ask('しょうかい いちこ', ''), '/lookup');
    expect(unasked.status).toBe(422);
    expect(unasked.text).toContain('照会元の課・特別出張所を選んでください');

    const answered = await clerk.post('/lookup', ask('しょうかい いちこ'), '/lookup');
    expect(answered.text).toContain('交付可');
    expect(answered.text).toContain('西新宿三丁目＊＊＊');
    expect(answered.text).not.toContain(ADDRESS);
    expect(answered.text).not.toContain(BUILDING);
    expect(answered.text).toContain('榎町特別出張所での窓口交付');

    const [inquiry] = await used.db
      .selectFrom('inquiry')
      .selectAll()
      .where('personId', '=', personId)
      .execute();
    expect(inquiry).toMatchObject({ officeCode: '03', caller: '試験 出張', answer: 'issuable' });
    const event = await used.db
      .selectFrom('auditEvent')
      .selectAll()
      .where('personId', '=', personId)
      .executeTakeFirstOrThrow();
    expect(event.kind).toBe('lookup.answered');
    expect(JSON.parse(event.details)).toEqual({ inquiryId: inquiry!.id, askedBy: '03', answer: 'issuable' });
    expect(event.details + JSON.stringify(inquiry)).not.toContain('しょうかい');

    const page = await clerk.get(`/people/${personId}`);
    expect(page.text).toContain('榎町特別出張所 試験 出張');
    expect((await clerk.get('/lookup')).text, '照会元は次の照会に残る').toContain('value="03" selected');
  });

  test('回答の画面から、その出張所での窓口交付をそのまま記録できる', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context, { name: '交付　花', kana: 'こうふ はな' });
    const clerk = await signedIn(context, 'clerk');
    const { text } = await clerk.post('/lookup', ask('こうふ はな'), '/lookup');
    const form = /<form method="post" action="\/people\/\d+\/passes"[\s\S]*?<\/form>/.exec(text)![0];
    const fields = Object.fromEntries(
      [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, field, value]) => [field!, value!]),
    );
    const issued = await clerk.agent
      .post(`/people/${personId}/passes`)
      .type('form')
      .send({ ...fields, documentSeen: 'マイナンバーカード' });
    expect([issued.status, issued.headers.location]).toEqual([303, '/lookup']);
    const next = (await clerk.get('/lookup')).text;
    expect(next).toMatch(/交付を記録しました。[\s\S]*交付　花[\s\S]*26-000001/);
    expect(next, '出張所は残り、相手の名前は残らない').toMatch(
      /value="03" selected[\s\S]*name="caller"[^>]*value=""/,
    );
    const pass = await used.db
      .selectFrom('pass')
      .selectAll()
      .where('personId', '=', personId)
      .executeTakeFirstOrThrow();
    expect(pass).toMatchObject({
      issuedAtOffice: '03',
      deliveryMethod: 'counter',
      issuedOn: '2026-11-20',
      status: 'valid',
    });

    const again = await clerk.post('/lookup', ask('こうふ はな'), '/lookup');
    expect(again.text).toContain('交付済');
    expect(again.text).toContain('令和8年11月20日に榎町特別出張所で交付済み');
    expect(again.text).toContain('紛失による再交付　可');
  });

  test('注意があれば交付の画面で確かめ、記録すると電話照会に戻る', async () => {
    const context = testContext(used.db, '2027-03-10T01:00:00.000Z');
    const personId = await makePerson(context, { name: '三月　花', kana: 'さんがつ はな' });
    const clerk = await signedIn(context, 'clerk');
    const { text } = await clerk.post('/lookup', ask('さんがつ はな'), '/lookup');
    const path = `/people/${personId}/passes`;
    const send = async (html: string, more: Record<string, string> = {}) => {
      const form = formsOf('/lookup', html).find(({ action }) => action === path)!;
      return await clerk.agent
        .post(path)
        .type('form')
        .send({ ...form.fields, ...more });
    };
    const asked = await send(text);
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('翌年度の入浴証も交付できる時期です。');
    expect(asked.text).toMatch(/name="years" value="present" checked/);
    const recorded = await send(asked.text, { 'confirm-march': '1' });
    expect([recorded.status, recorded.headers.location]).toEqual([303, '/lookup']);
    expect((await clerk.get('/lookup')).text).toMatch(/交付を記録しました。[\s\S]*三月　花/);
  });

  test('何人かいれば選ばせ、選べるのは当てはまった人だけ', async () => {
    const context = testContext(used.db);
    const one = await makePerson(context, {
      name: '同姓　春',
      kana: 'どうせい はる',
      birthEarliestOn: '1950-01-02',
      birthLatestOn: '1950-01-02',
    });
    await makePerson(context, { name: '同姓　夏', kana: 'どうせい なつ' });
    const other = await makePerson(context, { name: '別人　秋', kana: 'べつじん あき' });
    const clerk = await signedIn(context, 'clerk');
    const list = await clerk.post('/lookup', ask('どうせい'), '/lookup');
    expect(list.text).toContain('2人が当てはまりました');
    expect(list.text).not.toContain('交付可');
    const picked = await clerk.post('/lookup', { ...ask('どうせい'), personId: String(one) }, '/lookup');
    expect(picked.text).toContain('交付可');
    const stranger = await clerk.post('/lookup', { ...ask('どうせい'), personId: String(other) }, '/lookup');
    expect(stranger.text).not.toContain('別人');
    const inquiries = await used.db
      .selectFrom('inquiry')
      .select('personId')
      .where('personId', 'in', [one, other])
      .execute();
    expect(inquiries).toEqual([{ personId: one }]);
  });

  test('住所は理由とともに記録してから表示する', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context, {
      name: '住所　太郎',
      kana: 'じゅうしょ たろう',
      address: ADDRESS,
    });
    const clerk = await signedIn(context, 'clerk');
    const answered = await clerk.post('/lookup', ask('じゅうしょ たろう'), '/lookup');
    const path = /action="(\/lookup\/\d+\/address)"/.exec(answered.text)![1]!;
    const send = (reason: string) =>
      clerk.agent
        .post(path)
        .type('form')
        .send({ _csrf: csrfOf(answered.text), reason });
    expect((await send('')).status).toBe(422);
    const shown = await send('identity');
    expect(shown.text).toContain(ADDRESS);
    const events = await used.db
      .selectFrom('auditEvent')
      .select(['kind', 'details'])
      .where('personId', '=', personId)
      .where('kind', '=', 'person.address-shown')
      .execute();
    expect(events.map(({ details }) => JSON.parse(details).reason)).toEqual(['identity']);
    const branch = await signedIn(context, 'branch');
    const refused = await branch.post(path, { reason: 'identity' }, '/lookup');
    expect(refused.status).toBe(403);
    expect(refused.text).not.toContain(ADDRESS);
  });

  test('消滅・注意・除外の人には、すぐに交付できると答えない', async () => {
    const context = testContext(used.db);
    await makePerson(context, { name: '消滅　一', kana: 'しょうめつ はじめ', goneOn: '2026-10-31' });
    await makePerson(context, {
      name: '死亡　二',
      kana: 'しぼう つぎ',
      excludedOn: '2026-10-01',
      exclusionReason: 'died',
      exclusionSource: 'host',
    });
    const cautioned = await makePerson(context, { name: '注意　三', kana: 'ちゅうい みつ' });
    const clerk = await signedIn(context, 'clerk');
    await inTransaction(used.db, async (trx) => {
      await trx
        .insertInto('circumstance')
        .values({
          personId: cautioned,
          kind: 'caution',
          startsOn: '2026-04-01',
          ground: '秘密の事情',
          createdAt: '2026-04-01T00:00:00.000Z',
          changedAt: '2026-04-01T00:00:00.000Z',
          createdBy: clerk.account.id,
        })
        .execute();
    });
    const answerTo = async (terms: string) => (await clerk.post('/lookup', ask(terms), '/lookup')).text;
    expect(await answerTo('しょうめつ はじめ')).toContain('要確認');
    expect(await answerTo('しぼう つぎ')).toMatch(/対象外[\s\S]*死亡/);
    const caution = await answerTo('ちゅうい みつ');
    expect(caution).toContain('要確認');
    expect(caution).not.toContain('での窓口交付');
  });

  test('特別出張所のアカウントには、判定と、人を見分ける氏名・生年月日しか見せない', async () => {
    const context = testContext(used.db);
    const hidden = {
      residentNumber: '099907777777770',
      postalCode: '1608888',
      phone: '03-9999-8888',
      phoneDigits: '0399998888',
    };
    const personId = await makePerson(context, {
      name: '出張　見子',
      kana: 'しゅっちょう みこ',
      address: ADDRESS,
      building: BUILDING,
      isDisabled: 1,
      ...hidden,
    });
    const two = await makePerson(context, {
      name: '出張　見代',
      kana: 'しゅっちょう みよ',
      address: ADDRESS,
      building: BUILDING,
      ...hidden,
      residentNumber: '099907777777780',
    });
    const branch = await signedIn(context, 'branch', { officeCode: '04' });
    const secrets = [
      ADDRESS,
      '西新宿',
      BUILDING,
      '777777',
      '1608888',
      '160-8888',
      '9999',
      '障害',
      '高齢',
      'passes/new',
      `people/${personId}`,
      `people/${two}`,
    ];

    const list = await branch.post('/lookup', { terms: 'しゅっちょう' }, '/lookup');
    expect(list.text).toContain('出張　見子');
    expect(list.text).toContain('昭和33年4月1日');
    const answered = await branch.post('/lookup', { terms: 'しゅっちょう みこ' }, '/lookup');
    expect(answered.text).toContain('交付可');
    const byAddress = await branch.post(
      '/lookup',
      { terms: 'しゅっちょう みこ', officeCode: '01', caller: 'x' },
      '/lookup',
    );
    for (const page of [list, answered, byAddress]) {
      const shown = page.text.replace(/value="しゅっちょう[^"]*"/g, '');
      for (const secret of secrets) expect(shown, secret).not.toContain(secret);
    }
    const inquiries = await used.db
      .selectFrom('inquiry')
      .select('officeCode')
      .where('personId', '=', personId)
      .execute();
    expect(inquiries, '照会元は自分の出張所に決まっている').toEqual([
      { officeCode: '04' },
      { officeCode: '04' },
    ]);
    for (const path of [`/people/${personId}`, `/people/${personId}/passes/new`])
      expect((await branch.get(path)).status).toBe(403);
    expect((await branch.post('/search', { terms: 'しゅっちょう' }, '/lookup')).status).toBe(403);
  });

  test('該当なしも回答として記録する', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const nobody = await clerk.post('/lookup', ask('いないひと'), '/lookup');
    expect(nobody.text).toContain('該当なし');
    const kept = await used.db.selectFrom('inquiry').select('answer').where('personId', 'is', null).execute();
    expect(kept).toEqual([{ answer: 'not-found' }]);
  });
});
