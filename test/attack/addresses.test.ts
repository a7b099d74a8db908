import { beforeAll, describe, expect, test } from 'vitest';
import { testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { crawl, distinctForms } from '../support/walk.ts';
import { everyRole, makeWorld } from '../support/world.ts';

const RESIDENT = {
  name: '鶴亀　金糸雀',
  kana: 'つるかめ かなりあ',
  residentNumber: '099901237654321',
  birthEarliestOn: '1947-08-23',
  birthLatestOn: '1947-08-23',
  birthCode: '19470823',
  birthWareki: '3220823',
  address: '金糸雀町九丁目８７番６号',
  phone: '03-9876-5432',
  phoneDigits: '0398765432',
};
const VALUES = [
  ...Object.values(RESIDENT),
  '鶴亀',
  '金糸雀',
  'つるかめ',
  'かなりあ',
  '19470823',
  '1947-08',
  '9876',
];

describe('addresses and titles', () => {
  const used = useDatabase('sqlite');
  beforeAll(async () => void (await makeWorld(testContext(used.db), RESIDENT)));

  test('hold no value of a resident: links, forms, redirects and titles of every page of every role', async () => {
    const context = testContext(used.db);
    const places: string[] = [];
    let pagesWithValues = 0;
    for (const { visitor } of await everyRole(context)) {
      const { answers, forms } = await crawl(context, async (path) => await visitor.get(path));
      for (const form of distinctForms(forms).filter(({ action }) => action === '/search')) {
        const body = { ...form.fields, terms: 'つるかめ 3220823' };
        const response = await visitor.agent.post(form.action).type('form').send(body);
        answers.push({ path: form.action, response });
      }
      for (const { path, response } of answers) {
        const html = response.type.includes('html') ? response.text : '';
        if (html.includes(RESIDENT.name)) pagesWithValues += 1;
        places.push(path, response.headers.location ?? '', response.headers['content-disposition'] ?? '');
        places.push(...[...html.matchAll(/\s(?:href|action|src)="([^"]*)"/g)].map(([, address]) => address!));
        places.push(...[...html.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!));
      }
    }
    expect(pagesWithValues, 'the pages do show the person').toBeGreaterThan(2);
    expect(places.length).toBeGreaterThan(200);
    const found = places.filter((place) => VALUES.some((value) => decode(place).includes(value)));
    expect(found).toEqual([]);
  }, 180_000);
});

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
