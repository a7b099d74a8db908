import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../server/accounts/rights.ts';
import { HELP_PAGES } from '../../server/help/pages.ts';
import { signedIn, testContext, visitor } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { makeWorldOfScreens, type Screen, screensOf } from '../support/screens.ts';

/** Shorter, and a page says no more than its heading does. */
const LEAST_WORDS = 100;
/** What has the general help, and /unsent, which leads to the first page while nothing is left unsent. */
const GENERAL = ['/', '/help/:page', '/help/sign-in', '/unsent'];

describe('画面ごとのヘルプ', () => {
  const used = useDatabase('sqlite');
  const visitors = new Map<Role | undefined, ReturnType<typeof visitor>>();
  let screens: Screen[];
  const visitorFor = async (role: Role | undefined) => {
    const context = testContext(used.db);
    const known = visitors.get(role);
    if (known !== undefined) return known;
    const one = role === undefined ? visitor(context) : await signedIn(context, role);
    visitors.set(role, one);
    if (role === 'supervisor') await one.post('/search', { terms: 'しんじゅく' });
    return one;
  };
  const wordsOf = (html: string) => {
    const [, article = ''] = /<article class="help[^>]*>([\s\S]*)<\/article>/.exec(html) ?? [];
    return article.replace(/<[^>]*>|\s/g, '');
  };

  beforeAll(async () => {
    await makeWorldOfScreens(testContext(used.db));
    screens = await screensOf(testContext(used.db));
  });

  test('どの画面のF1も、その画面について書いたヘルプを開く', async () => {
    expect(screens.length).toBeGreaterThan(40);
    const faults: string[] = [];
    for (const { route, path, role } of screens) {
      const one = await visitorFor(role);
      const { text } = await one.agent.get(path).redirects(2);
      const address = /href="(\/help\/[\w-]+)" target="help" data-key="F1"/.exec(text)?.[1];
      if (address === undefined) {
        faults.push(`${route}: no link`);
        continue;
      }
      const help = await one.get(address);
      const length = wordsOf(help.text).length;
      const isGeneral = address === '/help/home' && !GENERAL.includes(route);
      if (help.status !== 200 || length < LEAST_WORDS || isGeneral) {
        faults.push(`${route}: ${address} ${help.status} ${length}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('どのヘルプにも画面があり、ヘルプの一覧に並ぶ', async () => {
    const paths = screens.map(({ path }) => path);
    for (const { screens: about, name } of HELP_PAGES) {
      expect(
        paths.some((path) => about.test(path)),
        name,
      ).toBe(true);
    }
    const { text } = await (await visitorFor('supervisor')).get('/help/home');
    for (const { name, title } of HELP_PAGES) expect(text).toContain(`<a href="/help/${name}">${title}</a>`);
  });
});
