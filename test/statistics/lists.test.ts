import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { PAPER_WIDTH } from '../../server/daily-lists/paper.ts';
import { LISTS } from '../../server/statistics/lists/all-lists.ts';
import { csrfOf, signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';

const HIDDEN = '隠町九丁目';
const NONE = { year: '', from: '', to: '', office: '', district: '', category: '', reason: '' };

describe.each(databases)('the lists on %s', (engine) => {
  const used = useDatabase(engine);
  const context = () => testContext(used.db);

  const give = async (personId: number, passNumber: number, over: Record<string, unknown> = {}) => {
    const now = '2026-11-02T01:00:00.000Z';
    const { id: applicationId } = await used.db
      .insertInto('application')
      .values({
        personId,
        fiscalYear: 2026,
        kind: 'new',
        appliedOn: '2026-11-02',
        officeCode: '00',
        applicant: 'self',
        accountId: null,
        formKey: `test ${passNumber}`,
        createdAt: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id } = await used.db
      .insertInto('pass')
      .values({
        personId,
        fiscalYear: 2026,
        passNumber,
        applicationId,
        appliedOn: '2026-11-02',
        issuedOn: '2026-11-02',
        issuedAtOffice: '03',
        deliveryMethod: 'post',
        status: 'valid',
        statusOn: '2026-11-02',
        returnedOn: null,
        predecessorId: null,
        createdAt: now,
        ...over,
      } as never)
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  };

  test('everybody stands on the lists they belong on, and a protected address on none', async () => {
    const clerk = await signedIn(context(), 'clerk');
    const make = (name: string, over = {}) =>
      makePerson(context(), { name, address: '西新宿三丁目１番', ...over });
    const issued = await make('交付　済子');
    const returned = await make('返戻　有人');
    await make('未交　付子');
    await make('除外　者男', { excludedOn: '2026-10-05', exclusionReason: 'died', exclusionSource: 'host' });
    await make('消滅　中子', { goneOn: '2026-10-31' });
    await make('六十　前子', {
      birthEarliestOn: '1966-12-01',
      birthLatestOn: '1966-12-01',
      birthCode: '19661201',
    });
    await make('六十　後子', {
      birthEarliestOn: '1966-12-02',
      birthLatestOn: '1966-12-02',
      birthCode: '19661202',
    });
    await make('外字　\ue000子', {});
    const moved = await make('送付　先子');
    const hidden = await make('保護　人子', { address: `${HIDDEN}１番`, building: HIDDEN, isProtected: 1 });
    const circumstance = {
      kind: 'mailing_address' as const,
      startsOn: '2026-04-01',
      endsOn: '2026-12-10',
      ground: '申出',
      addressee: '親族　宛',
      postalCode: '1640001',
      building: '',
      createdAt: '2026-04-01T00:00:00.000Z',
      createdBy: null,
      endedAt: null,
    };
    const rows = [
      { ...circumstance, personId: moved, address: '中野一丁目２番３号' },
      { ...circumstance, personId: hidden, address: `${HIDDEN}２番` },
    ];
    for (const row of rows)
      await used.db
        .insertInto('circumstance')
        .values(row as never)
        .execute();
    await give(issued, 1);
    const back = await give(returned, 2, {
      returnedOn: '2026-11-10',
      returnReason: 'moved',
      returnStage: 'registered',
    });
    const held = {
      paper: 'letter' as const,
      passId: back,
      personId: returned,
      heldAt: '2026-11-10T01:00:00.000Z',
      heldBy: null,
      settledAt: null,
    };
    await used.db
      .insertInto('letterHeld')
      .values({ ...held, problem: 'overflow', sentence: '収まりません。' })
      .execute();

    const expected: Record<string, string[]> = {
      'issue-ledger': ['交付　済子', '返戻　有人'],
      'not-yet-issued': [
        '六十　前子',
        '六十　後子',
        '外字　〓（外字）子',
        '未交　付子',
        '送付　先子',
        '保護　人子',
      ],
      'returned-mail': ['返戻　有人'],
      exclusions: ['除外　者男'],
      gone: ['消滅　中子'],
      'mailing-addresses': ['送付　先子', '保護　人子'],
      'turning-60': ['六十　前子'],
      'ending-circumstances': ['送付　先子', '保護　人子'],
      gaiji: ['外字　〓（外字）子'],
      overflow: ['返戻　有人'],
    };
    expect(LISTS.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, names] of Object.entries(expected)) {
      const page = await clerk.get(`/lists/${name}`);
      expect(page.status, name).toBe(200);
      const shown = [...page.text.matchAll(/data-pick>(.+?)<\/a>/g)].map(([, html]) =>
        html!.replace(/<[^>]+>/g, ''),
      );
      expect(shown.sort(), name).toEqual(names.sort());
      expect(page.text, name).not.toContain(HIDDEN);
      expect(page.text, name).toContain(`${names.length}件`);
    }
    expect((await clerk.get('/lists/mailing-addresses')).text).toContain('中野一丁目２番３号');
    expect((await clerk.get('/lists/not-yet-issued')).text).toContain('支援措置等のため表示しません');
    const viewed = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'list.viewed')
      .execute();
    expect(viewed.map(({ details }) => JSON.parse(details)).at(-1)).toMatchObject({
      list: '未交付者一覧',
      rows: 6,
      page: 1,
    });
  });

  test('who turns 60 is counted by the rule of the fiscal year', async () => {
    const clerk = await signedIn(context(), 'clerk');
    const listed = async (from: string, to: string) => {
      const { text } = await clerk.get(`/lists/turning-60?from=${from}&to=${to}&district=`);
      return [
        ...text.matchAll(
          /<td class="code-cell">([^<]+)<\/td>\s*<td class="code-cell">\d+<\/td><td class="">.*?>(六十[^<]+)</g,
        ),
      ]
        .map(([, day, name]) => `${name} ${day}`)
        .sort();
    };
    const months = async () => [await listed('R8.4.1', 'R8.4.30'), await listed('R8.11.1', 'R8.12.31')];
    expect(await months()).toEqual([[], ['六十　前子 R8.11.30', '六十　後子 R8.12.1']]);
    const changed = { changedAt: '2026-11-20T00:00:00.000Z', changedBy: null };
    const rule = { fiscalYear: 2026, lossReissues: 1, issueFromOn: '2026-03-01', version: 1, ...changed };
    await used.db
      .insertInto('fiscalYearRule')
      .values({ ...rule, ageRule: 'birthday' })
      .execute();
    expect(await months()).toEqual([[], ['六十　前子 R8.12.1', '六十　後子 R8.12.2']]);
    await used.db.updateTable('fiscalYearRule').set({ ageRule: 'fiscal-year-end' }).execute();
    expect(await months()).toEqual([['六十　前子 R8.4.1', '六十　後子 R8.4.1'], []]);
    await used.db.deleteFrom('fiscalYearRule').where('fiscalYear', '=', 2026).execute();
  });

  test('conditions narrow a list and stand at its head; a wrong date is told', async () => {
    const clerk = await signedIn(context(), 'clerk');
    const none = await clerk.get('/lists/issue-ledger?year=2026&from=R8.11.3&to=');
    expect(none.text).toContain('交付日 令和8年11月3日から');
    expect(none.text).toContain('当てはまる人はいません');
    const some = await clerk.get('/lists/exclusions?reason=died&from=&to=&district=');
    expect(some.text).toContain('事由 死亡');
    expect(some.text).toContain('除外　者男');
    const wrong = await clerk.get('/lists/exclusions?reason=&from=昭和65年4月1日&to=&district=');
    expect(wrong.status).toBe(422);
    expect((await clerk.get('/lists/unknown')).status).toBe(404);
  });

  test('is written out with a purpose, by whoever has the right, in either encoding or as PDF', async () => {
    const clerk = await signedIn(context(), 'clerk');
    const supervisor = await signedIn(context(), 'supervisor');
    const page = '/lists/not-yet-issued';
    const token = csrfOf((await supervisor.get(page)).text);
    const out = (fields: Record<string, string>) =>
      supervisor.agent
        .post(`${page}/export`)
        .type('form')
        .responseType('blob')
        .send({
          _csrf: token,
          ...NONE,
          year: '2026',
          purpose: '案内の準備',
          encoding: 'utf-8',
          form: 'csv',
          ...fields,
        });
    expect((await clerk.post(`${page}/export`, { ...NONE, form: 'csv' }, page)).status).toBe(403);

    await makePerson(context(), { name: '=HYPERLINK("x")', kana: 'あ' });
    const utf8 = (await out({})).body as Buffer;
    expect([...utf8.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows: string[][] = parse(utf8, { bom: true, relax_column_count: true });
    expect(rows.slice(0, 3).map(([head]) => head)).toEqual(['未交付者一覧', '条件', '件数']);
    expect(rows[1]![1]).toBe('年度 令和8年度');
    const names = rows.slice(5).map((row) => row[2]!);
    expect(names).toHaveLength(7);
    expect(names).toContain('\'=HYPERLINK("x")');

    const cp932 = (await out({ encoding: 'cp932' })).body as Buffer;
    expect(new TextDecoder('shift_jis').decode(cp932)).toContain('未交　付子');
    const callHerself = (displayName: string) =>
      used.db.updateTable('account').set({ displayName }).where('id', '=', supervisor.account.id).execute();
    await callHerself('試験　𠮷');
    expect((await out({ encoding: 'cp932' })).status, 'who wrote it out stands above the rows').toBe(409);
    await callHerself('試験　長');
    await makePerson(context(), { name: '𠮷田　𩸽', kana: 'よしだ ほっけ' });
    const lacking = await out({ encoding: 'cp932' });
    const told = (lacking.body as Buffer).toString();
    expect(lacking.status).toBe(409);
    expect(told).toContain('シフトJISにない文字「𠮷」「𩸽」が1行にある');
    expect(told).toMatch(/value="utf-8" checked/);
    expect(((await out({})).body as Buffer).toString()).toContain('𠮷田　𩸽');

    const pdf = await readPdf((await out({ form: 'pdf' })).body);
    expect(pdf).toMatchObject({ language: 'ja', isTagged: true, title: '未交付者一覧' });
    expect(pdf.fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
    const text = pdf.text.replace(/\s/g, '');
    expect(text).toContain('条件年度令和8年度');
    expect(text).toContain('𠮷田𩸽');
    expect(text).not.toContain(HIDDEN);

    const exported = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'list.exported')
      .orderBy('sequence')
      .execute();
    expect(exported.map(({ details }) => JSON.parse(details))).toEqual([
      expect.objectContaining({ form: 'csv', rows: 7, purpose: '案内の準備', conditions: '年度 令和8年度' }),
      expect.objectContaining({ form: 'csv', rows: 7 }),
      expect.objectContaining({ form: 'csv', rows: 8 }),
      expect.objectContaining({ form: 'pdf', rows: 8 }),
    ]);
  });

  test('pages on the screen hold each row once; long lists ask for a purpose and go on paper only so far', async () => {
    const people = 230;
    for (let at = 0; at < people; at += 1)
      await makePerson(context(), { name: `頁　${at}`, districtCode: '09' });
    const clerk = await signedIn(context(), 'clerk');
    const seen = new Set<string>();
    for (const page of [1, 2, 3]) {
      const { text } = await clerk.get(`/lists/not-yet-issued?year=2026&district=09&page=${page}`);
      expect(text).toContain('3ページ');
      for (const [, name] of text.matchAll(/>(頁　\d+)</g)) seen.add(name!);
    }
    expect(seen.size).toBe(people);
    const supervisor = await signedIn(context(), 'supervisor');
    const page = '/lists/not-yet-issued?year=2026&district=09';
    const fields = { ...NONE, year: '2026', district: '09', encoding: 'utf-8', purpose: '', form: 'csv' };
    const without = await supervisor.post('/lists/not-yet-issued/export', fields, page);
    expect([without.status, without.text.includes('目的が要ります')]).toEqual([422, true]);
    const bound = {
      name: 'list.most-paper-rows',
      value: '200',
      changedAt: '2026-11-20T00:00:00.000Z',
      changedBy: null,
    };
    await used.db.insertInto('setting').values(bound).execute();
    const tooLong = await supervisor.post(
      '/lists/not-yet-issued/export',
      { ...fields, purpose: '点検', form: 'pdf' },
      page,
    );
    expect([tooLong.status, tooLong.text.includes('PDFにできるのは200行まで')]).toEqual([409, true]);
  });
});

describe('the definitions of the lists', () => {
  test.each(LISTS.map((list) => [list.title, list] as const))('%s fits on its sheet', (_title, list) => {
    const width = list.columns.reduce((sum, column) => sum + column.width, 0);
    expect(width).toBeGreaterThan(200);
    expect(width).toBeLessThanOrEqual(PAPER_WIDTH);
  });
});
