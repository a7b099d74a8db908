import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const cookieOf = (answer: supertest.Response) => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';

describe.each(databases)('sessions under attack on %s', (engine) => {
  const used = useDatabase(engine);

  test('an id is long, random, signed, and not found in the database', async () => {
    const context = testContext(used.db);
    const ids = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const value = decodeURIComponent(
        cookieOf(await supertest(createApp(context)).get('/sign-in')).split('=')[1]!,
      );
      const [id, signature] = value.slice('s:'.length).split('.') as [string, string];
      expect(id.length).toBeGreaterThanOrEqual(32);
      expect(signature.length).toBeGreaterThanOrEqual(43);
      ids.add(id);
    }
    expect(ids.size).toBe(20);
    const stored = JSON.stringify(await used.db.selectFrom('session').selectAll().execute());
    expect([...ids].filter((id) => stored.includes(id))).toEqual([]);
  });

  test('a forged or altered cookie is nobody', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const app = createApp(context);
    const [{ value }] = clerk.agent.jar.getCookies({
      domain: '127.0.0.1',
      path: '/',
      secure: false,
      script: false,
    } as never) as unknown as [{ value: string }];
    const altered = value.slice(0, 6) + (value[6] === 'A' ? 'B' : 'A') + value.slice(7);
    for (const forged of [altered, value.replace(/\..*/, ''), 's%3Ax.y', '']) {
      const answer = await supertest(app).get('/').set('Cookie', `session=${forged}`);
      expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in']);
    }
    expect((await supertest(app).get('/').set('Cookie', `session=${value}`)).status).toBe(200);
  });
});
