import { describe, expect, test } from 'vitest';
import { VARIANT_GROUPS } from '../../server/names/variant-groups.ts';
import { foldKanji } from '../../server/names/variants.ts';
import { readRules } from '../calendar/read-rules.ts';

const groups = VARIANT_GROUPS.flatMap(({ groups }) => groups.trim().split(/\s+/));

describe('異体字をそろえる', () => {
  test.each(readRules<'元' | '検索形'>('names/variants.csv'))('%s', (_note, row) => {
    expect(foldKanji(row.元)).toBe(row.検索形);
    expect(foldKanji(row.検索形)).toBe(row.検索形);
  });
});

test('異体字の組に同じ字は二度出ない', () => {
  const characters = groups.flatMap((group) => Array.from(group));
  const repeated = characters.filter((character, index) => characters.indexOf(character) !== index);
  expect(repeated).toEqual([]);
  expect(characters.filter((character) => !/^\p{Script=Han}$/u.test(character))).toEqual([]);
  expect(groups.length).toBeGreaterThan(150);
});

test('組の字はどれも代表の字になる', () => {
  for (const group of groups) {
    const [representative, ...variants] = Array.from(group);
    expect(variants.length, group).toBeGreaterThan(0);
    for (const character of Array.from(group)) expect(foldKanji(character)).toBe(representative);
  }
});

test('異体字セレクタは取り除く', () => {
  expect(foldKanji('葛\u{E0100}飾')).toBe('葛飾');
  expect(foldKanji('辻\uFE00')).toBe('辻');
  expect(foldKanji('邊\u{E0101}見')).toBe('辺見');
});

test('互換漢字は統合漢字になる', () => {
  expect(foldKanji('\uFA19\uFA1A\uFA1B\uF9DC')).toBe('神祥福隆');
  expect(foldKanji('\u{2F804}')).toBe('\u4F60');
});

test('外字とそろえる先のない字は変わらない', () => {
  expect(foldKanji('\uE000𠀋')).toBe('\uE000𠀋');
  expect(foldKanji('')).toBe('');
});
