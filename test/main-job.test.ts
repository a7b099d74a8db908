import { describe, expect, test } from 'vitest';
import { verifyChain } from '../server/audit/verify.ts';
import { csrfOf, signedIn, testContext, visitor } from './support/app.ts';
import { databases, useDatabase } from './support/databases.ts';
import { readPdf } from './support/pdf.ts';
import { importPeople, makePerson } from './support/people.ts';

describe.each(databases)('the main job, from the file to the list, on %s', (engine) => {
  const used = useDatabase(engine);

  test('import, look up, issue, print, list', async () => {
    const context = testContext(used.db);
    await importPeople(context, 300);
    const personId = await makePerson(context, { name: '渡邉　ゆき', kana: 'わたなべ ゆき' });
    const clerk = await signedIn(context, 'clerk');

    const found = await clerk.post('/search', { terms: 'わたなべ 330401' });
    expect(found.text).toContain('渡邉');
    expect(found.text).toContain('交付可');

    const form = await clerk.get(`/people/${personId}/passes/new`);
    const formKey = /name="formKey" value="([^"]+)"/.exec(form.text)![1]!;
    const fields = {
      _csrf: csrfOf(form.text),
      kind: 'new',
      appliedOn: 'R8.11.19',
      issuedOn: '令和8年11月20日',
      officeCode: '03',
      deliveryMethod: 'post',
      applicant: 'self',
      proxyName: '',
      proxyRelation: '',
      documentSeen: 'マイナンバーカード',
      'confirm-no-phone': '1',
      formKey,
    };
    const issue = () => clerk.agent.post(`/people/${personId}/passes`).type('form').send(fields);
    expect((await issue()).status).toBe(303);
    expect((await issue()).status, 'the same form sent again shows the first result').toBe(303);

    const page = await clerk.get(`/people/${personId}`);
    expect(page.text).toContain('交付済');
    expect(page.text).toContain('26-000001');
    expect(page.text).toContain('榎町特別出張所');
    expect(page.text).not.toContain('26-000002');

    const passId = /action="\/passes\/(\d+)\/letters"/.exec(page.text)![1];
    const printed = await clerk.post(
      `/passes/${passId}/letters`,
      { reprintReason: '' },
      `/people/${personId}`,
    );
    expect(printed.status).toBe(303);
    const letter = await clerk.get(printed.headers.location!).responseType('blob');
    const pdf = await readPdf(letter.body);
    expect(pdf.pages).toBe(1);
    expect(pdf.text).toContain('渡邉');
    expect(pdf.text).toContain('〒160-0022');
    expect(pdf.text).toContain('26-000001');

    const list = await clerk.get('/daily-lists/2026-11-20');
    expect(list.text).toContain('26-000001 新規 郵送');
    const acts = await used.db
      .selectFrom('auditEvent')
      .select(['kind', (count) => count.fn.countAll<number>().as('times')])
      .where('businessOn', '=', '2026-11-20')
      .groupBy('kind')
      .execute();
    expect(acts).toContainEqual({ kind: 'pass.issued', times: 1 });
    expect(acts).toContainEqual({ kind: 'letter.printed', times: 1 });
    expect(acts).toContainEqual({ kind: 'person.searched', times: 1 });
    expect(list.text).toContain('処理の一覧（3件）');

    const csv = await clerk.get('/daily-lists/2026-11-20/list.csv');
    expect(csv.text.split('\r\n').length - 2).toBe(3);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('nobody sees anything without signing in', async () => {
    const stranger = visitor(testContext(used.db));
    for (const path of [
      '/',
      '/people/1',
      '/people/1/passes/new',
      '/letters/1.pdf',
      '/daily-lists/2026-11-20',
      '/imports',
    ]) {
      const answer = await stranger.get(path);
      expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in']);
    }
  });
});
