import { describe, expect, test } from 'vitest';
import { recordEvent } from '../../server/audit/record-event.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import type { Database } from '../../server/db/schema.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

async function lastEvent(db: Database, kind: string) {
  const row = await db
    .selectFrom('auditEvent')
    .select(['details', 'personId', 'actor'])
    .where('kind', '=', kind)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { ...row, details: JSON.parse(row.details) as Record<string, unknown> };
}

describe.each(databases)('操作記録の画面 %s', (engine) => {
  const used = useDatabase(engine);

  test('この人を見た職員が分かり、見たことも記録に残る', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context, { residentNumber: '099900000777770', name: '渡邉　ゆき' });
    const other = await makePerson(context, { residentNumber: '099900000888880' });
    const clerk = await signedIn(context, 'clerk', { loginName: 'clerk-who-looked' });
    await clerk.get(`/people/${personId}`);
    const auditor = await signedIn(context, 'auditor');
    await auditor.get(`/audit/people/${other}`);

    const found = await auditor.post(
      '/audit/people',
      { residentNumber: '９９９０００００７７７７７０' },
      '/audit',
    );
    expect([found.status, found.headers.location]).toEqual([303, `/audit/people/${personId}`]);
    const page = await auditor.get(found.headers.location!);
    expect(page.text).toContain('試験 clerk');
    expect(page.text).toContain('台帳照会');
    expect(page.text).toContain('099900000777770');
    expect(page.text, 'the auditor may not see the register').not.toContain('渡邉');
    const reading = await lastEvent(used.db, 'audit.viewed');
    expect(reading).toMatchObject({ personId, actor: auditor.account.loginName });
    expect(reading.details).toMatchObject({ view: 'list', accountIdAsked: null, kindAsked: '' });
  });

  test('値が動いた取込も、その人の操作記録に出る', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    await inTransaction(used.db, async (trx) =>
      recordEvent(trx, testActor(context), { kind: 'import.viewed', importRunId: 99 }, [
        { personId, field: 'address', oldValue: '旧の住所', newValue: '新の住所' },
      ]),
    );
    const auditor = await signedIn(context, 'auditor');
    const page = await auditor.get(`/audit/people/${personId}`);
    const sequence = /\/audit\/events\/(\d+)">\d+<\/a><\/th>[\s\S]*?取込結果の照会/.exec(page.text)?.[1];
    const event = await auditor.get(`/audit/events/${sequence}`);
    expect(event.text).toContain('旧の住所');
    const administrator = await signedIn(context, 'administrator');
    const withoutValues = await administrator.get(`/audit/events/${sequence}`);
    expect(withoutValues.text).toContain('取込結果の照会');
    expect(withoutValues.text).not.toContain('旧の住所');
    const noExport = await administrator.post('/audit/export', { purpose: 'audit' }, '/audit');
    expect(noExport.status).toBe(403);
  });

  test('検索の一覧に出ただけの人も、その人の操作記録から分かる', async () => {
    const context = testContext(used.db);
    const seen = await makePerson(context, { name: '一覧　花', kana: 'いちらん はな' });
    const alsoSeen = await makePerson(context, { name: '一覧　月', kana: 'いちらん つき' });
    const unseen = await makePerson(context, { name: '別　花', kana: 'べつ はな' });
    const clerk = await signedIn(context, 'clerk', { loginName: 'clerk-who-searched' });
    await clerk.post('/search', { terms: 'いちらん' });
    const { details } = await lastEvent(used.db, 'person.searched');
    expect(details).toEqual({ found: 2, personIds: [alsoSeen, seen] });
    const auditor = await signedIn(context, 'auditor');
    const pageOf = async (id: number) => (await auditor.get(`/audit/people/${id}`)).text;
    for (const id of [seen, alsoSeen]) expect(await pageOf(id)).toContain('一覧に出た対象者');
    expect(await pageOf(unseen)).not.toContain('一覧に出た対象者');
  });

  test('いない住民番号は理由とともに断り、打った番号は値の控えに残る', async () => {
    const context = testContext(used.db);
    const auditor = await signedIn(context, 'auditor');
    const answer = await auditor.post('/audit/people', { residentNumber: '12345' }, '/audit');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('この住民番号の人は台帳にいません');
    expect(answer.text, 'what was typed is not repeated').not.toContain('12345');
    const { rows } = (await lastEvent(used.db, 'audit.viewed')).details;
    expect(rows).toBe(0);
  });

  test('一日、職員、種類で絞り、百件ごとに前へたどれる', async () => {
    const context = testContext(used.db, '2026-12-01T01:00:00.000Z');
    const auditor = await signedIn(context, 'auditor');
    await inTransaction(used.db, async (trx) => {
      const actor = testActor(context, { accountId: auditor.account.id, name: auditor.account.loginName });
      for (let made = 0; made < 150; made += 1)
        recordEvent(trx, actor, { kind: 'person.searched', found: made, personIds: [] });
    });
    const query = `from=R8.12.1&to=R8.12.1&account=${auditor.account.id}&kind=person.searched`;
    const first = await auditor.get(`/audit?${query}`);
    const rows = (text: string) => [...text.matchAll(/<th scope="row" class="number">/g)].length;
    expect(rows(first.text)).toBe(100);
    const next = /href="(\/audit\?[^"]*before=\d+)"/.exec(first.text)![1]!.replaceAll('&amp;', '&');
    expect(rows((await auditor.get(next)).text)).toBe(50);
    const wrong = await auditor.get('/audit?from=R8.12.2&to=R8.12.1&kind=nothing');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('期間の末日が初日より前');
  });

  test('出力には目的が要り、目的と件数が記録に残る', async () => {
    const context = testContext(used.db);
    const auditor = await signedIn(context, 'auditor');
    const fields = { from: 'R8.11.20', to: 'R8.11.20', account: '', kind: '', subjectId: '' };
    const refused = await auditor.post(
      '/audit/export',
      { ...fields, purpose: '', explanation: '' },
      '/audit',
    );
    expect([refused.status, refused.text.includes('出力の目的を選んでください')]).toEqual([422, true]);
    const why = { purpose: 'other', explanation: '=1+1 の確認' };
    const csv = await auditor.post('/audit/export', { ...fields, ...why }, '/audit');
    expect(csv.headers['content-type']).toContain('text/csv');
    const lines = csv.text.split('\r\n').slice(1, -1);
    const { details } = await lastEvent(used.db, 'audit.exported');
    expect(details).toMatchObject({ purpose: 'other', rows: lines.length, fromOn: '2026-11-20' });
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.every((line) => /^\d+,2026-11-20,10:30:00,/.test(line))).toBe(true);
  });

  test('分析: 閉庁日の操作、大量の検索、続いた失敗', async () => {
    const context = testContext(used.db);
    const auditor = await signedIn(context, 'auditor');
    const { id: accountId, loginName: name } = auditor.account;
    const record = (at: string, times: number, event: Parameters<typeof recordEvent>[2], anyone = false) =>
      inTransaction(used.db, async (trx) => {
        const actor = testActor(context, { accountId: anyone ? null : accountId, name, at: new Date(at) });
        for (let made = 0; made < times; made += 1) recordEvent(trx, actor, event);
      });
    await record('2026-09-22T03:00:00.000Z', 2, { kind: 'person.viewed', personId: 1 });
    await record('2026-09-24T11:00:00.000Z', 3, { kind: 'person.viewed', personId: 1 });
    await record('2026-09-25T10:59:59.000Z', 120, { kind: 'person.searched', found: 1, personIds: [1] });
    await record('2026-09-25T03:00:00.000Z', 6, { kind: 'right.refused', right: 'x', path: '/x' });
    const of = async (name: string) =>
      (await auditor.get(`/audit/analyses/${name}?from=R8.9.1&to=R8.9.30`)).text.replace(/\s+/g, ' ');
    const night = await of('after-hours');
    expect(night).toMatch(/R8\.9\.22 <span class="minor">閉庁日<\/span>/);
    expect(night).toContain('台帳照会 3');
    expect(night, '19:59 is within the usual hours').not.toContain('検索 120');
    expect(await of('mass-views')).toContain('検索 120');
    expect(await of('mass-views')).not.toContain('台帳照会 3');
    expect(await of('failures')).toContain('権限外の操作 6');
    expect((await lastEvent(used.db, 'audit.viewed')).details.view).toBe('failures');
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('係員と特別出張所は見られない', async () => {
    const context = testContext(used.db);
    for (const role of ['clerk', 'branch'] as const) {
      const one = await signedIn(context, role);
      for (const path of ['/audit', '/audit/people/1', '/audit/events/1', '/audit/analyses/failures']) {
        expect((await one.get(path)).status).toBe(403);
      }
    }
  });
});
