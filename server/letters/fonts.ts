import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Font } from 'fontkit';

// BIZ UDMincho first; Noto Serif JP for the characters it lacks (𠮷, 槗 …); then the municipality's own font
// (外字フォント), when it has named one.

const file = (name: string) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/${name}`));

export const FONT_FILES = {
  mincho: file('biz-udmincho/400Regular/BIZUDMincho_400Regular.ttf'),
  serif: file('noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf'),
} as const;

/** Drawn in lists where a character has no glyph: seen, never silently blank. A letter is held instead. */
export const MISSING = '〓';

/** Loaded with the first font, and by the way pdfkit loads it, so that there is one of it. */
const fontkit = (): typeof import('fontkit') => createRequire(import.meta.url)('fontkit');

const bytes = new Map<string, Buffer>();
const opened = new Map<string, Font>();

/** The bytes of a font file, read once. */
export function fontBytes(path: string): Buffer {
  let known = bytes.get(path);
  if (known === undefined) {
    known = readFileSync(path);
    bytes.set(path, known);
  }
  return known;
}

/** A font file opened once. Throws when it is no font. */
export function openFont(path: string): Font {
  let known = opened.get(path);
  if (known === undefined) {
    known = fontkit().create(fontBytes(path)) as Font;
    opened.set(path, known);
  }
  return known;
}
