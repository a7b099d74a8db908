import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../server/audit/verify.ts';
import { signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { formsOf } from '../support/walk.ts';

const AT_ONCE = 50;

describe.each(databases)('fifty clerks at the same person on %s', (engine) => {
  const used = useDatabase(engine);

  test('who all issue a pass at the same moment make one valid pass, and the record is whole', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context);
    const clerk = await signedIn(context, 'clerk');
    const action = `/people/${personId}/passes`;
    const pages = [];
    for (let count = 0; count < AT_ONCE; count += 1) pages.push(await clerk.get(`${action}/new`));
    const forms = pages.map(({ text }) => formsOf('', text).find((form) => form.action === action)!.fields);
    const answers = await Promise.all(
      forms.map((fields) => clerk.agent.post(action).type('form').send(fields)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 303).length).toBe(1);
    expect(statuses.filter((status) => status !== 303 && status !== 409 && status !== 422)).toEqual([]);
    const passes = await used.db.selectFrom('pass').selectAll().where('personId', '=', personId).execute();
    expect(passes.map(({ status }) => status)).toEqual(['valid']);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });
});
