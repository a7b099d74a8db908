import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../server/accounts/rights.ts';
import { makeAccount, testContext } from '../support/app.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, useBrowser } from '../support/pages.ts';
import { makeWorldOfScreens, type Screen, screensOf } from '../support/screens.ts';

const OFFICE_SCREEN = { width: 1366, height: 768 };
/** Some fifty screens, half a second each on a machine with nothing else to do. */
const LONG = { timeout: 300_000 };
/** The office screen at 200 % zoom. */
const ZOOMED = { width: 683, height: 384 };

// A new route is looked at here as soon as it is there.
describe('every screen', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => (served ??= testContext(used.db));
  const pages = useBrowser(context);
  const opened = new Map<Role | undefined, Page>();
  let screens: Screen[];
  beforeAll(async () => {
    await makeWorldOfScreens(context());
    screens = await screensOf(context());
  });

  const pageFor = async (role: Role | undefined) => {
    const known = opened.get(role);
    if (known !== undefined) return known;
    const page =
      role === undefined
        ? await pages.open()
        : await pages.signIn((await makeAccount(context(), role)).loginName);
    opened.set(role, page);
    if (role === 'supervisor') {
      await page.fill('#terms', 'しんじゅく');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/search');
    }
    return page;
  };
  const sidewaysScroll = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  /** Keys that no label shows, or that two things on the page answer to. */
  const keyFaults = (page: Page) =>
    page.evaluate(() => {
      const named = [...document.querySelectorAll<HTMLElement>('[data-key], [accesskey]')];
      const keyOf = (one: HTMLElement) => one.dataset.key ?? `Alt+${one.accessKey.toUpperCase()}`;
      const labelOf = (one: HTMLElement) =>
        one instanceof HTMLInputElement ? (one.labels?.[0]?.textContent ?? '') : (one.textContent ?? '');
      const keys = named.map(keyOf);
      const hidden = named.filter((one) => !labelOf(one).includes(keyOf(one))).map(keyOf);
      return [
        ...hidden.map((key) => `${key} is not shown`),
        ...keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `${key} is there twice`),
      ];
    });
  const everywhere = async (look: (page: Page, screen: Screen) => Promise<string[]>) => {
    const faults: string[] = [];
    for (const screen of screens) {
      const page = await pageFor(screen.role);
      const answer = await page.goto(`${pages.base}${screen.path}`);
      if (answer?.status() !== 200) faults.push(`${screen.route}: ${answer?.status()}`);
      faults.push(...(await look(page, screen)).map((fault) => `${screen.route}: ${fault}`));
    }
    return faults;
  };

  test(
    'is accessible as far as axe can tell, fits the office screen in its width, and shows its keys',
    LONG,
    async () => {
      const faults = await everywhere(async (page, { route }) => {
        await page.setViewportSize(OFFICE_SCREEN);
        await keepScreenshot(page, `screen${route.replace(/\W+/g, '-')}`);
        const wide = await sidewaysScroll(page);
        const tooWide = wide === 0 ? [] : [`${wide} px too wide`];
        return [...(await accessibilityFaults(page)), ...tooWide, ...(await keyFaults(page))];
      });
      expect(faults).toEqual([]);
    },
  );

  test('fits its width at 200 % zoom as well', LONG, async () => {
    const faults = await everywhere(async (page) => {
      await page.setViewportSize(ZOOMED);
      const wide = await sidewaysScroll(page);
      return wide === 0 ? [] : [`${wide} px too wide`];
    });
    expect(faults).toEqual([]);
  });
});
