import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { createApp } from '../../server/app.ts';
import { settleBackground } from '../../server/host-import/background.ts';
import { makeAccount, TEST_PASSWORD, testContext } from '../support/app.ts';
import { launchBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese, writeExtract } from '../support/extracts.ts';
import { press } from '../support/pages.ts';

const SHOTS = process.env.SCREENSHOTS;

describe('in a browser: a held run, a second person, the undoing', () => {
  const used = useDatabase('sqlite');
  let browser: Browser;
  let address: string;
  let close: () => void;
  let people: Person[];
  let context: ReturnType<typeof testContext>;
  const accounts: string[] = [];

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(2000);
    await importThese(context, people, '2026-09-30');
    await importThese(context, people.slice(4).map(moved(11)), BASES[0]);
    await importThese(context, people.slice(2).map(moved(23)), BASES[1]);
    accounts.push(
      (await makeAccount(context, 'clerk')).loginName,
      (await makeAccount(context, 'supervisor')).loginName,
    );
    const server = createApp(context).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => server.close();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await settleBackground();
    await browser.close();
    close();
  });

  const moved = (step: number) => (one: Person, at: number) =>
    at % (step * 20) === 0 ? { ...one, building: `新宿荘${step}` } : one;

  async function signIn(loginName: string): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    await page.goto(`${address}/sign-in`);
    await page.fill('#loginName', loginName);
    await page.fill('#password', TEST_PASSWORD);
    await page.press('#password', 'Enter');
    await page.waitForURL(`${address}/`);
    return page;
  }

  async function shot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }

  test('hold → second person → apply → undo', async () => {
    const [clerkName, supervisorName] = accounts as [string, string];
    const clerk = await signIn(clerkName);
    await clerk.goto(`${address}/imports`);
    await shot(clerk, '1-history');
    await press(clerk, 'F9');
    await clerk.waitForURL('**/imports/new');
    await shot(clerk, '2-new');
    const wrong = people.map((one, at) => ({ ...one, address: people[(at + 1) % people.length]!.address }));
    await clerk.setInputFiles('#file', await writeExtract(wrong, BASES[2]));
    await press(clerk, 'F12');
    await clerk.waitForURL(/\/imports\/\d+$/);
    await shot(clerk, '3-running');
    await clerk.getByText('この取込はまだ何も反映していません').waitFor({ timeout: 40_000 });
    await shot(clerk, '4-held-clerk');
    expect(await clerk.getByRole('button', { name: '承認して反映する' }).count()).toBe(0);
    await clerk.getByRole('link', { name: '差分を見る' }).first().click();
    await shot(clerk, '5-differences');

    const second = await signIn(supervisorName);
    await shot(second, '6-home');
    await second.getByRole('link', { name: /取込番号\d+を確かめる/ }).click();
    await second.getByRole('button', { name: '承認して反映する' }).click();
    await second.getByText('理由を入力してください').first().waitFor();
    await second.fill('#reason', '住居表示の実施による変更と確認した');
    await shot(second, '7-approve');
    await second.getByRole('button', { name: '承認して反映する' }).click();
    await second.locator('.state.applied').waitFor({ timeout: 40_000 });
    await shot(second, '8-applied');
    await second.getByText('この取込を取り消す').click();
    await second.fill('#reason', '住所の列が一行ずれていた');
    await second.getByRole('button', { name: '取込を取り消す' }).click();
    await second.locator('.state.undone').waitFor({ timeout: 40_000 });
    await shot(second, '9-undone');

    await second.goto(`${address}/gone`);
    await shot(second, '10-gone');
    await second.goto(`${address}/gaiji`);
    await shot(second, '11-gaiji');
    await second.goto(`${address}/imports/4/gaiji`);
    await shot(second, '12-gaiji-of-run');
  }, 240_000);
});
