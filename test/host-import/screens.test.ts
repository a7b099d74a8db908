import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { settleBackground } from '../../server/host-import/background.ts';
import { csrfOf, signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese, writeExtract } from '../support/extracts.ts';

type Visitor = Awaited<ReturnType<typeof signedIn>>;

describe.each(databases)('host-extract §2.3 §2.10 the screens of the import, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let clerk: Visitor;
  let supervisor: Visitor;

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(1000);
    clerk = await signedIn(context, 'clerk');
    supervisor = await signedIn(context, 'supervisor');
    await importThese(context, people, BASES[0]);
  });

  async function upload(
    who: Visitor,
    path: string,
    { name = basename(path), expectedCount = '', token = '' } = {},
  ) {
    const page = await who.get('/imports/new');
    return await who.agent
      .post('/imports/uploads')
      .field('_csrf', token || csrfOf(page.text))
      .field('expectedCount', expectedCount)
      .attach('file', readFileSync(path), name);
  }
  const uploadsLeft = () =>
    readdirSync(context.config.receivedDirectory).filter((one) => one.startsWith('upload-'));

  test('an uploaded file is imported in the background; the page tells how far it is and what came of it', async () => {
    const gaiji = people.map((one, at) => (at < 2 ? { ...one, name: `渡\ue000　${one.name}` } : one));
    const faulty = gaiji.map((one, at) => (at === 5 ? { ...one, address: '' } : one));
    const answer = await upload(clerk, await writeExtract(faulty, BASES[1]), { expectedCount: '１，０００' });
    expect(answer.status).toBe(303);
    const { location } = answer.headers;
    const under = await clerk.get(location!);
    expect(under.text).toMatch(/取込中|取込済み/);
    await settleBackground();
    const progress = await clerk.get(`${location}/progress`);
    expect(progress.body).toEqual({ status: 'applied', statusName: '取込済み', progress: 100 });
    const page = await clerk.get(location!);
    expect(page.text).toContain('試験 clerk');
    expect(page.text).toContain('外字を含む人');
    expect(uploadsLeft()).toEqual([]);
  });

  test('every rejected row is told with line, column, value and reason', async () => {
    const page = await clerk.get('/imports/2/faults?severity=rejected');
    expect(page.text).toContain('<td class="number">7</td>');
    expect(page.text).toContain('住所');
    expect(page.text).toContain('必ず値のある項目');
    expect((await clerk.get('/imports/2/faults.csv')).status, 'an export needs its own right').toBe(403);
    for (const [encoding, label] of [
      ['utf-8', 'utf-8'],
      ['cp932', 'shift_jis'],
    ]) {
      const csv = await supervisor.get(`/imports/2/faults.csv?encoding=${encoding}`).responseType('blob');
      const rows: string[][] = parse(new TextDecoder(label).decode(csv.body), { bom: true });
      expect(rows[0]).toEqual(['行', '程度', '住民番号', '項目', '値', '理由']);
      expect(rows[1]!.slice(0, 4)).toEqual(['7', '不備', people[5]!.residentNumber, '住所']);
    }
  });

  test('外字 are listed by person with code and replacement; the unregistered are counted', async () => {
    const before = await clerk.get('/imports/2/gaiji');
    expect(before.text).toContain('登録されていない外字が');
    expect(before.text).toMatch(/F040（\d+人）/);
    const wrong = await clerk.post(
      '/gaiji',
      { code: 'E040', replacement: '\ue001', note: '', version: '0' },
      '/gaiji',
    );
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('F040 から F9FC まで');
    const saved = await clerk.post(
      '/gaiji',
      { code: 'ｆ040', replacement: '辺', note: '', version: '0' },
      '/gaiji',
    );
    expect(saved.status).toBe(303);
    const stale = await clerk.post(
      '/gaiji',
      { code: 'F040', replacement: '邊', note: '', version: '9' },
      '/gaiji',
    );
    expect(stale.status).toBe(409);
    const after = await clerk.get('/imports/2/gaiji');
    expect(after.text).toContain('F040 → 辺');
    expect(after.text).not.toMatch(/F040（\d+人）/);
    const csv = await supervisor.get('/imports/2/gaiji.csv');
    expect(csv.text).toContain('F040,辺');
  });

  test('a wrong name, no file, a wrong count, a stranger and a stale token are refused and leave nothing', async () => {
    const path = await writeExtract(people, BASES[2]);
    expect((await upload(clerk, path, { name: '../../FNT_20261115_01.csv.exe' })).text).toContain(
      '形ではありません',
    );
    expect((await upload(clerk, path, { expectedCount: '多い' })).status).toBe(422);
    expect((await upload(clerk, path, { token: 'stale' })).status).toBe(403);
    const page = await clerk.get('/imports/new');
    const none = await clerk.agent
      .post('/imports/uploads')
      .field('_csrf', csrfOf(page.text))
      .field('expectedCount', '');
    expect(none.text).toContain('抽出ファイルを選んでください');
    const auditor = await signedIn(context, 'auditor');
    expect((await auditor.get('/imports/new')).status).toBe(403);
    await expect.poll(uploadsLeft).toEqual([]);
  });

  test('a file of the inbox is chosen', async () => {
    mkdirSync(context.config.inboxDirectory, { recursive: true });
    const path = await writeExtract(people, BASES[2]);
    copyFileSync(path, join(context.config.inboxDirectory, basename(path)));
    const page = await clerk.get('/imports/new');
    expect(page.text).toContain(basename(path));
    const wrong = await clerk.post(
      '/imports/inbox',
      { inboxFile: '../secret', expectedCount: '' },
      '/imports/new',
    );
    expect(wrong.status).toBe(422);
    const answer = await clerk.post(
      '/imports/inbox',
      { inboxFile: basename(path), expectedCount: '999' },
      '/imports/new',
    );
    expect(answer.status).toBe(303);
    await settleBackground();
    const refused = await clerk.get(answer.headers.location!);
    expect(refused.text).toContain('指定された件数999件とファイルの件数1000件');
    const right = await clerk.post(
      '/imports/inbox',
      { inboxFile: basename(path), expectedCount: '' },
      '/imports/new',
    );
    await settleBackground();
    expect((await clerk.get(right.headers.location!)).text).toContain('取込済み');
  });

  test('a held run: said in words, samples, full differences; approved by another, then undone', async () => {
    const shifted = people.map((one, at) => ({ ...one, address: people[(at + 1) % people.length]!.address }));
    const answer = await upload(supervisor, await writeExtract(shifted, BASES[3]));
    const { location } = answer.headers;
    await settleBackground();
    const own = await supervisor.get(location!);
    expect(own.text).toContain('この取込はまだ何も反映していません。台帳は変わっていません。');
    expect(own.text).toContain('取込を始めた本人は承認・却下できません');
    expect(own.text).toContain('住所の変わる人');
    const csv = await supervisor.get(`${location}/differences.csv`);
    const rows: string[][] = parse(csv.text, { bom: true });
    expect(rows.filter(([, , field]) => field === '住所').length).toBeGreaterThan(900);
    const page = await clerk.get(`${location}/differences?outcome=changed`);
    expect(page.text).toContain('まだ何も反映していません');
    expect(page.text).toContain(people[1]!.address);

    const other = await signedIn(context, 'supervisor');
    const comparison = /name="comparison" value="([^"]+)"/.exec((await other.get(location!)).text)![1]!;
    expect((await clerk.post(`${location}/approve`, { comparison, reason: 'x' }, '/gone')).status).toBe(403);
    const mine = await supervisor.post(`${location}/approve`, { comparison, reason: 'x' }, '/gone');
    expect(mine.status).toBe(403);
    expect(mine.text).toContain('本人は、この操作をできません');
    const without = await other.post(`${location}/approve`, { comparison, reason: '' }, location!);
    expect(without.status).toBe(422);
    const approved = await other.post(
      `${location}/approve`,
      { comparison, reason: '住居表示の変更' },
      location!,
    );
    expect(approved.status).toBe(303);
    await settleBackground();
    const applied = await other.get(location!);
    expect(applied.text).toContain('取込済み');
    expect(applied.text).toContain('理由: 住居表示の変更');
    const undone = await other.post(`${location}/undo`, { reason: '住所の列がずれていた' }, location!);
    expect(undone.status).toBe(303);
    const last = await other.get(location!);
    expect(last.text).toContain('取消済み');
    const { address } = await used.db
      .selectFrom('person')
      .select('address')
      .where('residentNumber', '=', people[0]!.residentNumber)
      .executeTakeFirstOrThrow();
    expect(address).toBe(people[0]!.address);
  });

  test('the history stays, with a chart whose figures stand in words as well', async () => {
    await importThese(
      context,
      people.map((one, at) => (at < 5 ? { ...one, building: '新宿荘' } : one)),
      '2026-12-15',
    );
    const page = await clerk.get('/imports');
    expect(page.text).toContain('取消済み');
    expect(page.text).toContain('role="img"');
    expect(page.text).toMatch(/<desc[^>]*>.*変更\d+/);
  });

  test('values are shown to whoever may see them only, and each output is recorded', async () => {
    const auditor = await signedIn(context, 'auditor');
    const page = await auditor.get('/imports/2');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(people[5]!.name);
    for (const path of ['differences', 'differences.csv', 'faults', 'faults.csv', 'gaiji', 'gaiji.csv']) {
      expect((await auditor.get(`/imports/2/${path}`)).status).toBe(403);
    }
    const kinds = await used.db
      .selectFrom('auditEvent')
      .select('kind')
      .where('kind', 'in', ['import.differences-viewed', 'import.faults-viewed', 'import.viewed'])
      .execute();
    expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(3);
  });
});
