import type { MunicipalityFont } from '../config.ts';
import { readCodeMap } from './code-map.ts';
import { openFont } from './fonts.ts';
import { findGlyph } from './glyphs.ts';

/** What is wrong with the municipality's font and its code map, for the start of the server; nothing when it has none. */
export function fontFaults(font: MunicipalityFont): string[] {
  if (font.file === '') return [];
  try {
    if (openFont(font.file).numGlyphs === 0) return ['MUNICIPALITY_FONT_FILE: has no glyphs'];
  } catch {
    return ['MUNICIPALITY_FONT_FILE: cannot be read as a TrueType or OpenType font'];
  }
  return font.mapFile === '' ? [] : mapFaults(font).map((fault) => `MUNICIPALITY_FONT_MAP_FILE: ${fault}`);
}

function mapFaults(font: MunicipalityFont): string[] {
  const { map, faults } = readCodeMap(font.mapFile);
  if (faults.length > 0) return faults;
  const lacking = [...map.keys()].filter((gaiji) => findGlyph(gaiji, font) === undefined);
  return lacking.map((gaiji) => {
    const points = (text: string) =>
      Array.from(text, (one) => `U+${one.codePointAt(0)!.toString(16).toUpperCase()}`).join(' ');
    return `${font.mapFile}: the font has no glyph at ${points(map.get(gaiji)!)} for ${points(gaiji)}`;
  });
}
