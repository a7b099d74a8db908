import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import { isGaiji } from '../names/gaiji.ts';

// BIZ UDMincho first; Noto Serif JP for the characters it lacks (𠮷, 槗 …). A character that neither has,
// and a 外字 of the host that no font is registered for, is drawn as 〓: seen, never silently blank.

const file = (name: string) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/${name}`));

export const FONT_FILES = {
  mincho: file('biz-udmincho/400Regular/BIZUDMincho_400Regular.ttf'),
  serif: file('noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf'),
  gothic: file('biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf'),
  gothicBold: file('biz-udgothic/700Bold/BIZUDGothic_700Bold.ttf'),
} as const;

export const MISSING = '〓';

const opened = new Map<string, Font>();

function font(path: string): Font {
  let known = opened.get(path);
  if (known === undefined) {
    known = create(readFileSync(path)) as Font;
    opened.set(path, known);
  }
  return known;
}

export interface Run {
  text: string;
  font: 'Mincho' | 'Serif';
}

/** Splits a text into runs, each in a font that has all of its characters. */
export function fontRuns(text: string): Run[] {
  const runs: Run[] = [];
  for (const char of text) {
    const one = drawn(char);
    const last = runs.at(-1);
    if (last !== undefined && last.font === one.font) last.text += one.text;
    else runs.push(one);
  }
  return runs;
}

function drawn(char: string): Run {
  const point = char.codePointAt(0)!;
  if (isGaiji(point)) return { text: MISSING, font: 'Mincho' };
  if (font(FONT_FILES.mincho).hasGlyphForCodePoint(point)) return { text: char, font: 'Mincho' };
  if (font(FONT_FILES.serif).hasGlyphForCodePoint(point)) return { text: char, font: 'Serif' };
  return { text: MISSING, font: 'Mincho' };
}
