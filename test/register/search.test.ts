import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';
import { connect } from '../../server/db/connect.ts';
import { SqliteConnection } from '../../server/db/sqlite-connection.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { searchPeople } from '../../server/register/search.ts';
import { readSearch } from '../../server/register/search-terms.ts';
import { readRules } from '../calendar/read-rules.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

const TODAY = '2026-11-20';
const searches = readRules<'入力' | '見つかる' | '一致'>('register/searches.csv');

describe.each(databases)('台帳の検索 %s', (engine) => {
  const used = useDatabase(engine);
  const ids = new Map<number, string>();

  beforeAll(async () => {
    const context = testContext(used.db);
    type Column = '番号' | '氏名' | 'かな' | '最早' | '最遅' | '住所' | '電話';
    for (const [, row] of readRules<Column>('register/people.csv')) {
      const id = await makePerson(context, {
        name: row.氏名,
        kana: row.かな,
        birthEarliestOn: row.最早,
        birthLatestOn: row.最遅,
        address: row.住所,
        phone: row.電話,
        phoneDigits: row.電話.replaceAll('-', ''),
      });
      ids.set(id, row.番号);
    }
  });

  test.each(searches)('%s', async (_note, row) => {
    const { people } = await searchPeople(used.db, row.入力, TODAY);
    expect(people.map(({ id }) => ids.get(id)).join(' ')).toBe(row.見つかる);
    expect(people[0]?.match ?? '').toBe(row.一致);
  });
});

describe.each(databases)('支援措置等のある人 %s', (engine) => {
  const used = useDatabase(engine);

  test('氏名では見つかり、住所や前の住所では見つからない', async () => {
    const context = testContext(used.db);
    const id = await makePerson(context, {
      name: '保護　花',
      kana: 'ほご はな',
      address: '矢来町９９番地',
      isProtected: 1,
    });
    const found = async (terms: string) =>
      (await searchPeople(used.db, terms, TODAY)).people.map((one) => one.id);
    expect(await found('ほご はな')).toEqual([id]);
    expect(await found('矢来町99')).toEqual([]);
    expect(await found('矢来町 ほご')).toEqual([]);
  });
});

describe.each(databases)('前の氏名と住所 %s', (engine) => {
  const used = useDatabase(engine);

  test('取込で変わった人は、前の氏名・かな・住所でも見つかる', async () => {
    const context = testContext(used.db);
    const directory = context.config.receivedDirectory;
    const first = await writeFirstExtract({
      people: 3000,
      seed: 5,
      baseOn: '2026-09-15',
      directory,
      number: '01',
    });
    await importHostExtract(context, testActor(context), first.file);
    const before = await used.db.selectFrom('person').selectAll().execute();
    const next = await writeNextExtract({ after: first.file, seed: 5, directory, number: '01' });
    const outcome = await importHostExtract(context, testActor(context), next.file);
    expect(outcome.outcome).toBe('applied');

    const after = new Map(
      (await used.db.selectFrom('person').selectAll().execute()).map((one) => [one.id, one]),
    );
    const renamed = before.filter((one) => after.get(one.id)!.nameFold !== one.nameFold);
    const moved = before.filter((one) => after.get(one.id)!.addressFold !== one.addressFold);
    expect(renamed.length).toBeGreaterThan(0);
    expect(moved.length).toBeGreaterThan(0);
    for (const one of renamed) {
      for (const terms of [one.name, one.kana]) {
        const { people } = await searchPeople(used.db, terms, TODAY);
        const found = people.find(({ id }) => id === one.id);
        expect(found, terms).toMatchObject({ id: one.id });
        if (terms === one.name) expect(found).toMatchObject({ match: 'former', formerName: one.name });
      }
    }
    const searched = await searchPeople(used.db, moved[0]!.address, TODAY);
    expect(searched.people.map(({ id }) => id)).toContain(moved[0]!.id);
    const kept = await used.db.selectFrom('personFormerValue').selectAll().execute();
    const changed = [
      ...renamed.map(({ id }) => ['name', id]),
      ...before.filter((one) => after.get(one.id)!.kanaFold !== one.kanaFold).map(({ id }) => ['kana', id]),
      ...moved.map(({ id }) => ['address', id]),
    ];
    expect(new Set(kept.map(({ field, personId }) => `${field} ${personId}`))).toEqual(
      new Set(changed.map(([field, id]) => `${field} ${id}`)),
    );
  });
});

describe('検索の速さ', () => {
  const used = useDatabase('sqlite');

  test('どの検索も対象者の表を端から読まない', async () => {
    const db = connect(used.url);
    const run = vi.spyOn(SqliteConnection.prototype, 'run');
    for (const [, { 入力 }] of searches) await searchPeople(db, 入力, TODAY);
    await searchPeople(db, '26-000123', TODAY);
    await searchPeople(db, '123', TODAY);
    const texts = new Set(run.mock.calls.map(([text]) => text));
    run.mockRestore();
    expect(texts.size).toBeGreaterThan(10);
    const file = new DatabaseSync(used.url.slice('sqlite:'.length), { readOnly: true });
    for (const text of texts) {
      const plan = file.prepare(`explain query plan ${text.replaceAll('?', "'1'")}`).all();
      for (const { detail } of plan) expect(detail, text).not.toMatch(/\bSCAN\b/);
    }
    file.close();
    await db.destroy();
  });
});

test('読み方は一段に多くても24まで', () => {
  for (const terms of ['330401 330401 330401 330401', 'じずじずじず じずじずじず 330401']) {
    for (const readings of readSearch(terms, TODAY)) expect(readings.length).toBeLessThanOrEqual(24);
  }
  expect([...readSearch('', TODAY)].flat()).toEqual([]);
});
