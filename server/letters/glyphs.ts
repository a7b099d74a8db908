import type { Font } from 'fontkit';
import type { MunicipalityFont } from '../config.ts';
import { isGaiji } from '../names/gaiji.ts';
import { openCodeMap } from './code-map.ts';
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

/** The glyphs of a text, `undefined` where no font has one. `ownFont` is the municipality's. */
export function glyphsOf(text: string, ownFont: MunicipalityFont): (Glyph | undefined)[] {
  return charactersOf(text).map((character) => findGlyph(character, ownFont));
}

/** The width of a text in em. Throws RangeError when a character has no glyph. */
export function widthInEm(text: string, ownFont: MunicipalityFont): number {
  let width = 0;
  for (const glyph of glyphsOf(text, ownFont)) {
    if (glyph === undefined) throw new RangeError('a character has no glyph');
    width += glyph.advance;
  }
  return width;
}

const known = new WeakMap<MunicipalityFont, Map<string, Glyph | undefined>>();

/** The glyph of one character: of the first font that has it in the very shape asked for, else in its usual one. */
export function findGlyph(character: string, ownFont: MunicipalityFont): Glyph | undefined {
  const ofFont = known.get(ownFont) ?? new Map<string, Glyph | undefined>();
  known.set(ownFont, ofFont);
  if (!ofFont.has(character)) ofFont.set(character, lookUp(character, ownFont));
  return ofFont.get(character);
}

function lookUp(character: string, ownFont: MunicipalityFont): Glyph | undefined {
  const isMarked = character.endsWith(STAND_IN_MARK);
  const bare = isMarked ? character.slice(0, -1) : character;
  if (isGaiji(bare.codePointAt(0)!)) return ownGlyph(bare, isMarked, ownFont);
  const { file } = ownFont;
  const files = [FONT_FILES.mincho, FONT_FILES.serif, ...(file === '' ? [] : [file])];
  for (const one of files) {
    const exact = exactGlyph(one, bare, isMarked);
    if (exact !== undefined) return exact;
  }
  // No font has the variant: its usual shape stands in for it, and says so.
  const [base] = bare;
  const first = files.find((one) => openFont(one).hasGlyphForCodePoint(base!.codePointAt(0)!));
  return first === undefined
    ? undefined
    : makeGlyph(first, usualGlyph(openFont(first), base!.codePointAt(0)!), bare, true);
}

/** 外字 are drawn by the municipality's font alone: what another font has there is another character. */
function ownGlyph(gaiji: string, isMarked: boolean, { file, mapFile }: MunicipalityFont): Glyph | undefined {
  if (file === '') return undefined;
  const drawn = mapFile === '' ? gaiji : openCodeMap(mapFile).get(gaiji);
  return drawn === undefined ? undefined : exactGlyph(file, drawn, isMarked);
}

/** The glyph of a character in the very shape asked for. */
function exactGlyph(fontFile: string, character: string, isStandIn: boolean): Glyph | undefined {
  const font = openFont(fontFile);
  const [base, selector] = Array.from(character, (one) => one.codePointAt(0)!);
  if (!font.hasGlyphForCodePoint(base!)) return undefined;
  const id = selector === undefined ? usualGlyph(font, base!) : variantGlyph(font, base!, selector);
  return id === undefined ? undefined : makeGlyph(fontFile, id, character, isStandIn);
}

function makeGlyph(fontFile: string, id: number, character: string, isStandIn: boolean): Glyph {
  const font = openFont(fontFile);
  const codePoints = Array.from(character, (one) => one.codePointAt(0)!);
  return { fontFile, id, advance: font.getGlyph(id).advanceWidth / font.unitsPerEm, codePoints, isStandIn };
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
