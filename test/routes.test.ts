import type { Response } from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { RIGHTS, type Right, ROLE_NAMES, ROLES, type Role, roleMayDo } from '../server/accounts/rights.ts';
import type { Access } from '../server/http/require-right.ts';
import { readRules } from './calendar/read-rules.ts';
import { csrfOf, makeAccount, signedIn, testContext, visitor } from './support/app.ts';
import { useDatabase } from './support/databases.ts';
import { makePerson } from './support/people.ts';
import { fillPath, type Route, routesOf } from './support/walk.ts';

// Every route of the real application stands in test/fixtures/routes.csv with the right it needs, every
// right in rights.csv with the roles that have it. A route that is not there, or asks for something else, or
// for nothing, fails; each is then called by a stranger and by every role.

const table = readRules<'メソッド' | 'パス' | '権限'>('routes.csv').map(([note, row]) => ({
  note,
  method: row.メソッド.toLowerCase() as Route['method'],
  path: row.パス,
  access: row.権限 as Access,
}));

const rights = new Map(readRules<string>('rights.csv').map(([, row]) => [row.権限, row]));

const routes = routesOf(testContext(undefined as never));
const line = ({ method, path, access }: Route) => `${method.toUpperCase()},${path},${access}`;

describe('every route', () => {
  test('asks for a right first of all', () => {
    expect(routes.filter(({ access }) => access === undefined).map(line)).toEqual([]);
    expect(routes.length).toBeGreaterThan(20);
  });

  test('stands in the table with the right it asks for, and the table has no other', () => {
    expect(routes.map(line).sort()).toEqual(table.map(line).sort());
  });

  test('reads with GET and writes with POST, and nothing else', () => {
    expect([...new Set(routes.map(({ method }) => method))].sort()).toEqual(['get', 'post']);
  });
});

test('the rights are those of the table that the office agreed on, role by role', () => {
  const names = Object.keys(RIGHTS) as Right[];
  const asAgreed = (right: Right) => ROLES.map((role) => rights.get(right)?.[ROLE_NAMES[role]] === '○');
  expect([...rights.keys()].sort()).toEqual([...names].sort());
  for (const right of names) {
    const asCoded = ROLES.map((role) => roleMayDo(role, right));
    expect([right, ...asCoded]).toEqual([right, ...asAgreed(right)]);
  }
});

type Outcome = 'sign in' | 'refused' | 'let through';

describe('calling every route', () => {
  const used = useDatabase('sqlite');
  const signedInAs = new Map<Role | undefined, Awaited<ReturnType<typeof signedIn>>>();
  const visitorOf = async (context: ReturnType<typeof testContext>, role: Role | undefined) => {
    if (role === undefined) return visitor(context);
    const one = signedInAs.get(role) ?? (await signedIn(context, role));
    signedInAs.set(role, one);
    return one;
  };
  const expected = (access: Access, role: Role | undefined): Outcome => {
    if (access === 'anyone') return 'let through';
    if (role === undefined) return 'sign in';
    if (access === 'signed-in') return 'let through';
    return rights.get(access)?.[ROLE_NAMES[role]] === '○' ? 'let through' : 'refused';
  };

  beforeAll(async () => {
    const context = testContext(used.db);
    // The first account and person are what the routes with an id act on.
    await makeAccount(context, 'clerk');
    await makeAccount(context, 'administrator');
    await makePerson(context);
  });

  test.each([undefined, ...ROLES])('by %s', async (role) => {
    const context = testContext(used.db);
    const wrong: string[] = [];
    for (const { method, path, access } of table) {
      const one = await visitorOf(context, role);
      const token = csrfOf((await one.get(role === undefined ? '/sign-in' : '/password')).text);
      const url = await fillPath(used.db, path);
      const answer =
        method === 'get'
          ? await one.agent.get(url).redirects(0)
          : await one.agent.post(url).type('form').send({ _csrf: token }).redirects(0);
      // Signing out leads to the sign-in page as well; what it did shows on the next page.
      const isOut = path === '/sign-out' && role !== undefined && (await one.get('/')).status === 303;
      const was = isOut ? 'let through' : outcomeOf(answer, access);
      const should = expected(access, role);
      if (was !== should || answer.status >= 500) {
        wrong.push(`${method} ${path}: ${was} with ${answer.status}, should be ${should}`);
      }
      if (path === '/sign-out') signedInAs.delete(role);
    }
    expect(wrong).toEqual([]);
  });

  test('each refusal of a right is on record with the right', async () => {
    const refused = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'right.refused')
      .execute();
    const rights = new Set(refused.map(({ details }) => (JSON.parse(details) as { right: Right }).right));
    const asked = table.map(({ access }) => access).filter((one): one is Right => one in RIGHTS);
    expect([...rights].sort()).toEqual([...new Set(asked)].sort());
  });
});

/** What became of a request for a route that needs `access`. */
function outcomeOf(answer: Response, access: Access): Outcome {
  const { status, text, headers } = answer;
  if (status === 303 && headers.location === '/sign-in' && access !== 'anyone') return 'sign in';
  if (status !== 403) return 'let through';
  const label = access in RIGHTS ? RIGHTS[access as Right].label : undefined;
  return label !== undefined && text.includes(`「${label}」の権限が必要です`) ? 'refused' : 'let through';
}
