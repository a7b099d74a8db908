import { describe, expect, test } from 'vitest';
import { recordEvent } from '../../server/audit/record-event.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { inSharedTransaction } from '../../server/db/shared-transaction.ts';
import { DatabaseUnavailable } from '../../server/db/unavailable.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

describe.each(databases)('records of views that come together, on %s', (engine) => {
  const used = useDatabase(engine);
  const view = (personId: number) =>
    inSharedTransaction(used.db, async (trx) => {
      recordEvent(trx, testActor(testContext(used.db)), { kind: 'person.viewed', personId });
      return personId;
    });
  const viewed = async () =>
    (await used.db.selectFrom('auditEvent').select('personId').orderBy('sequence').execute()).map(
      ({ personId }) => personId,
    );

  test('each is recorded once, in order, in one chain', async () => {
    const asked = Array.from({ length: 250 }, (_, at) => at + 1);
    expect(await Promise.all(asked.map(view))).toEqual(asked);
    expect(await viewed()).toEqual(asked);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true, events: 250 });
  });

  test('one that fails does not take the others with it', async () => {
    const before = (await viewed()).length;
    const failing = inSharedTransaction(used.db, async (trx) => {
      recordEvent(trx, testActor(testContext(used.db)), { kind: 'person.viewed', personId: 999 });
      throw new Error('this one fails');
    });
    const answers = await Promise.allSettled([view(301), failing, view(302)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await viewed()).slice(before)).toEqual([301, 302]);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('nothing is tried a second time when the database is unavailable', async () => {
    const before = (await viewed()).length;
    let tries = 0;
    const counted = inSharedTransaction(used.db, async (trx) => {
      tries += 1;
      recordEvent(trx, testActor(testContext(used.db)), { kind: 'person.viewed', personId: 401 });
    });
    const cut = inSharedTransaction(used.db, async () => {
      throw new DatabaseUnavailable('busy');
    });
    const answers = await Promise.allSettled([counted, cut]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(1);
    expect(await viewed()).toHaveLength(before);
  });
});
