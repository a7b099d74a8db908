import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { issuePass } from '../../server/passes/issue.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

const DAYS = 'baseOn=R8.11.20&fiscalYear=2026&untilOn=R8.11.20';

describe.each(databases)('the statistics on %s', (engine) => {
  const used = useDatabase(engine);

  test('every table is a sum over the same people, with a chart that says its figures', async () => {
    const context = testContext(used.db);
    const flags = { isElderly: 0 as const };
    const people = [
      await makePerson(context, { districtCode: '01', sex: 1 }),
      await makePerson(context, { districtCode: '01', sex: 2 }),
      await makePerson(context, { districtCode: '', sex: 9 }),
      await makePerson(context, { districtCode: '02', ...flags, isDisabled: 1, isChild: 1 }),
      await makePerson(context, {
        districtCode: '02',
        ...flags,
        isChild: 1,
        birthEarliestOn: '2020-05-01',
        birthLatestOn: '2020-05-01',
      }),
    ];
    await makePerson(context, { excludedOn: '2026-06-15', exclusionReason: 'died', exclusionSource: 'host' });
    const issue = (personId: number, kind: 'new' | 'reissue_lost', on: string, officeCode: string) =>
      issuePass(used.db, testActor(context, { at: new Date(`${on}T03:00:00.000Z`) }), {
        personId,
        kind,
        appliedOn: on,
        issuedOn: on,
        officeCode,
        deliveryMethod: officeCode === '00' ? 'post' : 'counter',
        applicant: 'self',
        proxyName: '',
        proxyRelation: '',
        documentSeen: 'マイナンバーカード',
        formKey: crypto.randomUUID(),
      } as never);
    await issue(people[0]!, 'new', '2026-04-10', '00');
    await issue(people[0]!, 'reissue_lost', '2026-07-10', '01');
    await issue(people[3]!, 'new', '2026-05-10', '03');

    const auditor = await signedIn(context, 'auditor');
    const table = async (name: string, days = DAYS) => {
      const csv = await auditor.get(`/statistics/${name}/table.csv?${days}`);
      expect(csv.status, name).toBe(200);
      const rows: string[][] = parse(csv.text, { bom: true, relax_column_count: true });
      return Object.fromEntries(rows.slice(5).map(([head, ...cells]) => [head, cells]));
    };
    expect(await table('categories')).toEqual({
      高齢: ['3', '1', '33.3%'],
      高齢以外: ['2', '1', '50.0%'],
      障害: ['1', '1', '100.0%'],
      児童: ['1', '0', '0.0%'],
      計: ['5', '2', '40.0%'],
    });
    const ages = await table('ages');
    expect(ages['65〜69歳']).toEqual(['2', '1', '1', '4', '2', '0', '0', '2', '50.0%']);
    expect(ages['5〜9歳']!.slice(0, 4)).toEqual(['1', '0', '0', '1']);
    expect(ages.計!.slice(3, 4)).toEqual(['5']);
    const districts = await table('districts');
    expect(districts.四谷特別出張所).toEqual(['2', '2', '0', '1', '1', '0', '50.0%']);
    expect(districts.なし!.slice(0, 1)).toEqual(['1']);
    const months = await table('months');
    expect(months['4月']!.slice(0, 3)).toEqual(['1', '0', '0']);
    expect(months['7月']!.slice(0, 3)).toEqual(['0', '1', '0']);
    expect(months['6月']!.slice(4)).toEqual(['0', '1', '0', '0', '0']);
    expect(await table('places')).toEqual({
      地域包括ケア推進課: ['0', '1', '1'],
      四谷特別出張所: ['1', '0', '1'],
      榎町特別出張所: ['1', '0', '1'],
      計: ['2', '1', '3'],
    });
    const early = await table('categories', 'baseOn=R8.6.14&fiscalYear=2026&untilOn=R8.4.30');
    expect(early.計, 'the excluded person was eligible still, one pass was issued').toEqual([
      '6',
      '1',
      '16.7%',
    ]);

    const page = await auditor.get(`/statistics?${DAYS}`);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<svg [^>]*role="img" aria-labelledby="ages-chart-title ages-chart-words">/);
    expect(page.text).toContain('65〜69歳 対象者 計 4、交付 計 2。');
    expect(page.text.match(/<table/g)).toHaveLength(6);
    const event = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'statistics.viewed')
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(event.details)).toEqual({
      baseOn: '2026-11-20',
      fiscalYear: 2026,
      untilOn: '2026-11-20',
      form: 'screen',
    });
  });

  test('a day to come or a wrong one is told, and who has no right is refused', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const future = await clerk.get('/statistics?baseOn=R9.1.1');
    expect([future.status, future.text.includes('先の日付')]).toEqual([422, true]);
    expect((await clerk.get('/statistics/ages/table.csv?baseOn=あした')).status).toBe(422);
    expect((await clerk.get('/statistics/unknown/table.csv')).status).toBe(404);
    const branch = await signedIn(context, 'branch');
    expect((await branch.get('/statistics')).status).toBe(403);
  });
});
