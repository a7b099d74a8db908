import { describe, expect, test } from 'vitest';
import { fullToHalfKana, toHiragana, toKatakana } from '../../server/names/kana.ts';
import { foldKana } from '../../server/names/kana-fold.ts';
import { readRules } from '../calendar/read-rules.ts';

const rules = readRules<'読み' | '検索形'>('names/kana-fold.csv');

describe('あいまい検索の読み', () => {
  test.each(rules)('%s', (_note, row) => {
    expect(foldKana(row.読み)).toBe(row.検索形);
  });
});

test.each([toHiragana, toKatakana, fullToHalfKana])('%o にしても同じ形になる', (convert) => {
  for (const [, { 読み, 検索形 }] of rules) expect(foldKana(convert(読み)), 読み).toBe(検索形);
});

test('二度かけても変わらない', () => {
  for (const [, { 検索形 }] of rules) expect(foldKana(検索形)).toBe(検索形);
});

test('仮名はどれも同じ行の清音の仮名になる', () => {
  const kana = Array.from({ length: 0x30fa - 0x30a1 + 1 }, (_, place) => String.fromCharCode(0x30a1 + place));
  const plain = 'アイウエオカキクケコサシスセソタチツテトナニヌネノヒフヘホマミムメモヤユヨラリルレロワン';
  expect(kana.filter((one) => !plain.includes(foldKana(one)))).toEqual([]);
});
