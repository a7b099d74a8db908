/** U+FF61–FF9F in order, the full-width kana or mark for each half-width one (JIS X 0201 → JIS X 0208). */
const FULL =
  '。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜';
const FIRST_HALF = 0xff61;
const DAKUTEN = 'ﾞ';
const HANDAKUTEN = 'ﾟ';
const VOICED = pairs(
  'カガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヲヺ',
);
const SEMI_VOICED = pairs('ハパヒピフプヘペホポ');
/** Kana without a half-width form take the nearest, as hosts write them. */
const NEAREST_HALF = pairs('ヮﾜヰｲヱｴヵｶヶｹ');
const HALF = invertWidths();
/** For every UTF-16 unit its hiragana; a table, as an import asks for a million of them. */
const HIRAGANA = hiraganaTable();

/**
 * Half-width kana to full-width, ﾞ and ﾟ joined to the kana before them. Nothing else changes: NFKC would also turn ㈱
 * and ① into other characters.
 */
export function halfToFullKana(text: string): string {
  if (!/[\uff61-\uff9f]/.test(text)) return text;
  let full = '';
  for (let index = 0; index < text.length; index++) {
    const kana = FULL[text.charCodeAt(index) - FIRST_HALF];
    if (kana === undefined) {
      full += text[index];
      continue;
    }
    const joined = joinedWith(kana, text[index + 1]);
    if (joined !== undefined) index++;
    full += joined ?? kana;
  }
  return full;
}

/** Katakana of either width to hiragana, as ふりがな is kept; ヷ ヸ ヹ ヺ have none and stay. */
export function toHiragana(text: string): string {
  let hiragana = '';
  for (let index = 0; index < text.length; index++) {
    let unit = text.charCodeAt(index);
    const mark = text[index + 1];
    if (mark === DAKUTEN || mark === HANDAKUTEN) {
      const joined = joinedWith(FULL[unit - FIRST_HALF], mark);
      if (joined !== undefined) {
        unit = joined.charCodeAt(0);
        index++;
      }
    }
    hiragana += String.fromCharCode(HIRAGANA[unit]!);
  }
  return hiragana;
}

/** Hiragana and half-width kana to full-width katakana. */
export function toKatakana(text: string): string {
  return halfToFullKana(text).replace(/[ぁ-ゖゝゞ]/g, (kana) => shift(kana, 0x60));
}

/** Full-width kana, and 。「」、・ー, to half-width; ﾞ and ﾟ follow their kana. ヰ ヱ ヮ ヵ ヶ become ｲ ｴ ﾜ ｶ ｹ. */
export function fullToHalfKana(text: string): string {
  let half = '';
  for (const character of toKatakana(text)) half += HALF.get(character) ?? character;
  return half;
}

/** Trims, and makes every run of spaces of any width one `space`: full-width, as between 氏 and 名, unless told. */
export function normaliseSpaces(text: string, space = '\u3000'): string {
  return text.trim().replace(/\s+/g, space);
}

function joinedWith(kana: string | undefined, mark: string | undefined): string | undefined {
  if (kana === undefined) return undefined;
  if (mark === DAKUTEN) return VOICED.get(kana);
  return mark === HANDAKUTEN ? SEMI_VOICED.get(kana) : undefined;
}

function hiraganaTable(): Uint16Array {
  const units = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  for (const kana of 'ヽヾ') units[kana.charCodeAt(0)] = kana.charCodeAt(0) - 0x60;
  for (let unit = 'ァ'.charCodeAt(0); unit <= 'ヶ'.charCodeAt(0); unit++) units[unit] = unit - 0x60;
  for (let index = 0; index < FULL.length; index++) {
    units[FIRST_HALF + index] = units[FULL.charCodeAt(index)]!;
  }
  return units;
}

function invertWidths(): Map<string, string> {
  const half = new Map(NEAREST_HALF);
  for (let index = 0; index < FULL.length; index++) {
    half.set(FULL[index]!, String.fromCharCode(FIRST_HALF + index));
  }
  for (const [plain, voiced] of VOICED) half.set(voiced, half.get(plain) + DAKUTEN);
  for (const [plain, voiced] of SEMI_VOICED) half.set(voiced, half.get(plain) + HANDAKUTEN);
  return half;
}

function pairs(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index < text.length; index += 2) found.set(text[index]!, text[index + 1]!);
  return found;
}

function shift(kana: string, distance: number): string {
  return String.fromCharCode(kana.charCodeAt(0) + distance);
}
