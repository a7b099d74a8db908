import { describe, expect, test } from 'vitest';
import { makeAccount, testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { readPdf } from '../support/pdf.ts';
import { importPeople, makePerson } from '../support/people.ts';

describe('a clerk at the desk, by keyboard alone', () => {
  const used = useDatabase('sqlite');
  const pages = useBrowser(() => testContext(used.db));

  test('signs in, finds a person, issues, sees the letter and the list', async () => {
    const context = testContext(used.db);
    await importPeople(context, 200);
    await makePerson(context, { name: '入船　湯子', kana: 'いりふね ゆこ' });
    const { loginName } = await makeAccount(context, 'clerk');

    const page = await pages.signIn(loginName);
    await press(page, 'F2');
    await page.keyboard.type('いりふね 330401');
    await press(page, 'Enter');
    await page.getByRole('link', { name: '入船　湯子' }).waitFor();
    await keepScreenshot(page, 'search');

    await press(page, 'Enter');
    await page.waitForURL(/\/people\/\d+$/);
    await page.locator('.verdict .answer', { hasText: '交付可' }).waitFor();
    expect(page.url()).not.toMatch(/いりふね|%E3/);

    await press(page, 'F9');
    await page.getByRole('heading', { name: '入浴証の交付' }).waitFor();
    await keepScreenshot(page, 'issue');
    await press(page, 'F12');
    await page.locator('.verdict .answer', { hasText: '交付済' }).waitFor();
    await keepScreenshot(page, 'person');

    // Headless Chromium saves a PDF instead of showing it; what it asked for is the letter all the same.
    const isLetter = (url: string) => /\/letters\/\d+\.pdf$/.test(url);
    const asked = page.context().waitForEvent('request', (request) => isLetter(request.url()));
    await press(page, 'F8');
    const bytes = await page.request.get((await asked).url());
    const pdf = await readPdf(await bytes.body());
    expect(pdf.text).toContain('入船');
    expect(pdf.text).toContain('26-000001');

    await page.goto(`${pages.base}/daily-lists`);
    await expect(page.locator('table').last().innerText()).resolves.toMatch(
      /交付[\s\S]*入船　湯子[\s\S]*26-000001/,
    );
    await keepScreenshot(page, 'daily-list');
  });
});
