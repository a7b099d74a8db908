import { describe, expect, test } from 'vitest';
import {
  fullToHalfKana,
  halfToFullKana,
  normaliseSpaces,
  toHiragana,
  toKatakana,
} from '../../server/names/kana.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('仮名の幅と種類', () => {
  test.each(readRules<'半角' | '全角' | 'ひらがな'>('names/kana-widths.csv'))('%s', (_note, row) => {
    expect(halfToFullKana(row.半角)).toBe(row.全角);
    expect(fullToHalfKana(row.全角)).toBe(row.半角);
    expect(fullToHalfKana(row.ひらがな)).toBe(row.半角);
    expect(toHiragana(row.半角)).toBe(row.ひらがな);
    expect(toKatakana(row.ひらがな)).toBe(row.全角);
  });
});

test('半角にない仮名は近い仮名にする', () => {
  expect(fullToHalfKana('ヰヱヮヵヶ')).toBe('ｲｴﾜｶｹ');
});

test('仮名のほかは変えない', () => {
  expect(halfToFullKana('㈱①ｱ')).toBe('㈱①ア');
});

test('空白をそろえる', () => {
  expect(normaliseSpaces(' 山田 　太郎　')).toBe('山田　太郎');
  expect(normaliseSpaces('ﾔﾏﾀﾞ　ﾀﾛｳ', ' ')).toBe('ﾔﾏﾀﾞ ﾀﾛｳ');
});
