import { describe, expect, test } from 'vitest';
import { makeAccount, testContext } from '../support/app.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { importPeople, makePerson } from '../support/people.ts';

describe('an answer on the telephone, by keyboard alone', () => {
  const used = useDatabase('sqlite');
  const pages = useBrowser(() => testContext(used.db));

  test('asks, picks one of several, shows the address with a reason, records the hand-over', async () => {
    const context = testContext(used.db);
    await importPeople(context, 300);
    await makePerson(context, {
      name: '入船　湯子',
      kana: 'いりふね ゆこ',
      address: '西新宿三丁目１２番５号',
    });
    await makePerson(context, { name: '入船　湯太', kana: 'いりふね ゆた' });
    const { loginName } = await makeAccount(context, 'clerk');
    const page = await pages.signIn(loginName);

    await press(page, 'F3');
    await page.locator('#officeCode:focus').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.type('03');
    await press(page, 'F2');
    await page.keyboard.type('いりふね');
    await press(page, 'Enter');
    await page.locator('[data-pick]:focus').waitFor();
    expect(await page.locator('[data-pick]').count()).toBe(2);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'lookup-several');
    await press(page, 'ArrowDown');
    expect(await page.locator('[data-pick]:focus').innerText()).toContain('湯太');
    await press(page, '1');
    await page.locator('.verdict .answer', { hasText: '交付可' }).waitFor();
    await page.locator('#terms:focus').waitFor();
    await page.waitForLoadState();
    expect(await page.evaluate('getSelection().toString()'), 'typed over by the next name').toBe('いりふね');
    expect(await page.content()).not.toContain('１２番５号');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'lookup-answer');

    await press(page, 'F7');
    await page.getByText('１２番５号').waitFor();
    await press(page, 'F9');
    await page.getByText('交付を記録しました。').waitFor();
    await page.locator('#terms:focus').waitFor();
    expect(page.url()).toBe(`${pages.base}/lookup`);
    expect(await page.locator('.banner').innerText()).toMatch(
      /入船　湯子[\s\S]*26-000001[\s\S]*榎町特別出張所/,
    );
    expect(await page.locator('#terms').inputValue()).toBe('');
    expect(await page.locator('#officeCode').inputValue()).toBe('03');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'lookup-recorded');

    await page.keyboard.type('いりふね ゆこ');
    await press(page, 'Enter');
    await page.locator('.verdict .answer', { hasText: '交付済' }).waitFor();
    await press(page, 'F3');
    await page.locator('#terms:focus').waitFor();
    expect(await page.getByText('交付を記録しました。').count(), 'told once').toBe(0);
  });

  test('a list is sorted by its headings and opened by number; every screen has its help', async () => {
    const { loginName } = await makeAccount(testContext(used.db), 'clerk');
    const page = await pages.signIn(loginName);
    await press(page, 'F2');
    await page.keyboard.type('入船');
    await press(page, 'Enter');
    await page.locator('[data-pick]:focus').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'search-several');
    const names = () => page.locator('tbody [data-pick]').allInnerTexts();
    const [first, second] = await names();
    await page.getByRole('button', { name: '氏名' }).click();
    expect(await names()).toEqual([second, first]);
    await page.getByRole('button', { name: '氏名' }).click();
    expect(await names()).toEqual([first, second]);
    await page.locator('[data-pick]').first().focus();
    await press(page, '2');
    await page.getByRole('heading', { name: second! }).waitFor();

    for (const screen of ['home', 'search', 'lookup', 'person']) {
      await page.goto(`${pages.base}/help/${screen}`);
      expect(await accessibilityFaults(page), screen).toEqual([]);
    }
  });
});

describe('the list of a search and who is chosen in it', () => {
  const used = useDatabase('sqlite');
  const pages = useBrowser(() => testContext(used.db));
  const viewed = async () =>
    (await used.db.selectFrom('auditEvent').select('personId').where('kind', '=', 'person.viewed').execute())
      .map(({ personId }) => personId)
      .sort();

  test('the arrows show a summary beside the list, on record; the way back from a person is the list', async () => {
    const context = testContext(used.db);
    const first = await makePerson(context, { name: '横並　一', kana: 'よこならび いち' });
    const second = await makePerson(context, {
      name: '横並　二',
      kana: 'よこならび に',
      goneOn: '2026-10-31',
    });
    const third = await makePerson(context, { name: '横並　三', kana: 'よこならび さん' });
    const { loginName } = await makeAccount(context, 'clerk');
    const page = await pages.signIn(loginName);
    await press(page, 'F2');
    await page.keyboard.type('よこならび');
    await press(page, 'Enter');
    await page.locator('[data-pick]:focus').waitFor();
    expect(await viewed(), 'nobody is chosen for the clerk').toEqual([]);
    await press(page, 'ArrowDown');
    await page.locator('.summary .answer', { hasText: '交付可' }).waitFor();
    expect(await page.locator('.summary').innerText()).toContain('横並　三');
    await press(page, 'ArrowDown');
    await page.locator('.summary .answer', { hasText: '要確認' }).waitFor();
    expect(await page.locator('[data-pick]:focus').innerText()).toBe('横並　二');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'search-beside');
    await press(page, 'ArrowUp');
    await page.locator('.summary .answer', { hasText: '交付可' }).waitFor();
    expect(await viewed()).toEqual([second, third, third].sort());

    await press(page, 'F4');
    await page.waitForURL(`**/people/${third}`);
    await page.goBack();
    await page.locator('[data-pick]:focus').waitFor();
    expect(page.url()).toBe(`${pages.base}/search`);
    expect(await page.locator('[data-pick]').count()).toBe(3);
    await page.setViewportSize({ width: 1100, height: 768 });
    await press(page, 'ArrowDown');
    expect(await page.locator('.summary').isVisible(), 'no room, nobody is looked up').toBe(false);
    await page.setViewportSize({ width: 1366, height: 768 });
    await press(page, '1');
    await page.waitForURL(`**/people/${first}`);
  });

  test('one alone is shown at once; four digits are a number first and can be a year', async () => {
    const context = testContext(used.db);
    await makePerson(context, { name: '年　花', kana: 'ねん はな', residentNumber: '000000000001958' });
    const { loginName } = await makeAccount(context, 'clerk');
    const page = await pages.signIn(loginName);
    await press(page, 'F2');
    await page.keyboard.type('１９５８');
    await press(page, 'Enter');
    await page.locator('.summary .answer', { hasText: '交付可' }).waitFor();
    expect(await page.locator('.read-as').innerText()).toBe('整理番号1958、住民番号1958として探しました。');
    await page.getByRole('button', { name: '昭和33年（1958年）生まれの人を探す' }).click();
    await page.getByText('4人が当てはまりました。').waitFor();
    expect(await page.locator('.read-as').innerText()).toBe('昭和33年（1958年）生まれとして探しました。');
    await keepScreenshot(page, 'search-year');
  });
});
