import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { makePrintable } from '../../server/letters/characters.ts';
import { fontFaults } from '../../server/letters/font-faults.ts';
import { FONT_FILES, openFont } from '../../server/letters/fonts.ts';
import { findGlyph, STAND_IN_MARK } from '../../server/letters/glyphs.ts';
import { breakLines } from '../../server/letters/lines.ts';
import { renderLetter } from '../../server/letters/render-letter.ts';
import { readPdf } from '../support/pdf.ts';
import { letterOf, NO_FONT } from './letter-samples.ts';

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

const AT = new Date('2026-11-20T01:30:00Z');

test('外字は市区町村のフォントにあればそのまま印字し、印も断り書きも付けない', async () => {
  const ownFont = { file: makeOwnFont(), mapFile: '' };
  expect(makePrintable('\ue000川', '氏名', new Map(), NO_FONT).problem).toContain('F040');
  expect(makePrintable('\ue000川', '氏名', new Map([['F040', '吉']]), ownFont)).toEqual({ text: '\ue000川' });
  expect(findGlyph('\ue000', ownFont)).toMatchObject({ fontFile: ownFont.file, isStandIn: false });
  expect(findGlyph('川', ownFont)!.fontFile).toBe(FONT_FILES.mincho);
  const letter = letterOf({ addressee: '\ue000川　花子' }, { ownFont });
  expect(letter.note).toBe('');
  const pdf = await readPdf(await renderLetter(letter, AT, ownFont));
  expect(pdf.fonts).toHaveLength(2);
  expect(pdf.fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
  expect(pdf.text).toContain('\ue000川');
});

describe('外字対応表', () => {
  const fontWith = (table: string | Uint8Array) => {
    const mapFile = join(mkdtempSync(join(tmpdir(), 'fnt-map-')), 'gaiji.csv');
    writeFileSync(mapFile, table);
    return { file: FONT_FILES.serif, mapFile };
  };

  test('外字を、フォントの別の場所の文字やIVSの字形で印字し、載っていない外字は代替文字か保留にする', async () => {
    const table = '\ufeff外字,字形,備考\r\nf040,U+20BB7,つちよし\r\nU+E001,U+8FBB U+E0100,\r\n\r\n';
    const ownFont = fontWith(table);
    expect(fontFaults(ownFont)).toEqual([]);
    const [yoshi, tsuji] = [findGlyph('\ue000', ownFont)!, findGlyph('\ue001', ownFont)!];
    expect(yoshi).toMatchObject({ fontFile: FONT_FILES.serif, isStandIn: false, codePoints: [0x20bb7] });
    expect(yoshi.id).toBe(findGlyph('𠮷', NO_FONT)!.id);
    expect(tsuji.codePoints).toEqual([0x8fbb, 0xe0100]);
    expect(tsuji.id).not.toBe(openFont(FONT_FILES.serif).glyphForCodePoint(0x8fbb).id);
    expect(makePrintable('\ue000\ue002', '氏名', new Map([['F042', '髙']]), ownFont).text).toBe(
      `\ue000髙${STAND_IN_MARK}`,
    );
    expect(makePrintable('\ue000\ue002', '氏名', new Map(), ownFont).problem).toContain('F042');
    const long = letterOf({ addressee: `\ue000田　${'花'.repeat(3)}子` }, { ownFont });
    expect(long.note).toBe('');
    const pdf = await readPdf(await renderLetter(long, AT, ownFont));
    expect(pdf.text).toContain('𠮷田');
    expect(pdf.text).not.toContain('\ue000');
    const lines = breakLines('\ue000田さんに入浴証をお送りします。', 5, ownFont);
    expect(lines).toEqual(
      breakLines('吉田さんに入浴証をお送りします。', 5, NO_FONT).map((line) => line.replace('吉', '\ue000')),
    );
  });

  test('読めない行は、ファイルと行の番号を挙げて全部示す', () => {
    const table = ['外字,字形', 'F040,20BB7', 'F03F,U+20BB7', 'F041,U+845B U+E0100', 'U+E001,U+5409'];
    const ownFont = fontWith(table.join('\n'));
    const told = fontFaults(ownFont);
    expect(told.map((fault) => fault.replace(`MUNICIPALITY_FONT_MAP_FILE: ${ownFont.mapFile}`, ''))).toEqual([
      expect.stringMatching(/^:2: '20BB7'/),
      expect.stringMatching(/^:3: 'F03F'/),
      expect.stringMatching(/^:5: 'U\+E001' stands above/),
    ]);
    expect(() => findGlyph('\ue000', ownFont)).toThrow(':3:');
  });

  test.each([
    ['見出しのない表', 'F040,U+20BB7\n', ':1: must begin with'],
    ['外字のない表', '外字,字形\n', 'has no 外字'],
    ['UTF-8でない表', Buffer.from([0x8a, 0x4f, 0x8e, 0x9a]), 'is not UTF-8'],
    ['フォントにない字形', '外字,字形\nF040,U+845B U+E01EF\n', 'no glyph at U+845B U+E01EF for U+E000'],
  ])('%sは使わない', (_note, table, fault) => {
    expect(fontFaults(fontWith(table)).join()).toContain(fault);
  });

  test('フォントのない対応表は、設定の誤りとして示す', () => {
    expect(() => readConfig({ MUNICIPALITY_FONT_MAP_FILE: 'gaiji.csv' })).toThrow(
      'MUNICIPALITY_FONT_MAP_FILE',
    );
    expect(fontFaults({ file: FONT_FILES.serif, mapFile: '/nowhere.csv' })).toEqual([
      'MUNICIPALITY_FONT_MAP_FILE: /nowhere.csv cannot be read',
    ]);
  });
});
