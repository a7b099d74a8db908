import { describe, expect, test } from 'vitest';
import { makeAccount, TEST_PASSWORD, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { runDesk } from '../trials/desk-clerks.ts';
import { checkHistory } from '../trials/desk-history.ts';
import { clerkAtPages } from '../trials/desk-pages.ts';

// A small share of `npm run trials -- desk`.
const SEED = '7';

describe.each(databases)('many clerks at once on %s', (engine) => {
  const used = useDatabase(engine);

  test('no number twice, no two valid passes, no lost update, every act on record', async () => {
    const context = testContext(used.db);
    const people: number[] = [];
    for (let made = 0; made < 5; made += 1) people.push(await makePerson(context));
    const { id, loginName } = await makeAccount(context, 'clerk');
    const signIn = { loginName, password: TEST_PASSWORD };
    const outcome = await runDesk(context, {
      seed: SEED,
      clerks: 12,
      rounds: 12,
      people,
      accounts: [id],
      beside: () => clerkAtPages(context, { seed: SEED, rounds: 4, people, signIn }),
    });
    expect(outcome.wrong).toEqual([]);
    expect(outcome.done).toBeGreaterThan(30);
    expect(outcome.refused).toBeGreaterThan(5);
  });

  test('the checker sees what is wrong', async () => {
    const held = await used.db.selectFrom('pass').select(['id', 'passNumber']).execute();
    const { id, passNumber } = held[0]!;
    const act = { kind: 'pass.issued' as const, personId: 1, issued: [{ id, passNumber }] };
    await used.db.updateTable('person').set({ phone: '09', isProtected: 1 }).execute();
    const wrong = (await checkHistory(used.db, [act, act], 0)).join('\n');
    expect(wrong).toContain(`number ${passNumber} was handed out twice`);
    expect(wrong).toContain('pass.issued: 2 acts');
    expect(wrong).toContain('is not the last one');
    expect(wrong).toContain('out of step');
  });
});
