import { describe, expect, test } from 'vitest';
import { Invalid, Refused } from '../../server/errors.ts';
import { excludePerson, liftExclusion } from '../../server/register/exclude.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { formsOf } from '../support/walk.ts';

describe.each(databases)('個別事由と除外 %s', (engine) => {
  const used = useDatabase(engine);
  const valuesOf = async (personId: number) =>
    (
      await used.db
        .selectFrom('auditValue')
        .innerJoin('auditEvent', 'auditEvent.sequence', 'auditValue.eventSequence')
        .select(['auditEvent.kind', 'auditValue.field', 'auditValue.oldValue', 'auditValue.newValue'])
        .where('auditValue.personId', '=', personId)
        .orderBy('auditEvent.sequence')
        .orderBy('auditValue.field')
        .execute()
    ).map(({ kind, field, oldValue, newValue }) => [kind, field, oldValue, newValue].join('|'));

  test('送付先変更を登録し、変え、終わらせる。期間の外では効かず、値の移り変わりが残る', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const from = `/people/${personId}/circumstances`;
    const mailing = {
      kind: 'mailing_address',
      startsOn: 'R8.12.1',
      endsOn: 'R9.1.31',
      ground: '入院中のため',
      postalCode: '１６９−００７５',
      address: '高田馬場一丁目１番１号',
      addressee: '新宿　長女',
    };
    const faulty = await clerk.post(from, { ...mailing, postalCode: '169', endsOn: 'R8.11.1' }, from);
    expect(faulty.status).toBe(422);
    expect(faulty.text).toContain('開始日より前');
    expect(faulty.text).toContain('数字7桁');
    expect(faulty.text, '入力が残る').toContain('高田馬場一丁目');
    expect((await clerk.post(from, mailing, from)).status).toBe(303);

    const page = `/people/${personId}`;
    expect((await clerk.get(page)).text, 'まだ始まらない').not.toContain('入院中のため</li>');
    context.clock.set('2026-12-10T01:00:00.000Z');
    const later = await signedIn(context, 'clerk');
    expect((await later.get(page)).text).toContain('高田馬場一丁目１番１号');
    const edit = (await later.get(from)).text.match(/\/circumstances\/\d+/)![0];
    const change = formsOf(edit, (await later.get(edit)).text).find(({ action }) => action === edit)!;
    expect(change.fields).toMatchObject({ postalCode: '1690075', addressee: '新宿　長女', version: '1' });
    const { _csrf, ...held } = change.fields;
    const moved = { ...held, address: '高田馬場二丁目２番２号' };
    expect((await later.post(edit, moved, edit)).status).toBe(303);

    const stale = await later.post(edit, { ...moved, address: '高田馬場三丁目' }, edit);
    expect(stale.status).toBe(409);
    expect(stale.text).toMatch(/今の内容[\s\S]*高田馬場二丁目２番２号[\s\S]*高田馬場三丁目/);

    const endGround = '退院した';
    expect((await later.post(`${edit}/end`, { endGround, version: '2' }, edit)).status).toBe(303);
    expect((await later.get(page)).text).not.toContain('送付先 高田馬場');
    expect((await later.post(edit, moved, edit)).status, '終わったものは変えない').toBe(409);
    expect(await valuesOf(personId)).toEqual(
      expect.arrayContaining([
        'circumstance.added|circumstance_address||高田馬場一丁目１番１号',
        'circumstance.changed|circumstance_address|高田馬場一丁目１番１号|高田馬場二丁目２番２号',
        'circumstance.ended|circumstance_end_ground||退院した',
      ]),
    );
  });

  test('手で除外し、解除する。版の違う画面と二度目は受け付けない', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const actor = testActor(context);
    const seen = { personId, version: 1 };
    const wish = { on: '2026-11-20', reason: 'own_wish', note: '電話で申出' };
    const exclude = (over: object) => excludePerson(used.db, actor, seen, { ...wish, ...over });
    await expect(exclude({ reason: 'whatever' })).rejects.toThrow(Invalid);
    await expect(exclude({ reason: 'other', note: '' })).rejects.toThrow(Invalid);
    await exclude({});
    await expect(exclude({})).rejects.toThrow(Refused);
    const clerk = await signedIn(context, 'clerk');
    expect((await clerk.get(`/people/${personId}`)).text).toMatch(/対象外[\s\S]*本人申出/);
    const issued = await clerk.post(`/people/${personId}/passes`, {}, `/people/${personId}`);
    expect(issued.status).not.toBe(303);
    await expect(liftExclusion(used.db, actor, { personId, version: 2 }, ' ')).rejects.toThrow(Invalid);
    await liftExclusion(used.db, actor, { personId, version: 2 }, '申出の取下げ');
    await expect(liftExclusion(used.db, actor, { personId, version: 3 }, '二度目')).rejects.toThrow(Refused);
    expect((await clerk.get(`/people/${personId}`)).text).toContain('交付可');
    const values = await valuesOf(personId);
    expect(values).toContain('person.excluded|exclusion_reason||own_wish');
    expect(values).toContain('person.exclusion-lifted|excluded_on|2026-11-20|');
  });
});
