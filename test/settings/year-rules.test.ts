import { describe, expect, test } from 'vitest';
import { signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { formsOf } from '../support/walk.ts';

describe.each(databases)('年度の決まり %s', (engine) => {
  const used = useDatabase(engine);

  test('上限と開始日を年度ごとに変えると、次の交付から効き、記録に残る', async () => {
    const context = testContext(used.db, '2027-02-15T01:00:00.000Z');
    const personId = await makePerson(context);
    const administrator = await signedIn(context, 'administrator');
    const clerk = await signedIn(context, 'clerk');
    const change = async (year: string, fields: Record<string, string>) => {
      const { text } = await administrator.get('/year-rules');
      const form = formsOf('', text).find((one) => one.fields.fiscalYear === year)!;
      return await administrator.agent
        .post(form.action)
        .type('form')
        .send({ ...form.fields, ...fields });
    };
    const issue = async (fields: Record<string, string>) => {
      const { text } = await clerk.get(`/people/${personId}/passes/new`);
      const form = formsOf('', text).find(({ action }) => action.endsWith('/passes'))!;
      return (
        await clerk.agent
          .post(form.action)
          .type('form')
          .send({ ...form.fields, ...fields })
      ).status;
    };
    expect(await issue({ kind: 'new' })).toBe(303);
    expect(await issue({ kind: 'reissue_lost' })).toBe(303);
    expect(await issue({ kind: 'reissue_lost' })).toBe(409);
    expect(await issue({ kind: 'new', years: 'next' }), '翌年度は3月1日から').toBe(409);

    expect((await change('2026', { lossReissues: '２回' })).status).toBe(422);
    expect((await change('2027', { issueFromOn: 'R9.5.1' })).status).toBe(422);
    expect((await change('2026', { lossReissues: '2' })).status).toBe(303);
    expect((await change('2027', { issueFromOn: 'R9.2.10' })).status).toBe(303);
    expect((await clerk.get(`/people/${personId}`)).text).toContain('再交付');
    expect(await issue({ kind: 'reissue_lost' })).toBe(303);
    expect(await issue({ kind: 'reissue_lost' })).toBe(409);
    expect(await issue({ kind: 'new', years: 'next' })).toBe(303);

    const stale = await change('2026', { version: '0', lossReissues: '5' });
    expect([stale.status, stale.text.includes('ほかの職員')]).toEqual([409, true]);
    const events = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'year-rule.changed')
      .orderBy('sequence')
      .execute();
    expect(events.map(({ details }) => JSON.parse(details))).toEqual([
      { fiscalYear: 2026, field: 'lossReissues', from: '1', to: '2' },
      { fiscalYear: 2027, field: 'issueFromOn', from: '2027-03-01', to: '2027-02-10' },
    ]);
  });
});
