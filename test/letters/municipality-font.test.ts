import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makePrintable } from '../../server/letters/characters.ts';
import { FONT_FILES } from '../../server/letters/fonts.ts';
import { findGlyph } from '../../server/letters/glyphs.ts';
import { renderLetter } from '../../server/letters/render-letter.ts';
import { readPdf } from '../support/pdf.ts';
import { letterOf } from './letter-samples.ts';

const GOTHIC = fileURLToPath(
  import.meta.resolve('@expo-google-fonts/biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf'),
);

/** A font like a municipality's: it has a glyph at U+E000, here the one that BIZ UDGothic has further on. */
function makeOwnFont(): string {
  const bytes = Buffer.from(readFileSync(GOTHIC));
  for (const at of groupsOf(bytes)) {
    if (bytes.readUInt32BE(at) < 0xe000) continue;
    bytes.writeUInt32BE(0xe000, at);
    bytes.writeUInt32BE(0xe000, at + 4);
    break;
  }
  const path = join(mkdtempSync(join(tmpdir(), 'fnt-font-')), 'own.ttf');
  writeFileSync(path, bytes);
  return path;
}

/** The places of the groups (first, last code point, glyph) of the font's 32-bit character map. */
function groupsOf(bytes: Buffer): number[] {
  const tables = Array.from({ length: bytes.readUInt16BE(4) }, (_unused, at) => 12 + at * 16);
  const entry = tables.find((at) => bytes.toString('latin1', at, at + 4) === 'cmap')!;
  const cmap = bytes.readUInt32BE(entry + 8);
  const maps = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_unused, at) => {
    return cmap + bytes.readUInt32BE(cmap + 4 + at * 8 + 4);
  });
  const wide = maps.find((at) => bytes.readUInt16BE(at) === 12)!;
  return Array.from({ length: bytes.readUInt32BE(wide + 12) }, (_unused, at) => wide + 16 + at * 12);
}

test('外字は市区町村のフォントにあればそのまま印字し、印も断り書きも付けない', async () => {
  const ownFont = makeOwnFont();
  expect(makePrintable('\ue000川', '氏名', new Map(), '').problem).toContain('F040');
  expect(makePrintable('\ue000川', '氏名', new Map([['F040', '吉']]), ownFont)).toEqual({ text: '\ue000川' });
  expect(findGlyph('\ue000', ownFont)).toMatchObject({ fontFile: ownFont, isStandIn: false });
  expect(findGlyph('川', ownFont)!.fontFile).toBe(FONT_FILES.mincho);
  const letter = letterOf({ addressee: '\ue000川　花子' }, { ownFont });
  expect(letter.note).toBe('');
  const pdf = await readPdf(await renderLetter(letter, new Date('2026-11-20T01:30:00Z'), ownFont));
  expect(pdf.fonts).toHaveLength(2);
  expect(pdf.fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
  expect(pdf.text).toContain('\ue000川');
});
