import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ROLES } from '../../server/accounts/rights.ts';
import { makeAccount, testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { makePerson } from '../support/people.ts';

describe('the menu and the keys of every screen', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => (served ??= testContext(used.db));
  const pages = useBrowser(context);

  const heightOfHead = async (page: Page) => (await page.locator('header.top').boundingBox())!.height;
  const focused = (page: Page) => page.evaluate('document.activeElement.textContent.trim()');

  test.each(ROLES)('is one row at 1366 pixels for %s', async (role) => {
    const page = await pages.signIn((await makeAccount(context(), role)).loginName);
    expect(await heightOfHead(page)).toBeLessThan(64);
    if (role !== 'supervisor') return;
    await keepScreenshot(page, 'home');
    await page.goto(`${pages.base}/lookup`);
    expect(await heightOfHead(page)).toBeLessThan(64);
  });

  test('Alt+M opens the menu, the arrows move in it, Escape leaves it', async () => {
    const page = await pages.signIn((await makeAccount(context(), 'supervisor')).loginName);
    const isOpen = () => page.locator('.menu').evaluate((menu) => (menu as HTMLDetailsElement).open);
    await press(page, 'Alt+m');
    expect(await isOpen()).toBe(true);
    await keepScreenshot(page, 'menu');
    await press(page, 'ArrowDown');
    await press(page, 'ArrowDown');
    expect(await focused(page)).toBe('消滅・要確認');
    await press(page, 'Escape');
    expect(await isOpen()).toBe(false);
    await press(page, 'Alt+m');
    await page.locator('main').focus();
    expect(await isOpen(), 'leaving it closes it').toBe(false);
    await press(page, 'Alt+m');
    for (let at = 0; at < 4; at += 1) await press(page, 'ArrowDown');
    await press(page, 'Enter');
    await page.waitForURL(`${pages.base}/lists`);
  });

  test('without a script the menu opens by Enter and its links are reached by Tab', async () => {
    const { loginName } = await makeAccount(context(), 'clerk');
    const page = await pages.signIn(loginName, { javaScriptEnabled: false });
    await page.locator('.menu summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${pages.base}/returned-mail`);
  });

  test('Enter moves on from field to field, past what is hidden and one stop for each choice', async () => {
    const personId = await makePerson(context(), { name: '順路　花', kana: 'じゅんろ はな' });
    const page = await pages.signIn((await makeAccount(context(), 'clerk')).loginName);
    const walk = async (from: string) => {
      await page.locator(from).focus();
      const stops: unknown[] = [];
      while (stops.length < 20 && stops.at(-1) !== 'button') {
        await press(page, 'Enter');
        stops.push(await page.evaluate('document.activeElement.name || document.activeElement.localName'));
      }
      return stops;
    };
    await page.goto(`${pages.base}/people/${personId}/passes/new`);
    const toApplicant = [
      'appliedOn',
      'issuedOn',
      'officeCode',
      'deliveryMethod',
      'documentSeen',
      'documentNote',
    ];
    expect(await walk('[name="kind"]:checked')).toEqual([...toApplicant, 'applicant', 'button']);
    await page.locator('[name="applicant"][value="proxy"]').check();
    expect(await walk('[name="applicant"]:checked')).toEqual([
      'proxyName',
      'proxyRelation',
      'proxyDocument',
      'button',
    ]);
  });

  test('a date is read back in full when its field is left', async () => {
    const personId = await makePerson(context(), { name: '日付　花', kana: 'ひづけ はな' });
    const page = await pages.signIn((await makeAccount(context(), 'clerk')).loginName);
    await page.goto(`${pages.base}/people/${personId}/passes/new`);
    const support = page.locator('#issuedOn-support');
    for (const [typed, said] of [
      ['5081119', '令和8年11月19日（木）'],
      ['平３１．４．３０', '平成31年4月30日（火）'],
      ['20260230', '例）R8.11.20'],
    ] as const) {
      await page.fill('#issuedOn', typed);
      await press(page, 'Tab');
      await expect.poll(() => support.innerText()).toBe(said);
    }
  });
});
