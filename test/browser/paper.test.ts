import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { makePass } from '../letters/make-pass.ts';
import { makeAccount, testContext } from '../support/app.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { makePerson } from '../support/people.ts';

describe('paper in a browser', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => {
    served ??= testContext(used.db);
    Object.assign(served.config, { databaseUrl: used.url });
    return served;
  };
  const pages = useBrowser(context);
  let clerk: Page;
  let hidden: number;

  beforeAll(async () => {
    for (const name of ['新宿　一子', '新宿　二郎', '長い　方書']) {
      const building = name === '長い　方書' ? 'コーポラス新宿御苑パークサイド'.repeat(5) : '';
      await makePass(context(), await makePerson(context(), { name, building }));
    }
    hidden = await makePerson(context(), { name: '守谷　隠' });
    await makePass(context(), hidden);
    clerk = await pages.signIn((await makeAccount(context(), 'clerk')).loginName);
  });

  const look = async (page: Page, name: string) => {
    await page.waitForLoadState();
    await keepScreenshot(page, `paper-${name}`);
    expect(await accessibilityFaults(page), name).toEqual([]);
  };
  const isPdf = async (page: Page, link: string) => {
    const answer = await page.request.get(`${pages.base}${link}`);
    expect(answer.headers()['content-type']).toBe('application/pdf');
  };

  test('a batch is made, printed and opened by keys; a file that somebody’s protection closed is made anew', async () => {
    await clerk.goto(`${pages.base}/letter-batches`);
    await look(clerk, 'batches');
    await press(clerk, 'F12');
    await clerk.waitForURL(/\/letter-batches\/\d+$/);
    await look(clerk, 'batch-made');
    await press(clerk, 'F8');
    const file = clerk.locator('a[href^="/print-runs/"]');
    await file.waitFor();
    await clerk.getByText('3通　保留1通　残り0通').waitFor();
    await look(clerk, 'batch-printed');
    await isPdf(clerk, (await file.getAttribute('href'))!);

    await used.db.updateTable('person').set({ isProtected: 1 }).where('id', '=', hidden).execute();
    await clerk.reload();
    expect(await file.count()).toBe(0);
    await look(clerk, 'batch-closed');
    await clerk.fill('#reason', '印刷の前に申出があったため');
    await press(clerk, 'Tab');
    const old = clerk.url();
    await press(clerk, 'Enter');
    await clerk.waitForURL((url) => /\/letter-batches\/\d+$/.test(url.href) && url.href !== old);
    await look(clerk, 'batch-remade');
    expect(await clerk.locator('main').innerText()).toContain('保留1通　残り2通');
  });

  test('labels are printed by keys and say whom they leave out; the held stand on their list', async () => {
    await clerk.goto(`${pages.base}/labels`);
    await look(clerk, 'labels');
    await clerk.focus('#reason');
    await clerk.keyboard.type('11月20日分の発送');
    await press(clerk, 'F8');
    await clerk.waitForURL(/\/print-runs\/\d+$/);
    await look(clerk, 'labels-printed');
    const said = await clerk.locator('main').innerText();
    expect(said).toContain('印字しなかった人（2人）');
    expect(said).toMatch(/長い　方書[\s\S]*文字超過/);
    expect(said).toMatch(/守谷　隠[\s\S]*支援措置等/);
    const pdf = clerk.locator('[data-key="F8"]');
    expect(await pdf.evaluate((link) => document.activeElement === link)).toBe(true);
    await isPdf(clerk, (await pdf.getAttribute('href'))!);
    await clerk.getByText('印字した人（2人）').press('Enter');
    await look(clerk, 'labels-people');
    await clerk.goto(`${pages.base}/letters/held`);
    await look(clerk, 'held');
  });

  test('postcards without a purpose are refused beside the field', async () => {
    await clerk.goto(`${pages.base}/labels`);
    await press(clerk, 'F9');
    await clerk.getByRole('alert').waitFor();
    expect(await clerk.locator('#cardReason').getAttribute('aria-invalid')).toBe('true');
    await look(clerk, 'postcards-refused');
  });

  test('a day’s list is turned by keys, narrowed, and checked', async () => {
    const supervisor = await pages.signIn((await makeAccount(context(), 'supervisor')).loginName);
    await supervisor.goto(`${pages.base}/daily-lists`);
    await supervisor.waitForURL('**/daily-lists/2026-11-20');
    await look(supervisor, 'daily-list');
    await press(supervisor, 'F10');
    await supervisor.waitForURL('**/daily-lists/2026-11-19');
    await supervisor.getByRole('button', { name: 'リストを照合済みにする' }).press('Enter');
    await supervisor.getByText('照合済み・締め待ち').waitFor();
    await look(supervisor, 'daily-list-checked');
    await press(supervisor, 'F12');
    await supervisor.getByRole('alert').waitFor();
    expect(await supervisor.getByRole('alert').innerText()).toContain('照合をした本人');
    await press(supervisor, 'F11');
    await supervisor.waitForURL('**/daily-lists/2026-11-20');
    await supervisor.selectOption('#kind', { index: 1 });
    await press(supervisor, 'F9');
    await supervisor.waitForURL(/kind=/);
  });

  test('lists and statistics answer to F9', async () => {
    await clerk.goto(`${pages.base}/lists`);
    await look(clerk, 'lists');
    await clerk.goto(`${pages.base}/lists/issue-ledger`);
    await press(clerk, 'F9');
    await clerk.waitForURL(/issue-ledger\?/);
    await look(clerk, 'list');
    await clerk.goto(`${pages.base}/statistics`);
    await press(clerk, 'F9');
    await clerk.waitForURL(/statistics\?/);
    await look(clerk, 'statistics');
  });

  test('the log, the wordings and the menu', async () => {
    const administrator = await pages.signIn((await makeAccount(context(), 'administrator')).loginName);
    for (const [page, path, name] of [
      [clerk, '/letters', 'menu'],
      [clerk, '/print-log', 'log'],
      [administrator, '/letter-templates', 'wordings'],
      [administrator, '/letter-templates/new', 'wording'],
    ] as const) {
      await page.goto(`${pages.base}${path}`);
      await look(page, name);
    }
    await clerk.fill('#words', '申出');
    await press(clerk, 'F9');
    await clerk.getByText('0件').waitFor();
    await administrator.goto(`${pages.base}/letter-templates`);
    const form = administrator.locator('form[action="/printers"]').last();
    await form.locator('[name="name"]').fill('窓口プリンター');
    await form.locator('[name="name"]').press('Enter');
    await administrator.getByText('位置調整用紙を開く').waitFor();
    await look(administrator, 'printers');
    // Each printer has fields of its own, which a wrong offset is told beside.
    await administrator.getByRole('form', { name: '窓口プリンター' }).getByLabel('右へ').fill('右');
    await press(administrator, 'Enter');
    await administrator.getByRole('alert').waitFor();
    const wrong = administrator.getByRole('form', { name: '窓口プリンター' }).getByLabel('右へ');
    expect([await wrong.inputValue(), await wrong.getAttribute('aria-invalid')]).toEqual(['右', 'true']);
    expect(await administrator.locator('[aria-invalid]').count()).toBe(1);
  });
});
