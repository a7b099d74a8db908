import { beforeEach, describe, expect, test } from 'vitest';
import { makeBatch } from '../../server/letters/batches/make-batch.ts';
import { printChunk } from '../../server/letters/batches/print-chunk.ts';
import { csrfOf, signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';
import { makePass } from './make-pass.ts';

describe.each(databases)('the pages of printing, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let passId: number;
  beforeEach(async () => {
    context = testContext(used.db);
    Object.assign(context.config, { databaseUrl: used.url });
    passId = await makePass(context, await makePerson(context, { name: '新宿　花子' }), {
      issuedOn: '2026-11-20',
    });
  });

  const eventsOf = async (kind: string) =>
    await used.db.selectFrom('auditEvent').select(['details', 'passId']).where('kind', '=', kind).execute();
  type Clerk = Awaited<ReturnType<typeof signedIn>>;
  const pdfAt = async (clerk: Clerk, path: string) => {
    const answer = await clerk.get(path).responseType('blob');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
    return await readPdf(answer.body);
  };

  test('a preview is marked, recorded as a view, and leaves the letter unprinted', async () => {
    const clerk = await signedIn(context, 'clerk');
    const pdf = await pdfAt(clerk, `/passes/${passId}/letter-preview.pdf`);
    expect(pdf.text).toContain('見本');
    expect((await eventsOf('letter.previewed')).at(-1)!.passId).toBe(passId);
    const letters = await used.db.selectFrom('letter').select('id').where('passId', '=', passId).execute();
    expect(letters).toEqual([]);
  });

  test('a batch from the list to the file', async () => {
    const clerk = await signedIn(context, 'clerk');
    const days = { fromOn: 'R8.11.20', untilOn: '令和8年11月20日', printerId: '' };
    const made = await clerk.post('/letter-batches', { listKind: 'posts', ...days }, '/letter-batches');
    expect(made.status).toBe(303);
    const page = made.headers.location!;
    expect((await clerk.get(page)).text).toContain('印刷を始める');
    expect((await clerk.post(`${page}/start`, {}, page)).status).toBe(303);
    let html = '';
    for (let tries = 0; tries < 200; tries += 1) {
      html = (await clerk.get(page)).text;
      if (html.includes('印刷済み</span>')) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const file = /href="(\/print-runs\/\d+\.pdf)"/.exec(html)?.[1];
    expect(file).toBeDefined();
    const pdf = await pdfAt(clerk, file!);
    expect(pdf.text).toContain('〒160-0022');
    expect((await eventsOf('letter.file-viewed')).length).toBeGreaterThan(0);
    const again = await clerk.post('/letter-batches', { listKind: 'posts', ...days }, '/letter-batches');
    expect(again.status).toBe(409);
    expect(again.text).toContain('まだ印刷していない人はいません');
  });

  test('a closed file says so, asks for a reason and becomes a batch without the protected', async () => {
    const issuedOn = '2026-11-13';
    const [hidden, open] = [await makePerson(context), await makePerson(context)];
    for (const personId of [hidden, open]) await makePass(context, personId, { issuedOn });
    const list = { listKind: 'posts' as const, fromOn: issuedOn, untilOn: issuedOn };
    const id = await makeBatch(used.db, testActor(context), list);
    const batch = used.db.selectFrom('letterBatch').selectAll().where('id', '=', id);
    await printChunk(used.db, context.config, testActor(context), await batch.executeTakeFirstOrThrow());
    await used.db.updateTable('person').set({ isProtected: 1 }).where('id', '=', hidden).execute();
    const clerk = await signedIn(context, 'clerk');
    const page = `/letter-batches/${id}`;
    const remake = /formaction="(\/print-runs\/\d+\/remake)">1人を除いて1通を作り直す/.exec(
      (await clerk.get(page)).text,
    )![1]!;
    const refused = await clerk.post(remake, { reason: ' ' }, page);
    expect([refused.status, refused.text.includes('作り直す理由を入力してください')]).toEqual([422, true]);
    const made = (await clerk.post(remake, { reason: '申出があったため' }, page)).headers.location!;
    expect((await clerk.get(made)).text).toMatch(
      /の作り直し（再発行。理由 申出があったため）[\s\S]*保留1通　残り1通/,
    );
    expect((await clerk.get(page)).text).toContain('一括印刷に作り直しました');
    expect(JSON.parse((await eventsOf('letter.batch-remade')).at(-1)!.details)).toMatchObject({
      letters: 1,
      leftOut: 1,
    });
  });

  test('days that cannot be are told at their field', async () => {
    const clerk = await signedIn(context, 'clerk');
    const typed = { listKind: 'posts', fromOn: '昨日', untilOn: 'R8.12.1', printerId: '' };
    const answer = await clerk.post('/letter-batches', typed, '/letter-batches');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('交付日の最初の日を日付として読めません');
    expect(answer.text).toContain('先の日付');
    expect(answer.text).toContain('value="昨日"');
  });

  test('labels and postcards lead to their PDF; without a purpose nothing is printed', async () => {
    const clerk = await signedIn(context, 'clerk');
    const days = { listKind: 'posts', fromOn: 'R8.11.20', untilOn: 'R8.11.20' };
    const form = { ...days, format: 'a4-12', startAt: '１', printerId: '' };
    const refused = await clerk.post('/labels', { ...form, reason: ' ' }, '/labels');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('印刷の目的を入力してください');
    const printed = await clerk.post('/labels', { ...form, reason: '発送' }, '/labels');
    const run = printed.headers.location!;
    const page = (await clerk.get(run)).text;
    expect(page).toContain('印字した人');
    expect(page).not.toContain('印字しなかった人');
    expect((await pdfAt(clerk, `${run}.pdf`)).text).toContain('新宿');
    await makePerson(context, { birthEarliestOn: '1967-03-10', birthLatestOn: '1967-03-10' });
    const card = { month: '2027-03', cardReason: '3月の勧奨', cardPrinterId: '' };
    const cards = await clerk.post('/postcards', card, '/labels');
    expect((await pdfAt(clerk, `${cards.headers.location!}.pdf`)).text).toContain(
      'ふれあい入浴事業のお知らせ',
    );
  });

  test('who was left out of labels is named with the reason; somebody protected since closes the file', async () => {
    const issuedOn = '2026-11-12';
    const [hidden, gaiji, later] = [
      await makePerson(context, { name: '隠れ　里子', isProtected: 1 }),
      await makePerson(context, { name: '\ue0b0山　花子' }),
      await makePerson(context, { name: '後日　守' }),
    ];
    for (const personId of [hidden, gaiji, later]) await makePass(context, personId, { issuedOn });
    const clerk = await signedIn(context, 'clerk');
    const days = { listKind: 'posts', fromOn: 'R8.11.12', untilOn: 'R8.11.12' };
    const form = { ...days, format: 'a4-12', startAt: '1', printerId: '', reason: '発送' };
    const run = (await clerk.post('/labels', form, '/labels')).headers.location!;
    const page = (await clerk.get(run)).text;
    expect(page).toMatch(
      /印字しなかった人（2人）[\s\S]*隠れ　里子[\s\S]*支援措置等[\s\S]*印字した人（1人）[\s\S]*後日　守/,
    );
    expect((await clerk.get('/letters/held')).text).toMatch(/外字 F0F1[\s\S]*山　花子[\s\S]*宛名ラベル/);
    expect((await eventsOf('print-run.viewed')).at(-1)!.details).toContain('"rows":3');
    expect((await clerk.get(`${run}.pdf`)).status).toBe(200);
    await used.db.updateTable('person').set({ isProtected: 1 }).where('id', '=', later).execute();
    const closed = await clerk.get(`${run}.pdf`);
    expect([closed.status, closed.text.includes('1人いるため')]).toEqual([409, true]);
    expect((await clerk.get(run)).text).not.toContain(`${run}.pdf`);
  });

  test('the print log is searched, and exported with its purpose on record', async () => {
    const clerk = await signedIn(context, 'clerk');
    const token = csrfOf((await clerk.get('/labels')).text);
    await clerk.agent
      .post(`/passes/${passId}/letters`)
      .type('form')
      .send({ _csrf: token, reprintReason: '' });
    const auditor = await signedIn(context, 'auditor');
    expect((await auditor.get('/print-log')).text).toContain('cover-letter-20261120-00-');
    const filter = { fromOn: 'R8.11.20', untilOn: 'R8.11.20', kind: 'letter' };
    const none = await auditor.post('/print-log', { ...filter, words: 'そのようなものはない' }, '/print-log');
    expect(none.text).toContain('0件');
    await clerk.post(`/passes/${passId}/letters`, { reprintReason: '２枚目が紙詰まり' }, '/labels');
    for (const words of ['紙詰まり', '２枚目']) {
      const found = await auditor.post('/print-log', { ...filter, words }, '/print-log');
      expect(found.text, words).toContain('>1件<');
    }
    const without = await auditor.post(
      '/print-log/export',
      { ...filter, words: '', purpose: '' },
      '/print-log',
    );
    expect([without.status, without.text.includes('出力の目的を入力')]).toEqual([422, true]);
    await clerk.post(`/passes/${passId}/letters`, { reprintReason: '𠮷田様の申出' }, '/labels');
    const exported = async () => (await eventsOf('print-log.exported')).length;
    const before = await exported();
    const cp932 = { ...filter, words: '', purpose: '月次の点検', encoding: 'cp932' };
    const lacking = await auditor.post('/print-log/export', cp932, '/print-log');
    expect([lacking.status, await exported()]).toEqual([409, before]);
    expect(lacking.text).toContain('シフトJISにない文字「𠮷」が1行にあるため');
    const fields = { ...filter, words: '', purpose: '月次の点検', encoding: 'utf-8' };
    const csv = await auditor.post('/print-log/export', fields, '/print-log');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text).toContain('cover-letter-20261120-00-');
    expect(JSON.parse((await eventsOf('print-log.exported')).at(-1)!.details)).toMatchObject({
      purpose: '月次の点検',
    });
  });

  test('a wording is previewed and kept as a new version; printed letters keep theirs', async () => {
    const clerk = await signedIn(context, 'clerk');
    const token = csrfOf((await clerk.get('/labels')).text);
    const first = await clerk.agent
      .post(`/passes/${passId}/letters`)
      .type('form')
      .send({ _csrf: token, reprintReason: '' });
    const before = await clerk.get(first.headers.location!).responseType('blob');
    const administrator = await signedIn(context, 'administrator');
    const page = '/letter-templates/new';
    const seen = /name="seen" value="(\d+)"/.exec((await administrator.get(page)).text)![1]!;
    const wrong = { title: '{年} のお知らせ', body: '本文', seen };
    const refused = await administrator.post(page, wrong, page);
    expect([refused.status, refused.text.includes('差し込み項目{年}はありません')]).toEqual([422, true]);
    const long = { title: '長い', body: 'あ'.repeat(3000), seen };
    expect((await administrator.post(page, long, page)).text).toContain('1枚に収まらない');
    const text = { title: '{年度}のお知らせ', body: '{氏名}様\n番号｜{整理番号}', seen };
    const sample = await administrator.post(`${page}/preview`, text, page).then((answer) => answer.status);
    expect(sample).toBe(200);
    expect((await administrator.post(page, text, page)).status).toBe(303);
    const late = await administrator.post(page, text, page);
    expect([late.status, late.text.includes('ほかの職員がこの文面を変えた')]).toEqual([409, true]);
    const after = await clerk.get(first.headers.location!).responseType('blob');
    expect(Buffer.compare(after.body, before.body)).toBe(0);
    const other = await makePass(context, await makePerson(context));
    const second = await clerk.agent
      .post(`/passes/${other}/letters`)
      .type('form')
      .send({ _csrf: token, reprintReason: '' });
    expect((await pdfAt(clerk, second.headers.location!)).text).toContain('令和8年度のお知らせ');
  });

  test('the last sender without an end stays; a deputy comes and goes; a printer has its test sheet', async () => {
    const administrator = await signedIn(context, 'administrator');
    const page = '/letter-templates';
    const [regular] = await used.db.selectFrom('senderTitle').select('id').orderBy('id').limit(1).execute();
    const kept = await administrator.post(`/sender-titles/${regular!.id}/remove`, {}, page);
    expect([kept.status, kept.text.includes('期限のない差出人がなくなる')]).toEqual([409, true]);
    const deputy = { startsOn: 'R8.12.1', endsOn: 'R8.12.10', lines: '新宿区福祉部\n課長職務代理者' };
    expect((await administrator.post('/sender-titles', deputy, page)).status).toBe(303);
    expect((await administrator.get(page)).text).toContain('課長職務代理者');
    const printer = { id: '', name: '窓口プリンター', officeCode: '01', right: '30', down: '' };
    expect((await administrator.post('/printers', printer, page)).text).toContain('-20から20まで');
    expect((await administrator.post('/printers', { ...printer, right: '1.5' }, page)).status).toBe(303);
    const test = /href="(\/printers\/\d+\/position-test\.pdf)"/.exec(
      (await administrator.get(page)).text,
    )![1]!;
    expect((await pdfAt(administrator, test)).text).toContain('右へ1.5mm');
  });

  test('a letter that was held stands on the list', async () => {
    const personId = await makePerson(context, { name: '\ue0a0山　花子' });
    const held = await makePass(context, personId);
    const clerk = await signedIn(context, 'clerk');
    const token = csrfOf((await clerk.get('/labels')).text);
    const refused = await clerk.agent
      .post(`/passes/${held}/letters`)
      .type('form')
      .send({ _csrf: token, reprintReason: '' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('代替文字を登録');
    expect((await clerk.get('/letters/held?problem=character')).text).toContain('ホストのコード');
    expect((await clerk.get('/letters/held?problem=overflow')).text).toContain('0件');
    const page = (await clerk.get('/letters/held')).text;
    const drop = new RegExp(`/people/${personId}"[\\s\\S]*?action="(/letters/held/\\d+/settle)"`).exec(
      page,
    )![1]!;
    expect((await clerk.post(drop, {}, '/letters/held')).status).toBe(303);
    expect((await clerk.get('/letters/held')).text).not.toContain(`/people/${personId}"`);
    const settled = (await eventsOf('letter.held-settled')).at(-1)!;
    expect([settled.passId, JSON.parse(settled.details).paper]).toEqual([held, 'letter']);
    expect((await clerk.post(drop, {}, '/letters/held')).status).toBe(409);
  });
});
