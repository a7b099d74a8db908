import { inflateSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { signedIn, testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { crawl } from '../support/walk.ts';
import { everyRole, makeWorld } from '../support/world.ts';

const HOSTILE_NAME = '=cmd()"/JS (alert)';
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** Everything a PDF holds, its packed streams unpacked. */
function contentsOf(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n/g)].map(({ index, 0: { length } }) => {
    const end = text.indexOf('endstream', index);
    try {
      const unpacked = inflateSync(pdf.subarray(index + length, end)).toString('latin1');
      // Fonts and pictures hold any bytes, and nothing that a viewer reads as a key.
      return /[^\t\n\r\x20-\xff]/.test(unpacked) ? '' : unpacked;
    } catch {
      return '';
    }
  });
  return [text.replace(/stream\r?\n[\s\S]*?endstream/g, ''), ...streams].join('\n');
}

describe('what leaves as a file', () => {
  const used = useDatabase('sqlite');
  let letter: string;
  beforeAll(async () => {
    const context = testContext(used.db);
    const hostile = { name: HOSTILE_NAME, address: '/URI (https://evil.example)' };
    ({ letter } = await makeWorld(context, hostile));
  });

  test('has a name that no value can break out of, on every download of every role', async () => {
    const context = testContext(used.db);
    let files = 0;
    for (const { visitor } of await everyRole(context)) {
      const { answers } = await crawl(context, async (path) => await visitor.get(path));
      for (const { path, response } of answers) {
        const isFile = !/html|text\/plain|json/.test(response.headers['content-type'] ?? '');
        if (!isFile || path.startsWith('/assets')) continue;
        files += 1;
        expect([path, response.headers['content-disposition']]).toEqual([
          path,
          expect.stringMatching(
            /^(inline|attachment); filename="[A-Za-z0-9._-]+"(; filename\*=UTF-8''[A-Za-z0-9.%_-]+)?$/,
          ),
        ]);
      }
    }
    expect(files).toBeGreaterThan(3);
  }, 180_000);

  test('a PDF shows hostile values as text and can neither act, link nor start anything', async () => {
    const clerk = await signedIn(testContext(used.db), 'clerk');
    for (const path of [letter, '/daily-lists/2026-11-20/list.pdf']) {
      const { body } = await clerk.get(path).responseType('blob');
      expect((await readPdf(body)).text).toContain('=cmd()');
      const contents = contentsOf(body as Buffer);
      expect(contents).toContain('/Type /Page');
      for (const key of [
        'JS',
        'JavaScript',
        'URI',
        'Launch',
        'OpenAction',
        'AA',
        'EmbeddedFile',
        'SubmitForm',
        'GoToR',
      ]) {
        expect([path, key, new RegExp(`/${key}(?![A-Za-z])`).test(contents)]).toEqual([path, key, false]);
      }
    }
  });

  test('a CSV has no cell that a spreadsheet would take for a formula, and reads back as it was', async () => {
    const clerk = await signedIn(testContext(used.db), 'clerk');
    const { text } = await clerk.get('/daily-lists/2026-11-20/list.csv');
    const rows: string[][] = parse(text, { bom: true });
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.flat().filter((cell) => FORMULA.test(cell))).toEqual([]);
    expect(rows.flat(), 'behind the quote the value is whole').toContain(`'${HOSTILE_NAME}`);
  });
});
