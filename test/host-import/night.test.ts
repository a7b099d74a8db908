import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { rejectRun } from '../../server/host-import/answer.ts';
import { digestOf } from '../../server/host-import/inbox.ts';
import { runNight } from '../../server/host-import/night.ts';
import { getRun } from '../../server/host-import/queries.ts';
import { addCircumstance } from '../../server/register/change-circumstance.ts';
import { makeAccount, signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, writeExtract } from '../support/extracts.ts';
import { makePerson } from '../support/people.ts';

// Babelfish, which stands in for SQL Server here, aborts as a whole when sp_getapplock has to give up.
const isBabelfish = process.env.TEST_SQLSERVER_URL?.includes('babelfish') ?? false;

describe.each(databases)('host-extract §2 the night, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let inbox: string;

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(1000);
    inbox = context.config.inboxDirectory;
    mkdirSync(inbox);
  });

  const night = (quietMs = 20) => runNight(context, testActor(context, { name: 'job:nightly' }), quietMs);

  test('a night without a file is a success that says so', async () => {
    expect(await night()).toMatchObject({
      exitCode: 0,
      files: [],
      lines: ['受信フォルダーに抽出ファイルはありません。取り込むものはありません。'],
    });
  });

  test('imports what is new, oldest first, and says so on the home page', async () => {
    await writeExtract(people.slice(2), BASES[1], { directory: inbox });
    await writeExtract(people, BASES[0], { directory: inbox });
    const done = await night();
    expect(done.exitCode).toBe(0);
    expect(done.files.map(({ baseDate, outcome }) => [baseDate, outcome])).toEqual([
      [BASES[0], 'applied'],
      [BASES[1], 'applied'],
    ]);
    const clerk = await signedIn(context, 'clerk');
    const home = await clerk.get('/');
    expect(home.text).toContain('夜間処理');
    expect(home.text).toContain('取り込みました（取込番号2）');
    const again = await night();
    expect(again).toMatchObject({ exitCode: 0, files: [] });
    expect(again.lines.join()).toContain('取込番号2で取り込み済みです');
  });

  test('a file still being written is left for the next night', async () => {
    const path = await writeExtract(people.slice(3), BASES[2], { directory: inbox });
    writeFileSync(`${path}.part`, 'more to come');
    expect((await night()).lines.join()).toContain('書き込みの途中のため、次の夜に回します');
    rmSync(`${path}.part`);
    let written = Date.now() / 1000;
    const writing = setInterval(() => {
      written += 1;
      utimesSync(path, written, written);
    }, 20);
    const growing = await night(500);
    clearInterval(writing);
    expect(growing.files).toEqual([]);
    expect(growing.lines.join()).toContain('書き込みの途中');
    expect((await night()).files).toMatchObject([{ outcome: 'applied', gone: 1 }]);
  });

  test('held: exit 3, and again until it is answered; rejected: never taken up by the night again', async () => {
    await writeExtract(people.slice(700), BASES[3], { directory: inbox });
    const held = await night();
    expect(held).toMatchObject({ exitCode: 3, files: [{ outcome: 'held' }] });
    expect(await night()).toMatchObject({ exitCode: 3, files: [] });
    const { runId } = held.files[0]!;
    const run = await getRun(used.db, runId);
    const { id: accountId } = await makeAccount(context, 'supervisor');
    const actor = testActor(context, { accountId });
    await rejectRun(used.db, actor, { runId, comparison: run.comparisonHash, reason: '条件の誤り' });
    const after = await night();
    expect(after).toMatchObject({ exitCode: 0, files: [] });
    expect(after.lines.join()).toContain('却下されています');
  });

  test('refused: exit 2, register unchanged; two nights at once: one does the work', async () => {
    await writeExtract([...people.slice(3), people[10]!], '2026-12-15', { directory: inbox });
    if (engine === 'mssql' && isBabelfish) return expect(await night()).toMatchObject({ exitCode: 2 });
    const [a, b] = await Promise.all([night(), night()]);
    expect([a.exitCode, b.exitCode].sort()).toEqual([1, 2]);
    expect([...a.lines, ...b.lines].join()).toContain('別の夜間処理が動いている');
  });

  test('originals are erased after the set time with a record, and leave the inbox when dealt with', async () => {
    const kept = () => readdirSync(context.config.receivedDirectory);
    expect(kept().length).toBeGreaterThanOrEqual(4);
    const name = readdirSync(inbox).find((one) => one.startsWith('FNT_20261015'))!;
    const old = join(inbox, name);
    const digest = await digestOf(old);
    utimesSync(old, new Date('2026-10-16T00:00:00Z'), new Date('2026-10-16T00:00:00Z'));
    await night();
    expect(existsSync(old), 'an applied file of yesterday has left the inbox').toBe(false);
    expect(kept(), 'its original is kept').toContain(digest);
    context.clock.set('2027-03-10T01:30:00.000Z');
    const done = await night();
    expect(done.lines.join()).toContain('保管期間の過ぎた元のファイルを消去しました');
    expect(done.lines.join(), 'nothing came for long').toMatch(
      /115日間、新しい抽出ファイルを取り込んでいません/,
    );
    expect(kept()).not.toContain(digest);
    const erased = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'import.original-erased')
      .execute();
    expect(erased.length).toBeGreaterThanOrEqual(4);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('what the date alone has changed is said, once it has', async () => {
    context.clock.set('2027-04-01T01:30:00.000Z');
    const childrenIn = (lines: string[]) =>
      Number(/該当しない人が(\d+)人います/.exec(lines.join())?.[1] ?? 0);
    const before = await night();
    expect(before.lines.join()).not.toMatch(/支援措置等が|個別事由/);
    const child = { isChild: 1, isElderly: 0, isDisabled: 0, childEndsOn: '2027-04-01' } as const;
    const personId = await makePerson(context, { name: '子　一', kana: 'こ はじめ', ...child });
    await makePerson(context, { name: '子　二', kana: 'こ じろう', ...child, isDisabled: 1 });
    const details = { startsOn: '2026-10-01', endsOn: '2027-04-01', reviewOn: null, ground: '本人の申出' };
    const place = { addressee: '', postalCode: '1600022', address: '新宿一丁目１番１号', building: '' };
    const actor = testActor(context);
    for (const kind of [
      { kind: 'mailing_address', subKind: '' },
      { kind: 'protected', subKind: 'support' },
    ] as const)
      await addCircumstance(used.db, actor, personId, { ...details, ...place, ...kind });
    const lastDay = await night();
    expect(lastDay.lines, 'the last day itself').toEqual(before.lines);
    context.clock.set('2027-04-02T01:30:00.000Z');
    const { lines } = await night();
    expect(childrenIn(lines)).toBe(childrenIn(before.lines) + 1);
    const said = lines.join();
    expect(said).toContain('終了日を過ぎた支援措置等が1件あります');
    expect(said).toContain('個別事由1件が、昨日で終わりました');
    context.clock.set('2027-04-03T01:30:00.000Z');
    const later = (await night()).lines.join();
    expect(later, 'ended once').not.toContain('昨日で終わりました');
    expect(later, 'waits for a clerk').toContain('終了日を過ぎた支援措置等が1件あります');
  });
});
