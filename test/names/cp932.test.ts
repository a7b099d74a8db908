import { describe, expect, test } from 'vitest';
import { canEncodeCp932, cp932Length, encodeCp932, findUnencodable } from '../../server/names/cp932.ts';
import { gaijiHostCode } from '../../server/names/gaiji.ts';
import { readRules } from '../calendar/read-rules.ts';

const decoder = new TextDecoder('shift_jis', { fatal: true });

describe('Windows-31Jの符号', () => {
  test.each(readRules<'文字' | 'コード'>('names/cp932-codes.csv'))('%s', (_note, row) => {
    expect(encodeCp932(row.文字).toString('hex').toUpperCase()).toBe(row.コード);
    expect(cp932Length(row.文字)).toBe(row.コード.length / 2);
  });
});

test('2バイトの符号はどれも文字を経て戻る', () => {
  const moved: string[] = [];
  let count = 0;
  for (const code of twoByteCodes()) {
    const character = decodeOrNothing(code);
    if (character === undefined) continue;
    count++;
    const encoded = encodeCp932(character);
    expect(decoder.decode(encoded)).toBe(character);
    if (encoded.readUInt16BE() !== code) moved.push(code.toString(16));
  }
  expect(count).toBe(9_604);
  // Every NEC copy at EDxx–EExx (374), 9 signs of NEC row 13 that JIS X 0208 has too, and 15 of FA4A–FA5B.
  expect(moved.filter((code) => /^e[de]/.test(code))).toHaveLength(374);
  expect(moved.filter((code) => /^87/.test(code))).toHaveLength(9);
  expect(moved.filter((code) => /^fa/.test(code))).toHaveLength(15);
  expect(moved).toHaveLength(398);
});

test('1,880字の外字は持ち込まれた符号で書き出す', () => {
  for (let codePoint = 0xe000; codePoint <= 0xe757; codePoint++) {
    const gaiji = String.fromCharCode(codePoint);
    expect(encodeCp932(gaiji).toString('hex').toUpperCase()).toBe(gaijiHostCode(gaiji));
  }
});

test('ASCIIと半角カナは1バイト', () => {
  const single = Array.from({ length: 0x80 }, (_, unit) => String.fromCharCode(unit)).join('');
  expect(encodeCp932(single)).toEqual(Buffer.from(single, 'latin1'));
  expect(encodeCp932('｡ﾟ')).toEqual(Buffer.from([0xa1, 0xdf]));
});

test('長さはバイトで数え、書けない字も2と数える', () => {
  expect(cp932Length('ﾔﾏﾀﾞ 1')).toBe(6);
  expect(cp932Length('髙橋　太郎')).toBe(10);
  expect(cp932Length('𠮷野')).toBe(4);
  expect(cp932Length('')).toBe(0);
});

test.each([
  ['𠮷', 'U+20BB7'],
  ['槗', 'U+69D7'],
  ['驒', 'U+9A52'],
  ['〜', 'U+301C'],
  ['\u{E0100}', 'U+E0100'],
  ['\uE758', 'U+E758'],
  ['\uD842', 'U+D842'],
  ['\uFFFD', 'U+FFFD'],
  ['\u0080', 'U+0080'],
])('%s はない', (character, name) => {
  const text = `山${character}田`;
  expect(canEncodeCp932(text)).toBe(false);
  expect(findUnencodable(text)).toBe(character);
  expect(() => encodeCp932(text)).toThrow(new RangeError(`${character} (${name}) has no CP932 code`));
});

function* twoByteCodes(): Generator<number> {
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    for (let trail = 0x40; trail <= 0xfc; trail++) if (lead < 0xa0 || lead > 0xdf) yield (lead << 8) | trail;
  }
}

function decodeOrNothing(code: number): string | undefined {
  try {
    return decoder.decode(Uint8Array.of(code >> 8, code & 0xff));
  } catch {
    return undefined;
  }
}
