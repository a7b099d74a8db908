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
    expect(await page.content()).not.toContain('１２番５号');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'lookup-answer');

    await press(page, 'F7');
    await page.getByText('１２番５号').waitFor();
    await press(page, 'F9');
    await page.locator('.verdict .answer', { hasText: '交付済' }).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'person-after-lookup');
    expect(page.url()).not.toMatch(/%E3|[ぁ-ん]/);

    await press(page, 'F3');
    await page.locator('#terms:focus').waitFor();
    expect(await page.locator('#officeCode').inputValue()).toBe('03');
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
