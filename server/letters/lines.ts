import { createRequire } from 'node:module';
import type { MunicipalityFont } from '../config.ts';
import { isGaiji } from '../names/gaiji.ts';
import { FONT_FILES } from './fonts.ts';
import { charactersOf, findGlyph, STAND_IN_MARK, widthInEm } from './glyphs.ts';

// Where lines break: pdfmake's layout, with its rules for Japanese (no 。 or 」 at the head of a line). Texts that
// differ in digits only break alike, since all digits are equally wide: a batch settles each paragraph once.

// The parts of pdfmake that lay out text; they are CommonJS and stand outside its public types.
interface LayoutBuilder {
  layoutDocument(
    content: object[],
    ruler: object,
    styles: object,
    defaultStyle: object,
  ): { items: { type: string; item: { inlines: { text: string }[] } }[] }[];
}
type Class<Parameters extends unknown[], Made> = { default: new (...parameters: Parameters) => Made };
const require = createRequire(import.meta.url);
type Layout = Class<[page: object, margins: object, svgMeasure: null], LayoutBuilder>;
type Engine = Class<
  [fonts: object, images: object, patterns: object, attachments: object, options: object],
  object
>;
// Loaded with the first paragraph: a server that draws none starts without them.
const layout = (): Layout => require('pdfmake/js/LayoutBuilder.js');
const engine = (): Engine => require('pdfmake/js/PDFDocument.js');

const MOST_KNOWN = 2000;
const known = new Map<string, readonly number[]>();
const rulers = new Map<string, object>();

/**
 * Breaks a text into lines of at most `width` em. Throws RangeError when a character has no glyph.
 */
export function breakLines(text: string, width: number, ownFont: MunicipalityFont): string[] {
  const shape = text.replace(/[0-9]/g, '0');
  const key = `${ownFont.file}\n${ownFont.mapFile}\n${width}\n${shape}`;
  let ends = known.get(key);
  if (ends === undefined) {
    const isOneLine = widthInEm(text, ownFont) <= width;
    ends = isOneLine ? [text.length] : lineEnds(shape, width, ownFont);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, ends);
  }
  return ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end).trimEnd());
}

const SIZE = 100;

/** Where each line ends, in UTF-16 units from the start of the text. */
function lineEnds(marked: string, width: number, ownFont: MunicipalityFont): number[] {
  const text = marked.replaceAll(STAND_IN_MARK, '');
  const page = { width: width * SIZE + 0.01, height: Number.POSITIVE_INFINITY, orientation: 'portrait' };
  const builder = new (layout().default)(page, { left: 0, right: 0, top: 0, bottom: 0 }, null);
  const content = {
    text: runsByFont(text, ownFont),
    fontSize: SIZE,
    preserveLeadingSpaces: true,
  };
  const pages = builder.layoutDocument([content], rulerFor(ownFont), {}, {});
  const ends: number[] = [];
  let end = 0;
  for (const { type, item } of pages.flatMap(({ items }) => items)) {
    if (type !== 'line') continue;
    for (const inline of item.inlines) end += inline.text.length;
    ends.push(end);
  }
  if (end !== text.length) throw new Error('the layout lost a part of the text');
  return ends.map((at) => withMarks(marked, at));
}

/** The place in a text with marks of a place in the same text without them. */
function withMarks(marked: string, place: number): number {
  let at = 0;
  for (let seen = 0; seen < place || marked[at] === STAND_IN_MARK; at += 1) {
    if (marked[at] !== STAND_IN_MARK) seen += 1;
  }
  return at;
}

/** Measured in the place of a 外字 that stands elsewhere in the font: as wide, and broken alike. */
const ANY_KANJI = '国';

/** pdfmake takes text in runs of one font each; the fonts of the ruler carry the names of their files. */
function runsByFont(text: string, ownFont: MunicipalityFont): { text: string; font: string }[] {
  const runs: { text: string; font: string }[] = [];
  for (const character of charactersOf(text)) {
    const isMapped = ownFont.mapFile !== '' && isGaiji(character.codePointAt(0)!);
    const font = isMapped
      ? FONT_FILES.mincho
      : (findGlyph(character, ownFont)?.fontFile ?? FONT_FILES.mincho);
    const text = isMapped ? ANY_KANJI : character;
    const last = runs.at(-1);
    if (last !== undefined && last.font === font) last.text += text;
    else runs.push({ text, font });
  }
  return runs;
}

/** A document that is only measured with and never written. */
function rulerFor(ownFont: MunicipalityFont) {
  let ruler = rulers.get(ownFont.file);
  if (ruler === undefined) {
    const files = [FONT_FILES.mincho, FONT_FILES.serif, ...(ownFont.file === '' ? [] : [ownFont.file])];
    const fonts = Object.fromEntries(files.map((file) => [file, { normal: file }]));
    ruler = new (engine().default)(fonts, {}, {}, {}, { autoFirstPage: false, font: null });
    rulers.set(ownFont.file, ruler);
  }
  return ruler;
}
