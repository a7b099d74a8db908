import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../jobs/dummy/random.ts';
import { headOf } from '../../server/audit/chain.ts';
import { countErasable, eraseValues } from '../../server/audit/erase-values.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { Invalid, Refused } from '../../server/errors.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { ERASED_PERSON, makeRecord, sampleActor } from './sample.ts';

const NOTHING = { events: 0, values: 0, formerValues: 0, inquiries: 0 };

describe.each(databases)('erasing values on %s', (engine) => {
  const used = useDatabase(engine);
  beforeAll(() => makeRecord(used.db, 50, createRandom('erase')));

  const valuesOf = (personId: number) =>
    used.db.selectFrom('auditValue').select('newValue').where('personId', '=', personId).execute();

  test("a person's values are gone, the others' remain, the chain is whole and tells who erased them", async () => {
    expect(await valuesOf(ERASED_PERSON)).toEqual([]);
    expect((await valuesOf(4)).length).toBeGreaterThan(10);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
    const event = await used.db
      .selectFrom('auditEvent')
      .select(['actor', 'personId', 'details'])
      .where('kind', '=', 'audit.values-erased')
      .executeTakeFirstOrThrow();
    expect(event).toMatchObject({ actor: 'job:sample', personId: ERASED_PERSON });
    const { ground, values, before } = JSON.parse(event.details) as Record<string, unknown>;
    expect([ground, before]).toEqual(['試験 第1号', null]);
    expect(values).toBeGreaterThan(20);
  });

  test('the salt of what was erased is gone or changed, so that nothing can be guessed from its hash', async () => {
    const { salt } = await used.db
      .selectFrom('auditValueErasure')
      .innerJoin('auditValueSalt', 'auditValueSalt.eventSequence', 'auditValueErasure.eventSequence')
      .innerJoin('auditEvent', 'auditEvent.sequence', 'auditValueErasure.eventSequence')
      .select(['auditValueSalt.salt', 'auditEvent.valuesHash', 'auditValueErasure.remainingHash'])
      .where('auditEvent.kind', '=', 'import.viewed')
      .executeTakeFirstOrThrow();
    expect(salt).toHaveLength(64);
    const emptied = await used.db
      .selectFrom('auditValueErasure')
      .leftJoin('auditValueSalt', 'auditValueSalt.eventSequence', 'auditValueErasure.eventSequence')
      .select('auditValueSalt.salt')
      .where('auditValueErasure.remainingHash', '=', '')
      .execute();
    expect(emptied.length).toBeGreaterThan(0);
    expect(emptied.every((row) => row.salt === null)).toBe(true);
  });

  test('a second person of the same events can be erased as well', async () => {
    const { events } = await countErasable(used.db, { personId: 4 });
    const erased = await eraseValues(used.db, sampleActor(100), { personId: 4 }, '第2号');
    expect(erased.events).toBe(events);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('nothing to erase leaves no event', async () => {
    const before = await headOf(used.db);
    const erased = await eraseValues(used.db, sampleActor(101), { personId: 4 }, '第3号');
    expect(erased).toEqual(NOTHING);
    expect(await headOf(used.db)).toEqual(before);
  });

  test('a ground is needed, and a period only reaches back beyond a year', async () => {
    const erase = (scope: { before: string } | { personId: number }, ground: string) =>
      eraseValues(used.db, sampleActor(102), scope, ground);
    await expect(erase({ personId: 1 }, ' ')).rejects.toThrow(Invalid);
    await expect(erase({ before: '2025-11-02' }, '第4号')).rejects.toThrow(Invalid);
    expect(await erase({ before: '2025-11-01' }, '第4号')).toEqual(NOTHING);
  });

  test('by a period everything goes, in parts of 200 events, each on record', async () => {
    const later = { ...sampleActor(), at: new Date('2028-04-01T00:00:00.000Z') };
    await makeRecord(used.db, 400, createRandom('many'));
    const due = await countErasable(used.db, { before: '2027-01-01' });
    expect(due.events).toBeGreaterThan(200);
    const erased = await eraseValues(used.db, later, { before: '2027-01-01' }, '保存期間の満了');
    expect(erased).toEqual(due);
    expect(await used.db.selectFrom('auditValue').selectAll().execute()).toEqual([]);
    expect(await used.db.selectFrom('auditValueSalt').selectAll().execute()).toEqual([]);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('values that are not what was recorded are not erased in silence', async () => {
    await makeRecord(used.db, 5, createRandom('altered'));
    const one = await used.db
      .selectFrom('auditValue')
      .selectAll()
      .where('personId', '=', 5)
      .executeTakeFirstOrThrow();
    const { eventSequence } = one;
    await used.db
      .insertInto('auditValue')
      .values({ ...one, field: 'added', eventSequence })
      .execute();
    await expect(eraseValues(used.db, sampleActor(900), { personId: 5 }, '第5号')).rejects.toThrow(Refused);
    expect(await verifyChain(used.db)).toEqual({
      whole: false,
      brokenAt: eventSequence,
      problem: 'values-altered',
    });
  });
});
