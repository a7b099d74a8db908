import { describe, expect, test } from 'vitest';
import { makePrintable } from '../../server/letters/characters.ts';
import { openFont } from '../../server/letters/fonts.ts';
import { charactersOf, findGlyph, glyphsOf, STAND_IN_MARK } from '../../server/letters/glyphs.ts';
import { pdfBytes } from '../../server/letters/render-letter.ts';
import { readRules } from '../calendar/read-rules.ts';
import { readPdf } from '../support/pdf.ts';
import { NO_FONT } from './letter-samples.ts';

const names = readRules<'name'>('letters/hard-names.csv');
const none = new Map<string, string>();

describe('むずかしい氏名', () => {
  test.each(names)('%s', (_note, { name }) => {
    expect(makePrintable(name, '氏名', none, NO_FONT)).toEqual({ text: name });
    for (const glyph of glyphsOf(name, NO_FONT)) {
      expect(glyph!.id, 'not .notdef').toBeGreaterThan(0);
      const outline = openFont(glyph!.fontFile).getGlyph(glyph!.id);
      expect(outline.advanceWidth).toBeGreaterThanOrEqual(0);
    }
  });

  test('一枚の紙に並べて印字し、読み戻す', async () => {
    const createdAt = new Date('2026-11-20T00:00:00Z');
    const facts = { title: '文字の見本', author: '試験', createdAt, ownFont: NO_FONT };
    const pdf = await readPdf(
      await pdfBytes(facts, (pen) => {
        pen.addPage(210, 297);
        pen.group('Sect', () => {
          for (const [at, [, { name }]] of names.entries())
            pen.tagged('P', () => pen.text(name, 20, 20 + at * 10, 14));
        });
      }),
    );
    const withoutSpaces = (text: string) => text.replace(/\s/gu, '');
    expect(withoutSpaces(pdf.text)).toBe(withoutSpaces(names.map(([, { name }]) => name).join('')));
    expect(pdf.fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
  });
});

describe('異体字', () => {
  test('IVSで選んだ字形は、ふつうの字形と違う', () => {
    const usual = findGlyph('辻', NO_FONT)!;
    const variant = findGlyph('辻\u{E0100}', NO_FONT)!;
    expect(variant.isStandIn).toBe(false);
    expect([variant.fontFile, variant.id]).not.toEqual([usual.fontFile, usual.id]);
    expect(variant.codePoints).toEqual([0x8fbb, 0xe0100]);
  });

  test('どのフォントにもない異体字は、ふつうの字形に印を付けて代える', () => {
    const variant = findGlyph('邉\u{E01EF}', NO_FONT)!;
    expect([variant.id, variant.isStandIn]).toEqual([findGlyph('邉', NO_FONT)!.id, true]);
  });

  test('選択子と印は字と一組で数える', () => {
    expect(charactersOf(`葛\u{E0100}𠮷a${STAND_IN_MARK}`)).toEqual([
      '葛\u{E0100}',
      '𠮷',
      `a${STAND_IN_MARK}`,
    ]);
  });
});

describe('外字', () => {
  test('代替文字に印を付けて印字する', () => {
    const replacements = new Map([['F040', '髙']]);
    expect(makePrintable('\ue000橋', '氏名', replacements, NO_FONT)).toEqual({
      text: `髙${STAND_IN_MARK}橋`,
    });
  });

  test('代替文字がなければ、ホストのコードを挙げて保留する', () => {
    const { problem } = makePrintable('\ue001橋', '氏名', none, NO_FONT);
    expect(problem).toContain('F041');
    expect(problem).toContain('代替文字を登録');
  });

  test('代替文字も印字できなければ保留する', () => {
    expect(makePrintable('\ue000', '氏名', new Map([['F040', '\ue001']]), NO_FONT).problem).toContain('F040');
  });

  test('どのフォントにもない文字は、コードを挙げて保留する', () => {
    expect(makePrintable('\u{323AF}', '氏名', none, NO_FONT).problem).toContain('U+323AF');
  });
});
