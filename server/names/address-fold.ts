import { foldKanji } from './variants.ts';

const WARDS = ['東京都新宿区', '新宿区'];
// 十丁目 and above do not occur in the ward; a name such as 三栄町 keeps its numeral.
const KANJI_DIGITS = '一二三四五六七八九';
/** What may stand behind a number, the longer first; 号 ends the address and leaves nothing. */
const UNITS: readonly [unit: string, folded: string][] = [
  ['丁目', '-'],
  ['番地の', '-'],
  ['番地', '-'],
  ['番', '-'],
  ['の', '-'],
  ['ノ', '-'],
  ['号', ''],
];
const UNIT_BEGINS = '丁番のノ号';
const HYPHENS = '-‐‑‒–—―−ーｰ';

/**
 * Folds an address to the form in which it is searched: 異体字 and width as in names, ヶ = ケ, the ward left out,
 * 丁目・番・番地 as hyphens, 号 left out. 西新宿三丁目１２番５号 → 西新宿3-12-5; 西新宿三丁目 → 西新宿3-, so that what is
 * typed is a prefix of what is kept.
 */
export function foldAddress(text: string): string {
  const plain = withChomeInDigits(withoutWard(foldKanji(text)));
  const from = plain.search(/[\d\-‐‑‒–—―−ーｰ]/);
  if (from < 0) return plain;
  let folded = plain.slice(0, from);
  for (let at = from; at < plain.length; at += 1) {
    const character = plain[at]!;
    const unit = isDigit(plain.charCodeAt(at - 1)) ? unitAt(plain, at, character) : undefined;
    if (unit !== undefined) {
      folded += unit[1];
      at += unit[0].length - 1;
    } else if (!HYPHENS.includes(character)) {
      folded += character;
    } else if (!folded.endsWith('-')) {
      folded += '-';
    }
  }
  return folded;
}

function unitAt(text: string, at: number, first: string): (typeof UNITS)[number] | undefined {
  return UNIT_BEGINS.includes(first) ? UNITS.find(([unit]) => text.startsWith(unit, at)) : undefined;
}

function withoutWard(text: string): string {
  const ward = text[0] === '東' || text[0] === '新' ? WARDS.find((one) => text.startsWith(one)) : undefined;
  const rest = ward === undefined ? text : text.slice(ward.length);
  return rest.includes('ヶ') ? rest.replaceAll('ヶ', 'ケ') : rest;
}

function withChomeInDigits(text: string): string {
  for (let at = text.indexOf('丁目', 1); at > 0; at = text.indexOf('丁目', at + 1)) {
    const digit = KANJI_DIGITS.indexOf(text[at - 1]!) + 1;
    if (digit > 0) return text.slice(0, at - 1) + digit + text.slice(at);
  }
  return text;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
