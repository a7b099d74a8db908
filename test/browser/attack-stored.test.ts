import { once } from 'node:events';
import type { Server } from 'node:http';
import { sql } from 'kysely';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { TEST_PASSWORD, testContext } from '../support/app.ts';
import { launchBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/databases.ts';
import { crawl } from '../support/walk.ts';
import { everyRole, makeWorld, tableNames } from '../support/world.ts';

/** Breaks out of an element, an attribute in either quotes, a text area, a title and a style, wherever it lands. */
const payload = (mark: string) =>
  `"><script>alert(1)</script>' onmouseover='alert(1)' autofocus onfocus='alert(1)` +
  `</textarea></title></style></select><svg onload=alert(1)><img src=x onerror=alert(1)>${mark}`;

// Texts that only the program writes and reads as a code, a digest or a day: what stands in them is never
// anybody's words, and a wrong one stops the page before it can be shown.
const CODES =
  /^(schema_version|session|audit_head|sign_in_failure)\.|\.(\w+_on|\w+_at|status|kind|\w*_?hash|\w*digest|\w+_sha256|\w*salt|outcome|severity|report|content|details|role|\w*office_code|code|login_name|form_key|delivery_method|right_name|birth_code|birth_wareki|requested_by|decided_by)$/;
// Each of these is shown somewhere: if it is not, the crawl has missed a page and proves nothing.
const SHOWN = [
  'person.name',
  'person.kana',
  'person.address',
  'person.phone',
  'office.name',
  'account.display_name',
];

describe('values of the database in a real browser', () => {
  const used = useDatabase('sqlite');
  let server: Server;
  let browser: Browser;
  // One for all: this Chromium runs in a single process, which ends with the first context that is closed.
  let tab: BrowserContext;
  let origin: string;
  const seeded: string[] = [];

  beforeAll(async () => {
    await makeWorld(testContext(used.db));
    server = createApp(testContext(used.db)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    browser = await launchBrowser();
    tab = await browser.newContext();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Puts the payload into every text column that takes it; triggers and checks keep it out of the others. */
  async function seed(): Promise<void> {
    for (const table of await tableNames(used.db)) {
      const { rows } = await sql<{ name: string; type: string }>`
        select name, type from pragma_table_info(${table})`.execute(used.db);
      for (const { name } of rows.filter(({ type }) => type.toLowerCase() === 'text')) {
        const mark = `${table}.${name}`;
        if (CODES.test(mark)) continue;
        try {
          await used.db.transaction().execute(async (trx) => {
            await sql`update ${sql.table(table)} set ${sql.ref(name)} = ${payload(mark)}`.execute(trx);
          });
          seeded.push(mark);
        } catch {
          // A check, a unique constraint or the guard of the record of acts.
        }
      }
    }
  }

  test('stay text on every page that any role may open', async () => {
    const context = testContext(used.db);
    const visitors = await everyRole(context);
    await seed();
    const shown = new Set<string>();
    const visited = new Set<string>();
    for (const { role, visitor } of visitors) {
      const { answers } = await crawl(context, async (path) => await visitor.get(path));
      const pages = answers.filter(
        ({ path, response }) =>
          response.type.includes('html') && response.status === 200 && !visited.has(path),
      );
      const broken = answers.filter(({ response }) => response.status >= 500).map(({ path }) => path);
      expect([role, broken]).toEqual([role, []]);

      const page = await tab.newPage();
      await tab.clearCookies();
      const alarms: string[] = [];
      page.on('dialog', async (dialog) => {
        alarms.push(`dialog: ${dialog.message()}`);
        await dialog.dismiss();
      });
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) alarms.push(message.text());
      });
      page.on('pageerror', (error) => alarms.push(String(error)));
      await page.goto(`${origin}/sign-in`);
      await page.fill('[name=loginName]', visitor.account.loginName);
      await page.fill('[name=password]', TEST_PASSWORD);
      await Promise.all([page.waitForURL(`${origin}/`), page.press('[name=password]', 'Enter')]);
      for (const { path } of pages) {
        visited.add(path);
        await page.goto(origin + path);
        const injected = await page.evaluate(() => ({
          images: document.querySelectorAll('img[src="x"], svg[onload]').length,
          scripts: [...document.scripts].filter((script) => script.src === '').length,
          handlers: [...document.querySelectorAll('*')].filter((one) =>
            one.getAttributeNames().some((name) => name.startsWith('on')),
          ).length,
          text: document.body.innerHTML,
        }));
        const { text, ...counts } = injected;
        expect([role, path, counts, alarms]).toEqual([
          role,
          path,
          { images: 0, scripts: 0, handlers: 0 },
          [],
        ]);
        for (const mark of seeded) if (text.includes(mark)) shown.add(mark);
      }
      await page.close();
    }
    expect(seeded).toEqual(expect.arrayContaining(SHOWN));
    expect(
      SHOWN.filter((mark) => !shown.has(mark)),
      'not seen on any page',
    ).toEqual([]);
  }, 180_000);
});
