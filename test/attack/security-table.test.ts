import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| (\d+) \| (.+) \| (.+) \| (.+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, number, , , shown]) => ({ number: Number(number), shown: shown! }));

/** The tests a row names: a file, then one or more names in 「」 that belong to it. */
function testsOf(shown: string): { file: string; name: string }[] {
  const tests: { file: string; name: string }[] = [];
  let file = '';
  for (const [, path, name] of shown.matchAll(/`(test\/[\w./-]+)`|「([^」]+)」/g)) {
    if (path !== undefined) file = path;
    else if (file !== '' && !name!.startsWith('NOT')) tests.push({ file, name: name! });
  }
  return tests;
}

describe('docs/security.md', () => {
  test('has each of the 58 items once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 58 }, (_, index) => index + 1));
  });

  test.each(rows)('item $number names tests that exist, or says why there is none', ({ shown }) => {
    const tests = testsOf(shown);
    if (tests.length === 0) expect(shown).toMatch(/^理由: .{20,}/);
    const source = (file: string) =>
      existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
    expect(tests.filter(({ file, name }) => !source(file).includes(name))).toEqual([]);
  });
});
