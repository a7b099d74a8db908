import { describe, expect, test } from 'vitest';
import { testContext, visitor } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { tableNames } from '../support/world.ts';

describe.each(databases)('a register that was just made on %s', (engine) => {
  const used = useDatabase(engine);

  test('has no account, so that nobody gets in by a name and password out of a manual', async () => {
    expect(await tableNames(used.db)).toContain('account');
    expect(await used.db.selectFrom('account').selectAll().execute()).toEqual([]);
    const stranger = visitor(testContext(used.db));
    for (const loginName of ['admin', 'administrator', 'root', 'sa', 'test', 'kanri', '']) {
      for (const password of ['admin', 'password', loginName, '']) {
        const { status } = await stranger.post('/sign-in', { loginName, password }, '/sign-in');
        expect([loginName, status === 303]).toEqual([loginName, false]);
      }
    }
    const code = { loginName: 'admin', code: '', password: 'x'.repeat(20), passwordAgain: 'x'.repeat(20) };
    expect((await stranger.post('/first-password', code, '/first-password')).status).not.toBe(303);
    expect((await stranger.get('/')).headers.location).toBe('/sign-in');
  });
});
