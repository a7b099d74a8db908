import { describe, expect, test } from 'vitest';
import { countErasable, eraseValues } from '../../server/audit/erase-values.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { recordInquiry } from '../../server/register/inquiry.ts';
import { searchPeople } from '../../server/register/search.ts';
import { makeAccount, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { importPeople, makePerson } from '../support/people.ts';

describe.each(databases)('前の氏名・住所と電話照会の消去 %s', (engine) => {
  const used = useDatabase(engine);

  const remembered = async (kana: string, replacedOn: string, answeredAt: string) => {
    const context = testContext(used.db);
    const personId = await makePerson(context, { kana });
    const { id: accountId } = await makeAccount(context, 'clerk');
    const { id: runId } = await used.db
      .selectFrom('importRun')
      .select('id')
      .limit(1)
      .executeTakeFirstOrThrow();
    await inTransaction(used.db, async (trx) => {
      const former = { field: 'kana', value: 'まえの かな', valueFold: `マエノカナ${personId}` } as const;
      await trx
        .insertInto('personFormerValue')
        .values({ ...former, personId, replacedOn, runId })
        .execute();
    });
    const actor = testActor(context, { accountId, at: new Date(answeredAt) });
    const inquiry = { personId, officeCode: '03', caller: '出張 太郎', answerText: '交付可' };
    await recordInquiry(used.db, actor, { ...inquiry, answer: 'issuable' }, 'まえのかな');
    return personId;
  };
  const inquiriesOf = async (personId: number) =>
    (await used.db.selectFrom('inquiry').select('id').where('personId', '=', personId).execute()).length;

  test('一人の分、または期間の分だけが消え、消したことが記録に残る', async () => {
    const context = testContext(used.db);
    await importPeople(context, 60);
    const one = await remembered('けす はな', '2026-10-31', '2026-11-01T00:00:00.000Z');
    const old = await remembered('ふるい はな', '2024-03-31', '2024-03-31T14:59:59.999Z');
    const late = await remembered('あたらしい はな', '2024-04-01', '2024-03-31T15:00:00.000Z');
    const actor = testActor(context);

    const due = await countErasable(used.db, { personId: one });
    expect(due).toMatchObject({ formerValues: 1, inquiries: 1 });
    expect(await eraseValues(used.db, actor, { personId: one }, '起案 第1号')).toEqual(due);
    expect([await inquiriesOf(one), await inquiriesOf(old)]).toEqual([0, 1]);
    const { people } = await searchPeople(used.db, 'まえのかな', '2026-11-20');
    expect(people.map(({ id }) => id).sort()).toEqual([old, late].sort());

    const erased = await eraseValues(used.db, actor, { before: '2024-04-01' }, '保存期間の満了');
    expect(erased).toMatchObject({ formerValues: 1, inquiries: 1 });
    expect([await inquiriesOf(old), await inquiriesOf(late)]).toEqual([0, 1]);
    const events = await used.db
      .selectFrom('auditEvent')
      .select(['personId', 'details'])
      .where('kind', '=', 'person.past-erased')
      .orderBy('sequence')
      .execute();
    expect(events.map(({ personId, details }) => ({ personId, ...JSON.parse(details) }))).toEqual([
      { personId: one, before: null, ground: '起案 第1号', formerValues: 1, inquiries: 1 },
      { personId: null, before: '2024-04-01', ground: '保存期間の満了', formerValues: 1, inquiries: 1 },
    ]);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });
});
