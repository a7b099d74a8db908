import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../server/db/schema.ts';
import { countCube, countHolders } from '../../server/statistics/cube.ts';
import { statTables } from '../../server/statistics/tables.ts';
import { testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { importPeople } from '../support/people.ts';

// The ward's own table: 89,086 eligible = 82,816 elderly + 6,270 others before the year began, and of them
// 25,972 = 24,083 + 1,889 with a pass.

const PEOPLE = 89_086;
const WARD = { elderly: [82_816, 24_083], others: [6_270, 1_889] } as const;
const ASKED = { baseOn: '2026-10-31', fiscalYear: 2026, untilOn: '2026-11-20' };

/** Gives a pass to so many of the elderly or of the others, in as few statements as possible. */
async function givePasses(
  db: Database,
  isElderly: 0 | 1,
  passes: number,
  firstNumber: number,
): Promise<void> {
  await sql`
    insert into application (person_id, fiscal_year, kind, applied_on, office_code, applicant, form_key, created_at)
    select id, 2026, 'new', '2026-11-02', '00', 'self', 'test ' || id, '2026-11-02T01:00:00.000Z'
    from person where is_elderly = ${isElderly} order by id limit ${passes}`.execute(db);
  await sql`
    insert into pass (person_id, fiscal_year, pass_number, application_id, applied_on, issued_on, issued_at_office,
      delivery_method, status, status_on, created_at)
    select a.person_id, 2026, ${firstNumber} + row_number() over (order by a.id), a.id, a.applied_on, a.applied_on, '00',
      'post', 'valid', a.applied_on, a.created_at
    from application a join person p on p.id = a.person_id where p.is_elderly = ${isElderly}`.execute(db);
}

describe('the figures of the ward', () => {
  const used = useDatabase('sqlite');

  test('come out of a register of its size', { timeout: 240_000 }, async () => {
    const context = testContext(used.db);
    await importPeople(context, PEOPLE, 20_180_331);
    const plain = used.db.withoutPlugins().withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: (args) => Promise.resolve(args.result),
    });
    await givePasses(plain, 1, WARD.elderly[1], 0);
    await givePasses(plain, 0, WARD.others[1], WARD.elderly[1]);

    const cube = await countCube(used.db, ASKED);
    const sum = (isElderly: boolean, of: 'eligible' | 'issued') =>
      cube
        .filter(({ category }) => (category === 'elderly') === isElderly)
        .reduce((all, row) => all + row[of], 0);
    expect([sum(true, 'eligible'), sum(true, 'issued')]).toEqual(WARD.elderly);
    expect([sum(false, 'eligible'), sum(false, 'issued')]).toEqual(WARD.others);
    expect(await countHolders(used.db, 2026, ASKED.untilOn)).toBe(25_972);

    const tables = await statTables(used.db, ASKED);
    const totals = Object.fromEntries(
      tables.map(({ name, rows }) => [name, rows.find(({ isTotal }) => isTotal)?.cells]),
    );
    expect(totals.categories).toEqual([89_086, 25_972, '29.2%']);
    expect(totals.ages!.slice(-5)).toContain(25_972);
    expect(totals.districts!.slice(0, 6)).toEqual([89_086, 82_816, 6_270, 25_972, 24_083, 1_889]);
    expect(totals.places).toEqual([0, 25_972, 25_972]);
  });
});
