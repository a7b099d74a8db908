import { describe, expect, test } from 'vitest';
import { changeSetting } from '../../server/settings/change-setting.ts';
import { readSetting, readSettings, settingFrom } from '../../server/settings/queries.ts';
import { boundsOf, SETTINGS, type SettingName } from '../../server/settings/setting.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const NAMES = Object.keys(SETTINGS) as SettingName[];

describe.each(databases)('settings on %s', (engine) => {
  const used = useDatabase(engine);

  test.each(NAMES)('%s keeps within its bounds, and each change is on record', async (name) => {
    const actor = testActor(testContext(used.db));
    const { least, most, unsaid, ...rest } = SETTINGS[name];
    const taken = [most, least, ...('mayBeOff' in rest ? [0] : [])];
    const first = taken.find((value) => value !== unsaid)!;
    const second = taken.find((value) => value !== first)!;
    const below = 'mayBeOff' in rest && least === 1 ? [] : [String(least - 1)];
    const seen = String(await readSetting(used.db, name));
    expect(seen).toBe(String(unsaid));
    const change = (value: string, from = seen) => changeSetting(used.db, actor, { name, value, seen: from });
    for (const value of [...below, String(most + 1), '', ' ', '12.5', '-20', '1e1', 'x', '0x10']) {
      await expect(change(value), value).rejects.toMatchObject({ status: 422 });
    }
    await change(String(first).replace(/\d/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)));
    expect(await readSetting(used.db, name)).toBe(first);
    await expect(change(String(second)), 'the value seen is no longer there').rejects.toMatchObject({
      status: 409,
    });
    await change(String(second), String(first));
    expect((await readSettings(used.db))[name]).toBe(second);
    const events = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'setting.changed')
      .orderBy('sequence')
      .execute();
    const own = events.map(({ details }) => JSON.parse(details)).filter((one) => one.name === name);
    expect(own).toEqual([
      { name, from: seen, to: String(first) },
      { name, from: String(first), to: String(second) },
    ]);
  });

  test('two who change one setting at the same moment: one is told', async () => {
    const actor = testActor(testContext(used.db));
    const name = 'sign-in.first-pause-seconds';
    await used.db.deleteFrom('setting').where('name', '=', name).execute();
    const both = await Promise.allSettled(
      ['40', '50'].map((value) => changeSetting(used.db, actor, { name, value, seen: '30' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refusal = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refusal.reason).toMatchObject({ status: 409 });
  });

  test('a setting that there is not is refused, as is the name of something every object has', async () => {
    const actor = testActor(testContext(used.db));
    for (const name of ['no.such', 'toString', '__proto__']) {
      await expect(changeSetting(used.db, actor, { name, value: '15', seen: '15' })).rejects.toMatchObject({
        status: 409,
      });
    }
  });

  test('the page shows each with its bounds, and a refusal beside the one it is of', async () => {
    const one = await signedIn(testContext(used.db), 'administrator');
    const { text } = await one.get('/settings');
    for (const name of NAMES) {
      expect(text).toContain(SETTINGS[name].label);
      expect(text).toContain(boundsOf(SETTINGS[name]));
    }
    const choice = /<select name="value" aria-label="送付状にカスタマバーコードを印字する">.*?<\/select>/s;
    expect(choice.exec(text)![0]).toMatch(/<option value="0" selected>しない/);
    const barcode = {
      name: 'letter.barcode',
      value: '2',
      seen: String(await readSetting(used.db, 'letter.barcode')),
    };
    const neither = await one.post('/settings', barcode, '/settings');
    expect([neither.status, neither.text.includes('するまたはしないを選んで')]).toEqual([422, true]);
    const fields = { name: 'session.hours', value: '24', seen: '10' };
    const answer = await one.post('/settings', fields, '/settings');
    expect([answer.status, answer.text.includes('1から12まで')]).toEqual([422, true]);
  });
});

test("a stored value out of today's bounds switches no safeguard off", () => {
  expect(settingFrom('session.idle-minutes', '100000')).toBe(45);
  expect(settingFrom('password.least-length', '1')).toBe(15);
  expect(settingFrom('session.hours', 'x')).toBe(10);
  expect(settingFrom('password.expiry-days', '0')).toBe(0);
  expect(settingFrom('session.hours', '0')).toBe(10);
});
