import { describe, expect, test } from 'vitest';
import { addRight } from '../../server/accounts/added-right.ts';
import { findUsableAccount } from '../../server/accounts/queries.ts';
import { mayBeAdded, mayDo, RIGHTS, type Right, ROLES, roleMayDo } from '../../server/accounts/rights.ts';
import { requireOtherPerson } from '../../server/accounts/second-person.ts';
import { makeAccount, signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

describe.each(databases)('rights added to one account on %s', (engine) => {
  const used = useDatabase(engine);
  const PERIOD = { startsOn: '2026-11-21', endsOn: '2026-11-22', ground: '応援のため' };

  test('hold from the first day to the last, and are gone with the next click when taken back', async () => {
    const context = testContext(used.db);
    const administrator = await signedIn(context, 'administrator');
    const clerk = await signedIn(context, 'clerk');
    const path = `/accounts/${clerk.account.id}`;
    const typed = { right: 'account.view-rights', startsOn: 'R8.11.21', endsOn: 'R8.11.22', ground: '応援' };
    expect((await administrator.post(`${path}/rights`, typed, path)).status).toBe(303);

    // The sessions end at night; what counts is the right of the day.
    const holds = async (day: string) => {
      const account = await findUsableAccount(used.db, clerk.account.id, day);
      return mayDo(account!, 'account.view-rights');
    };
    expect(await holds('2026-11-20')).toBe(false);
    expect(await holds('2026-11-21')).toBe(true);
    expect(await holds('2026-11-22')).toBe(true);
    expect(await holds('2026-11-23')).toBe(false);

    expect((await clerk.get('/rights')).status, 'the day before').toBe(403);
    context.clock.set('2026-11-20T15:10:00.000Z');
    const today = await signedIn(context, 'administrator');
    const late = await clerk.get('/rights');
    expect([late.status, late.headers.location], 'idle since the day before').toEqual([303, '/sign-in']);
    const page = await today.get(path);
    const added = /\/rights\/(\d+)\/end/.exec(page.text)![1];
    expect((await today.get('/rights')).text).toContain('応援');
    expect((await today.post(`${path}/rights/${added}/end`, {}, path)).status).toBe(303);
    expect(await holds('2026-11-21')).toBe(false);
    expect((await today.post(`${path}/rights/${added}/end`, {}, path)).status).toBe(409);

    const events = await used.db
      .selectFrom('auditEvent')
      .select(['kind', 'details'])
      .where('kind', 'in', ['account.right-granted', 'account.right-ended'])
      .orderBy('sequence')
      .execute();
    const what = {
      subjectAccountId: clerk.account.id,
      accountRightId: Number(added),
      right: 'account.view-rights',
      startsOn: '2026-11-21',
      endsOn: '2026-11-22',
      ground: '応援',
    };
    expect(events.map(({ kind, details }) => [kind, JSON.parse(details)])).toEqual([
      ['account.right-granted', what],
      ['account.right-ended', what],
    ]);
  });

  test('open a page to somebody whose role does not', async () => {
    const context = testContext(used.db);
    const { id } = await makeAccount(context, 'administrator');
    const clerk = await signedIn(context, 'clerk');
    expect((await clerk.get('/rights')).status).toBe(403);
    const actor = testActor(context, { accountId: id });
    const period = { ...PERIOD, startsOn: '2026-11-20' };
    await addRight(used.db, actor, { accountId: clerk.account.id, right: 'account.view-rights', ...period });
    expect((await clerk.get('/rights')).status).toBe(200);
    expect((await clerk.get('/')).text).toContain('href="/rights"');
  });

  test('are refused to oneself, beyond a year, in the past, without a ground, and for what a role has or only administrators may have', async () => {
    const context = testContext(used.db);
    const { id } = await makeAccount(context, 'administrator');
    const clerk = await makeAccount(context, 'clerk');
    const give = (over: object, to = clerk.id) =>
      addRight(used.db, testActor(context, { accountId: id }), {
        accountId: to,
        right: 'export',
        ...PERIOD,
        ...over,
      });
    await expect(give({}, id)).rejects.toMatchObject({ status: 403 });
    await expect(give({ endsOn: '2027-11-22' })).rejects.toMatchObject({ fields: { endsOn: /12か月/ } });
    await expect(give({ endsOn: '2026-11-20' })).rejects.toMatchObject({ fields: { endsOn: /前/ } });
    await expect(give({ startsOn: '2026-11-01', endsOn: '2026-11-19' })).rejects.toMatchObject({
      fields: { endsOn: /過ぎた/ },
    });
    await expect(give({ ground: ' ' })).rejects.toMatchObject({ fields: { ground: /理由/ } });
    await expect(give({ right: 'account.manage' })).rejects.toMatchObject({ fields: { right: /選んで/ } });
    await expect(give({ right: 'toString' })).rejects.toMatchObject({ fields: { right: /選んで/ } });
    await expect(give({ right: 'register.view' })).rejects.toThrow('役割ですでに持っている');
    const rows = await used.db
      .selectFrom('accountRight')
      .select('id')
      .where('accountId', '=', clerk.id)
      .execute();
    expect(rows).toEqual([]);
  });

  test("a right that today's table no longer has gives nothing", async () => {
    const context = testContext(used.db);
    const { id } = await makeAccount(context, 'clerk');
    await used.db
      .insertInto('accountRight')
      .values({
        accountId: id,
        rightName: 'a.right-of-yesterday',
        startsOn: '2026-11-01',
        endsOn: '2026-11-30',
        ground: '昔',
        grantedAt: '2026-11-01T00:00:00.000Z',
        grantedBy: null,
        endedAt: null,
      })
      .execute();
    expect((await findUsableAccount(used.db, id, '2026-11-20'))?.addedRights).toEqual([]);
  });

  test('the printed table shows every right of every role as it is', async () => {
    const context = testContext(used.db);
    const auditor = await signedIn(context, 'auditor');
    const { text } = await auditor.get('/rights');
    for (const right of Object.keys(RIGHTS) as Right[]) {
      const row = text.slice(text.indexOf(`<th scope="row">${RIGHTS[right].label}</th>`)).split('</tr>')[0]!;
      const marks = [...row.matchAll(/<td class="mark">(.*?)<\/td>/g)].map(([, mark]) => mark === '○');
      expect(marks, right).toEqual(ROLES.map((role) => roleMayDo(role, right)));
    }
    expect(text).toContain('権限一覧表');
  });
});

test('only what somebody other than administrators has may be added', () => {
  expect(mayBeAdded('export')).toBe(true);
  expect(mayBeAdded('account.manage')).toBe(false);
  expect(mayBeAdded('setting.change')).toBe(false);
});

test('the second person is another one, with an account', () => {
  const context = testContext(undefined as never);
  expect(() => requireOtherPerson(testActor(context, { accountId: 2 }), 1, '取込')).not.toThrow();
  expect(() => requireOtherPerson(testActor(context, { accountId: 1 }), 1, '取込')).toThrow('取込をした本人');
  expect(() => requireOtherPerson(testActor(context, { accountId: null }), 1)).toThrow('サインインして');
  expect(() => requireOtherPerson(testActor(context, { accountId: 2 }), null)).not.toThrow();
});
