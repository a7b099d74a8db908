// The 住所表示番号 of the customer barcode: what Japan Post's manual (郵便番号・バーコードマニュアル,
// zipmanual p17–p20) takes out of an address for its sorting machines.

const KANJI_DIGITS = '〇一二三四五六七八九';
const KANJI_NUMERAL = '〇一二三四五六七八九十百';
const KANJI_NUMBER = `[${KANJI_NUMERAL}]+`;
const DIGIT = `[0-9${KANJI_NUMERAL}]`;

// A numeral in kanji is a number before these words only (manual, 補足ルール1). The words that follow 番, 丁 and
// 号 in the names of towns (三番町, 八丁堀) are not the units of an address; の and ノ join two numbers or stand
// in a name (一ノ宮).
const NUMBER_BEFORE_UNIT = new RegExp(
  `${KANJI_NUMBER}(?=丁目|丁(?![目堀場町])|番地|番(?![地町丁街館])|号|地割|線|[のノ]${DIGIT})|(?<=${DIGIT}[のノ])${KANJI_NUMBER}`,
  'gu',
);

/**
 * Takes the numbers of an address (the part after the town, or the whole address without its postal code) out
 * as the manual says: digits, hyphens and single letters, at most one hyphen in a row, none beside a letter.
 * '千葉市稲毛区緑町3丁目30-8　郵便ビル403号' → '3-30-8-403'. Empty when the address has none.
 */
export function addressNumbers(address: string): string {
  const text = address
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[‐‑–—―−ー](?=\d)|(?<=\d)[‐‑–—―−ー]/gu, '-')
    .replace(/[&/・.]/gu, '')
    .replace(NUMBER_BEFORE_UNIT, (numeral) => String(readKanjiNumber(numeral)));
  return text
    .replace(/[A-Z]{2,}/gu, ' ')
    .replace(/(?<=\d)F/gu, ' ')
    .replace(/[^0-9A-Z-]+/gu, '-')
    .replace(/-{2,}/gu, '-')
    .replace(/-?([A-Z])-?/gu, '$1')
    .replace(/^-|-$/gu, '');
}

/** '二十一' → 21, '百二' → 102, '一〇三' → 103. */
function readKanjiNumber(numeral: string): number {
  if (!/[十百]/u.test(numeral)) {
    return Number([...numeral].map((digit) => KANJI_DIGITS.indexOf(digit)).join(''));
  }
  let sum = 0;
  let digit = 0;
  for (const char of numeral) {
    if (char === '百') sum += (digit || 1) * 100;
    else if (char === '十') sum += (digit || 1) * 10;
    else {
      digit = KANJI_DIGITS.indexOf(char);
      continue;
    }
    digit = 0;
  }
  return sum + digit;
}
