import { describe, expect, test } from 'vitest';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { csrfOf, signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

describe.each(databases)('個人票 %s', (engine) => {
  const used = useDatabase(engine);

  test('変わった値は、前の値・日時・取込のファイルまたは職員とともに出る', async () => {
    const context = testContext(used.db);
    const directory = context.config.receivedDirectory;
    const place = { directory, number: '01' };
    const first = await writeFirstExtract({ ...place, people: 2000, seed: 7, baseOn: '2026-09-15' });
    await importHostExtract(context, testActor(context), first.file);
    const before = await used.db.selectFrom('person').select(['id', 'address']).execute();
    const next = await writeNextExtract({ ...place, after: first.file, seed: 7 });
    expect((await importHostExtract(context, testActor(context), next.file)).outcome).toBe('applied');
    const after = await used.db.selectFrom('person').select(['id', 'address']).execute();
    const moved = before.find((one) => after.find(({ id }) => id === one.id)!.address !== one.address)!;

    const clerk = await signedIn(context, 'clerk');
    const page = await clerk.get(`/people/${moved.id}`);
    const history = page.text.slice(page.text.indexOf('id="history"'));
    expect(history).toContain(moved.address);
    expect(history).toContain(after.find(({ id }) => id === moved.id)!.address);
    expect(history).toContain(next.file.split('/').at(-1));
    expect(history).toContain('住所');

    const version = /name="version" value="(\d+)"/.exec(page.text)![1]!;
    const fields = { _csrf: csrfOf(page.text), version, phone: '03-5555-6666' };
    await clerk.agent.post(`/people/${moved.id}/phone`).type('form').send(fields);
    const later = await clerk.get(`/people/${moved.id}`);
    expect(later.text.slice(later.text.indexOf('id="history"'))).toMatch(
      /試験 clerk[\s\S]*電話番号[\s\S]*03-5555-6666/,
    );
  });

  test('電話番号は、添え書きを含めて欄に入るだけを残し、それより長いものは断る', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const id = await makePerson(context);
    const send = async (phone: string) => {
      const { text } = await clerk.get(`/people/${id}`);
      const version = /name="version" value="(\d+)"/.exec(text)![1]!;
      const typed = { _csrf: csrfOf(text), version, phone };
      return await clerk.agent.post(`/people/${id}/phone`).type('form').send(typed);
    };
    const longest = '090-1234-5678 '.padEnd(30, 'ヘルパーステーション新宿');
    expect((await send(longest)).status).toBe(303);
    const refused = await send(`${longest}一`);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('30文字まで');
    const { phone } = await used.db
      .selectFrom('person')
      .select('phone')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(phone).toBe(longest);
  });

  test('支援措置等のある人の住所は、今のものも前のものも出さない', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const id = await makePerson(context, {
      name: '保護　子',
      kana: 'ほご こ',
      address: '矢来町９９番地',
      isProtected: 1,
    });
    expect((await clerk.get(`/people/${id}`)).text).not.toContain('矢来町');
    expect((await clerk.post('/search', { terms: 'ほご こ' })).text).not.toContain('矢来町');
    const asked = { officeCode: '03', caller: '', terms: 'ほご こ' };
    const answered = await clerk.post('/lookup', asked, '/lookup');
    expect(answered.text).toContain('要確認');
    expect(answered.text).not.toContain('矢来町');
    const inquiry = used.db.selectFrom('inquiry').select('id').where('personId', '=', id);
    const refused = await clerk.agent
      .post(`/lookup/${(await inquiry.executeTakeFirstOrThrow()).id}/address`)
      .type('form')
      .send({ _csrf: csrfOf(answered.text), reason: 'identity' });
    expect(refused.status).toBe(409);
    expect(refused.text).not.toContain('矢来町');
    const shown = await used.db
      .selectFrom('auditEvent')
      .select('kind')
      .where('kind', '=', 'person.address-shown')
      .execute();
    expect(shown).toEqual([]);
  });
});
