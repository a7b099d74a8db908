import { describe, expect, test } from 'vitest';
import { addCircumstance } from '../../server/register/change-circumstance.ts';
import { makeAccount, TEST_PASSWORD, testActor, testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { makePerson } from '../support/people.ts';

const MOST_KEYS = 12;

// A letter opens in a window of its own, which headless Chromium may not outlive: a browser for each.
describe.each([
  ['an ordinary person', 'ふつう はな', false],
  ['somebody with an alert to confirm', 'ちゅうい はな', true],
])('the keys a clerk presses for %s', (who, kana, hasAlert) => {
  const used = useDatabase('sqlite');
  const pages = useBrowser(() => testContext(used.db));

  test('from the name found to the letter open are at most 12', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context, { name: `${kana.slice(0, 3)}　花`, kana });
    if (hasAlert) {
      await addCircumstance(used.db, testActor(context), personId, {
        kind: 'caution',
        subKind: '',
        startsOn: '2026-04-01',
        endsOn: null,
        reviewOn: null,
        ground: '窓口で声を掛ける',
        addressee: '',
        postalCode: '',
        address: '',
        building: '',
      });
    }
    const { loginName } = await makeAccount(context, 'clerk');
    const page = await pages.signIn(loginName);
    await press(page, 'F2');
    await page.keyboard.type(kana);
    await press(page, 'Enter');
    await page.locator('[data-pick]:focus').waitFor();

    let keys = 0;
    const pressAndCount = async (key: string) => {
      keys += 1;
      await press(page, key);
    };
    await pressAndCount('Enter');
    await page.waitForURL(`**/people/${personId}`);
    await pressAndCount('F9');
    await page.getByRole('heading', { name: '入浴証の交付' }).waitFor();
    if (hasAlert) {
      await keepScreenshot(page, 'issue-alert');
      await pressAndCount('Space');
    }
    await pressAndCount('F12');
    await page.locator('.verdict .answer', { hasText: '交付済' }).waitFor();
    const isLetter = (url: string) => /\/letters\/\d+\.pdf$/.test(url);
    const letter = page.context().waitForEvent('request', (request) => isLetter(request.url()));
    await pressAndCount('F8');
    const answer = await page.request.get((await letter).url());
    expect(answer.headers()['content-type']).toContain('pdf');
    expect(keys).toBeLessThanOrEqual(MOST_KEYS);
    console.log(`issue with a letter, ${who}: ${keys} keys`);
  });
});

describe('the desk in a browser', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => (served ??= testContext(used.db));
  const pages = useBrowser(context);

  test('a double click records once; a colleague in between is shown side by side', async () => {
    const personId = await makePerson(context(), { name: '二重　花', kana: 'にじゅう はな' });
    const { loginName } = await makeAccount(context(), 'clerk');
    const page = await pages.signIn(loginName);
    await page.goto(`${pages.base}/people/${personId}/passes/new`);
    await page.getByRole('button', { name: /交付を記録する/ }).dblclick();
    await page.locator('.verdict .answer', { hasText: '交付済' }).waitFor();
    const passes = await used.db.selectFrom('pass').select('id').where('personId', '=', personId).execute();
    expect(passes.length).toBe(1);

    const colleague = await pages.signIn((await makeAccount(context(), 'clerk')).loginName);
    await colleague.goto(`${pages.base}/people/${personId}`);
    for (const [tab, phone] of [
      [page, '03-1111-2222'],
      [colleague, '03-3333-4444'],
    ] as const) {
      await tab.locator('input[name="phone"]').fill(phone);
      await tab.getByRole('button', { name: '電話番号を保存する' }).click();
      await tab.waitForLoadState();
    }
    await colleague.getByRole('heading', { name: 'ほかの職員の変更と重なりました' }).waitFor();
    await keepScreenshot(colleague, 'conflict');
    const row = colleague.getByRole('row', { name: /電話番号/ });
    expect(await row.innerText()).toMatch(/03-1111-2222[\s\S]*03-3333-4444/);
    await colleague.getByRole('button', { name: '入力した内容で保存し直す' }).click();
    await colleague.waitForURL(`**/people/${personId}`);
    expect(await colleague.locator('input[name="phone"]').inputValue()).toBe('03-3333-4444');
  });

  test('what was typed survives a session that ran out, and goes out only when asked', async () => {
    const personId = await makePerson(context(), { name: '期限　花', kana: 'きげん はな' });
    const { loginName } = await makeAccount(context(), 'clerk');
    const page = await pages.signIn(loginName);
    await page.goto(`${pages.base}/people/${personId}/circumstances`);
    await page.locator('input[name="kind"][value="other"]').check();
    await page.fill('#ground', '長い聞き取りの内容');
    context().clock.set('2026-11-20T02:30:00.000Z');
    await press(page, 'F12');
    await page.getByText('残っています').waitFor();
    await page.fill('#loginName', loginName);
    await page.fill('#password', TEST_PASSWORD);
    await press(page, 'Enter');
    await page.getByRole('heading', { name: '送られていない入力' }).waitFor();
    await keepScreenshot(page, 'unsent');
    expect(await page.locator('main').innerText()).toContain('長い聞き取りの内容');
    const held = async () =>
      (await used.db.selectFrom('circumstance').select('ground').where('personId', '=', personId).execute())
        .length;
    expect(await held()).toBe(0);
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}/circumstances`);
    expect(await held()).toBe(1);
  });
});
