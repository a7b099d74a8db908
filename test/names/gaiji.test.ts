import { describe, expect, test } from 'vitest';
import { findGaiji, gaijiFromHostCode, gaijiHostCode, isGaiji } from '../../server/names/gaiji.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('外字の符号', () => {
  test.each(readRules<'符号位置' | 'コード'>('names/gaiji-codes.csv'))('%s', (_note, row) => {
    const char = String.fromCodePoint(Number.parseInt(row.符号位置, 16));
    expect(gaijiHostCode(char)).toBe(row.コード);
    expect(gaijiFromHostCode(row.コード)).toBe(char);
    expect(gaijiFromHostCode(row.コード.toLowerCase())).toBe(char);
  });
});

test('1,880字のどれもがデコーダーと同じ対応で往復する', () => {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  for (let codePoint = 0xe000; codePoint <= 0xe757; codePoint++) {
    const char = String.fromCharCode(codePoint);
    const hostCode = gaijiHostCode(char);
    expect(gaijiFromHostCode(hostCode)).toBe(char);
    expect(decoder.decode(Buffer.from(hostCode, 'hex'))).toBe(char);
  }
});

test('外字でないもの', () => {
  expect([0xdfff, 0xe000, 0xe757, 0xe758, 0x9ad9].map(isGaiji)).toEqual([false, true, true, false, false]);
  expect(() => gaijiHostCode('髙')).toThrow(RangeError);
  expect(() => gaijiHostCode('')).toThrow(RangeError);
  for (const code of ['EFFC', 'F03F', 'F07F', 'F0FD', 'FA40', 'F04', '']) {
    expect(() => gaijiFromHostCode(code), code).toThrow(RangeError);
  }
});

test('氏名の中の外字を順に見つける', () => {
  expect(findGaiji('山\uE000　\uE0BC\uE000𠮷')).toEqual([
    { char: '\uE000', hostCode: 'F040', index: 1 },
    { char: '\uE0BC', hostCode: 'F140', index: 3 },
    { char: '\uE000', hostCode: 'F040', index: 4 },
  ]);
  expect(findGaiji('山田')).toEqual([]);
});
