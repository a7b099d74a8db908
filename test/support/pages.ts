import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { AppContext } from '../../server/context.ts';
import { TEST_PASSWORD } from './app.ts';
import { launchBrowser } from './browser.ts';

const OFFICE_SCREEN = { width: 1366, height: 768 };
const SCREENSHOTS = join(import.meta.dirname, '../../test-results/screenshots');

/** A served application and a browser for the tests of a `describe` block. */
export function useBrowser(context: () => AppContext): {
  open(options?: BrowserContextOptions): Promise<Page>;
  signIn(loginName: string, options?: BrowserContextOptions): Promise<Page>;
  readonly base: string;
} {
  let browser: Browser;
  let base: string;
  let close: () => void;
  beforeAll(async () => {
    const server = createServer(createApp(context())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => {
      server.close();
      server.closeAllConnections();
    };
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    close?.();
  });
  const open = async (options: BrowserContextOptions = {}) => {
    const page = await browser.newPage({ viewport: OFFICE_SCREEN, locale: 'ja-JP', ...options });
    page.on('pageerror', (error) => {
      throw error;
    });
    return page;
  };
  return {
    open,
    async signIn(loginName, options) {
      const page = await open(options);
      await page.goto(`${base}/sign-in`);
      await page.fill('#loginName', loginName);
      await page.fill('#password', TEST_PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${base}/`);
      return page;
    },
    get base() {
      return base;
    },
  };
}

/** Keeps what a page looks like among the test's artefacts. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Presses a key once the page and its scripts are there; before that nobody listens to function keys. */
export async function press(page: Page, key: string): Promise<void> {
  await page.waitForLoadState();
  await page.keyboard.press(key);
}
