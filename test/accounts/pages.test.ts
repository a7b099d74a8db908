import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { addRight } from '../../server/accounts/added-right.ts';
import { makeAccount, TEST_PASSWORD, testActor, testContext } from '../support/app.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { useDatabase } from '../support/databases.ts';
import { useBrowser } from '../support/pages.ts';

describe('the pages of accounts, rights and settings in a browser', () => {
  const used = useDatabase('sqlite');
  const browser = useBrowser(() => testContext(used.db));
  let page: Page;
  let clerkId: number;

  beforeAll(async () => {
    const context = testContext(used.db);
    const administrator = await makeAccount(context, 'administrator', { loginName: 'kanri' });
    const clerk = await makeAccount(context, 'clerk', { loginName: 'tanto' });
    clerkId = clerk.id;
    const actor = testActor(context, { accountId: administrator.id });
    const period = { startsOn: '2026-11-20', endsOn: '2027-03-31', ground: '一斉発送の応援' };
    await addRight(used.db, actor, { accountId: clerkId, right: 'export', ...period });
    page = await browser.open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  const open = async (path: string) => {
    await page.goto(browser.base + path);
    return page;
  };

  test.each(['/sign-in', '/first-password'])('%s is accessible before signing in', async (path) => {
    expect(await accessibilityFaults(await open(path))).toEqual([]);
  });

  test('signing in by the keyboard alone, the password pasted', async () => {
    await open('/sign-in');
    await page.waitForSelector('#loginName:focus');
    await page.keyboard.type('kanri');
    await page.keyboard.press('Tab');
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(TEST_PASSWORD)})`);
    await page.keyboard.press('Control+V');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${browser.base}/`);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test.each([
    ['職員アカウント', () => '/accounts'],
    ['職員アカウントの登録', () => '/accounts/new'],
    ['職員アカウントの内容', () => `/accounts/${clerkId}`],
    ['権限一覧表', () => '/rights'],
    ['パスワードの変更', () => '/password'],
    ['設定', () => '/settings'],
  ])('%s is accessible and fits its width', async (heading, path) => {
    await open(path());
    expect(await page.locator('h1').textContent()).toBe(heading);
    expect(await accessibilityFaults(page)).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
  });

  test('what is wrong is tied to its field, and the code of a new account is accessible', async () => {
    await open('/accounts/new');
    await page.keyboard.press('F12');
    await page.waitForSelector('[role=alert]');
    expect(await page.getAttribute('#loginName', 'aria-invalid')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.fill('#loginName', 'shinjin');
    await page.fill('#displayName', '新人　花子');
    await page.selectOption('#role', 'clerk');
    await page.fill('#validFromOn', 'R8.11.20');
    await page.keyboard.press('F12');
    await page.waitForSelector('.code');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('the table of rights prints on its own, without menu and buttons', async () => {
    await open('/rights');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header.top').isVisible()).toBe(false);
    expect(await page.getByText('一斉発送の応援').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });
});
