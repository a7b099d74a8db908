import type { Font } from 'fontkit';
import { FONT_FILES, openFont } from './fonts.ts';

// Which glyph of which font draws a character. A character here is a code point with the variation selector
// behind it (IVS), and a mark for a character that stands in for another (縮退文字).

/** Behind a character that stands in for one that cannot be drawn: underlined on paper. */
export const STAND_IN_MARK = '\u0332';

export interface Glyph {
  fontFile: string;
  id: number;
  /** In em. */
  advance: number;
  codePoints: number[];
  isStandIn: boolean;
}

/** A text cut into characters, each with its variation selector and its mark. */
export function charactersOf(text: string): string[] {
  return text.match(/.[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]?\u0332?/gsu) ?? [];
}

/** The glyphs of a text, `undefined` where no font has one. `ownFont` is the municipality's file, or ''. */
export function glyphsOf(text: string, ownFont: string): (Glyph | undefined)[] {
  return charactersOf(text).map((character) => findGlyph(character, ownFont));
}

/** The width of a text in em. Throws RangeError when a character has no glyph. */
export function widthInEm(text: string, ownFont: string): number {
  let width = 0;
  for (const glyph of glyphsOf(text, ownFont)) {
    if (glyph === undefined) throw new RangeError('a character has no glyph');
    width += glyph.advance;
  }
  return width;
}

const known = new Map<string, Map<string, Glyph | undefined>>();

/** The glyph of one character: of the first font that has it in the very shape asked for, else in its usual one. */
export function findGlyph(character: string, ownFont: string): Glyph | undefined {
  const ofFont = known.get(ownFont) ?? new Map<string, Glyph | undefined>();
  known.set(ownFont, ofFont);
  if (!ofFont.has(character)) ofFont.set(character, lookUp(character, ownFont));
  return ofFont.get(character);
}

function lookUp(character: string, ownFont: string): Glyph | undefined {
  const isMarked = character.endsWith(STAND_IN_MARK);
  const [base, selector] = Array.from(
    isMarked ? character.slice(0, -1) : character,
    (char) => char.codePointAt(0)!,
  );
  const files = [FONT_FILES.mincho, FONT_FILES.serif, ...(ownFont === '' ? [] : [ownFont])];
  const having = files.filter((file) => openFont(file).hasGlyphForCodePoint(base!));
  const glyph = (fontFile: string, id: number, isStandIn: boolean): Glyph => {
    const font = openFont(fontFile);
    const codePoints = selector === undefined ? [base!] : [base!, selector];
    return { fontFile, id, advance: font.getGlyph(id).advanceWidth / font.unitsPerEm, codePoints, isStandIn };
  };
  if (selector !== undefined) {
    for (const file of having) {
      const id = variantGlyph(openFont(file), base!, selector);
      if (id !== undefined) return glyph(file, id, isMarked);
    }
  }
  const [first] = having;
  if (first === undefined) return undefined;
  // No font has the variant: its usual shape stands in for it, and says so.
  return glyph(first, usualGlyph(openFont(first), base!), isMarked || selector !== undefined);
}

function usualGlyph(font: Font, codePoint: number): number {
  return font.glyphForCodePoint(codePoint).id;
}

interface VariationSelectors {
  varSelectors: {
    toArray(): {
      varSelector: number;
      defaultUVS?: { startUnicodeValue: number; additionalCount: number }[];
      nonDefaultUVS?: { unicodeValue: number; glyphID: number }[];
    }[];
  };
}

/**
 * The glyph of a variation sequence out of the font's own table (cmap format 14), undefined when it has none.
 * fontkit's lookup passes over every variant of a selector that also has default ones, so the table is read here.
 */
function variantGlyph(font: Font, base: number, selector: number): number | undefined {
  const { uvs } = (font as unknown as { _cmapProcessor: { uvs?: VariationSelectors } })._cmapProcessor;
  const ofSelector = uvs?.varSelectors.toArray().find(({ varSelector }) => varSelector === selector);
  const variant = ofSelector?.nonDefaultUVS?.find(({ unicodeValue }) => unicodeValue === base);
  if (variant !== undefined) return variant.glyphID;
  const isUsual = ofSelector?.defaultUVS?.some(
    ({ startUnicodeValue: from, additionalCount }) => base >= from && base <= from + additionalCount,
  );
  return isUsual ? usualGlyph(font, base) : undefined;
}
