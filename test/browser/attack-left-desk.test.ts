import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { makeAccount, TEST_PASSWORD, testContext } from '../support/app.ts';
import { launchBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

describe('a desk that was left', () => {
  const used = useDatabase('sqlite');
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    server = createApp(testContext(used.db)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('after signing out the back button shows no person', async () => {
    const context = testContext(used.db);
    const { loginName } = await makeAccount(context, 'clerk');
    const personId = await makePerson(context, { name: '鶴亀　金糸雀' });
    const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}/sign-in`);
    await page.fill('[name=loginName]', loginName);
    await page.fill('[name=password]', TEST_PASSWORD);
    await Promise.all([page.waitForURL(`${origin}/`), page.press('[name=password]', 'Enter')]);
    await page.goto(`${origin}/people/${personId}`);
    expect(await page.textContent('body')).toContain('鶴亀');
    await Promise.all([page.waitForURL(`${origin}/sign-in`), page.click('form[action="/sign-out"] button')]);
    await page.goBack({ waitUntil: 'load' });
    expect(await page.textContent('body')).not.toContain('鶴亀');
    expect(page.url()).toBe(`${origin}/sign-in`);
  });
});
