import type { MunicipalityFont } from '../config.ts';
import { gaijiHostCode, isGaiji } from '../names/gaiji.ts';
import { charactersOf, findGlyph, glyphsOf, STAND_IN_MARK } from './glyphs.ts';

// What may be printed for a resident's name and address: the character itself, or the one registered for it
// (縮退文字), which is marked; where there is neither the letter is held. Never a blank box.

/** Registered replacements (縮退文字) by the host's code, such as F040. */
export type Replacements = ReadonlyMap<string, string>;

/** A text ready for printing, or a sentence that names what cannot be printed. */
export type Printable = { text: string; problem?: undefined } | { text?: undefined; problem: string };

/**
 * Makes a text printable: 外字 out of the municipality's font or by their registered replacement. `what` is the
 * item's name for the sentence, `ownFont` the municipality's.
 */
export function makePrintable(
  text: string,
  what: string,
  replacements: Replacements,
  ownFont: MunicipalityFont,
): Printable {
  let made = '';
  for (const character of charactersOf(text)) {
    const codePoint = character.codePointAt(0)!;
    if (findGlyph(character, ownFont) !== undefined) {
      made += character;
      continue;
    }
    const replacement = isGaiji(codePoint) ? replacements.get(gaijiHostCode(character[0]!)) : undefined;
    if (replacement === undefined || glyphsOf(replacement, ownFont).includes(undefined)) {
      return { problem: missing(what, codePoint, replacement !== undefined) };
    }
    for (const one of charactersOf(replacement)) made += one + STAND_IN_MARK;
  }
  return { text: made };
}

function missing(what: string, codePoint: number, hasReplacement: boolean): string {
  const code = isGaiji(codePoint)
    ? `外字（ホストのコード${gaijiHostCode(String.fromCodePoint(codePoint))}）`
    : `文字（U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}）`;
  const why = hasReplacement ? '登録された代替文字も印字できない' : '印字できるフォントも代替文字もない';
  return `${what}の${code}は${why}ため、印刷しませんでした。代替文字を登録してから印刷してください。`;
}
