import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../jobs/dummy/random.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makeRecord } from './sample.ts';
import { ATTACKS, attempt, COLUMNS, flip } from './tamper.ts';

const seed = process.env.TEST_SEED ?? String(Date.now());

describe.each(databases)(`tampering with the record on %s (TEST_SEED=${seed})`, (engine) => {
  const used = useDatabase(engine);
  const random = createRandom(seed);

  beforeAll(async () => {
    await used.db
      .insertInto('account')
      .values({
        loginName: 'somebody',
        displayName: 'だれか',
        officeCode: '00',
        role: 'clerk',
        validFromOn: '2026-04-01',
        createdAt: '2026-04-01T00:00:00.000Z',
      })
      .execute();
    await makeRecord(used.db, 25, random);
  });

  test('untouched it is whole', async () => {
    expect(await verifyChain(used.db)).toMatchObject({ whole: true, events: 27 });
  });

  test.each(ATTACKS)('$name', async (attack) => {
    const { expected, alone, anchored } = await attempt(used.db, attack, random);
    const where = { whole: false, brokenAt: expected.brokenAt };
    expect(anchored).toMatchObject(where);
    if (expected.needsAnchor) expect(alone).toMatchObject({ whole: true });
    else expect(alone).toMatchObject(where);
  });

  test.each(COLUMNS)('the first, the last and a middle row: %s', async (column) => {
    for (const at of [() => 0, (rows: readonly unknown[]) => rows.length - 1, () => 5]) {
      const { expected, alone } = await attempt(used.db, flip(column, at), random);
      expect(alone).toMatchObject({ whole: false, brokenAt: expected.brokenAt });
    }
  });

  test('all attacks were undone', async () => {
    expect(await verifyChain(used.db)).toMatchObject({ whole: true, events: 27 });
  });
});
