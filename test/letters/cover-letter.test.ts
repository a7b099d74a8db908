import { describe, expect, test } from 'vitest';
import { fillLines } from '../../server/letters/address-block.ts';
import { composeCoverLetter } from '../../server/letters/cover-letter.ts';
import { alwaysSeen } from '../../server/letters/layout.ts';
import { breakLines } from '../../server/letters/lines.ts';
import { renderLetter } from '../../server/letters/render-letter.ts';
import { readPdf } from '../support/pdf.ts';
import { FRAME, facts, letterOf, NO_FONT, TEMPLATE } from './letter-samples.ts';

/** pdf.js gives a full-width space as an ordinary one. */
const withoutSpaces = (text: string) => text.replace(/\s/gu, '');

const AT = new Date('2026-11-20T01:30:00.000Z');

describe('窓付き封筒', () => {
  const { window } = FRAME;

  test.each([
    ['ふつうの宛名', {}],
    [
      '長い住所と方書',
      {
        address: '西新宿七丁目１２３番４５６号',
        building: 'ザ・パークハウス西新宿タワーレジデンス六十番館３００２号室',
      },
    ],
    [
      '送付先が遠くの長い住所',
      {
        postalCode: '0640804',
        address: '北海道札幌市中央区南四条西二十九丁目１５２４番２３号',
        building: '第２郵便ハウス５０１号',
      },
    ],
    ['長いローマ字の氏名', { addressee: 'MARIA APARECIDA DOS SANTOS DE OLIVEIRA FERNANDES CAVALCANTI' }],
  ])('%s: 用紙がどこに動いても、窓の中にある', async (_note, over) => {
    const pdf = await readPdf(await renderLetter(letterOf(over), AT, NO_FONT));
    const block = pdf.pieces.filter(({ top, left }) => top < 60 && left < 110);
    expect(block.length).toBeGreaterThanOrEqual(4);
    for (const right of [0, window.slideRight]) {
      for (const down of [0, window.slideDown]) {
        for (const piece of block) {
          expect(piece.left + right).toBeGreaterThanOrEqual(window.left);
          expect(piece.left + piece.width + right).toBeLessThanOrEqual(window.left + window.width + 0.01);
          expect(piece.top + down).toBeGreaterThanOrEqual(window.top - 0.6);
          expect(piece.top + piece.height + down).toBeLessThanOrEqual(window.top + window.height + 0.01);
        }
      }
    }
  });

  test('プリンターのずれは紙の上で打ち消す', async () => {
    const plain = await readPdf(await renderLetter(letterOf(), AT, NO_FONT));
    const moved = await readPdf(
      await renderLetter(letterOf({}, { offset: { right: 1.5, down: -2 } }), AT, NO_FONT),
    );
    moved.pieces.forEach((piece, at) => {
      expect(piece.left - plain.pieces[at]!.left).toBeCloseTo(1.5, 2);
      expect(piece.top - plain.pieces[at]!.top).toBeCloseTo(-2, 2);
    });
  });

  test('収まらない宛名は切らずに文字超過として保留する', () => {
    const building = '東京都健康長寿医療センター附属特別養護老人ホーム新宿さくら苑東館三階'.repeat(3);
    const { problem } = composeCoverLetter(facts({ building }), TEMPLATE, FRAME);
    expect(problem).toMatchObject({ kind: 'overflow' });
  });

  test('住所のない人は保留する', () => {
    expect(composeCoverLetter(facts({ address: ' ' }), TEMPLATE, FRAME).problem).toMatchObject({
      kind: 'address',
    });
  });

  test('カスタマバーコードは、周囲2mmを取れる窓にだけ印字する', () => {
    expect(letterOf({}, { hasBarcode: true }).barcode).toBeNull();
    const wide = { ...window, width: 100, height: 60 };
    const { barcode } = letterOf({}, { hasBarcode: true, window: wide });
    const area = alwaysSeen(wide);
    expect(barcode!.left).toBeGreaterThanOrEqual(area.left + 2);
    expect(barcode!.left + 63.84).toBeLessThanOrEqual(area.left + area.width - 2);
    expect(barcode!.top + 2.88).toBeLessThanOrEqual(area.top + area.height - 2);
  });
});

describe('行の折り返し', () => {
  test.each([
    ['丁目のあと', '西新宿七丁目１２３番４５６号', 8, ['西新宿七丁目', '１２３番４５６号']],
    ['番のあと', '高田馬場一丁目１２３番４５６号', 11, ['高田馬場一丁目１２３番', '４５６号']],
    ['号室は分けない', '新宿荘１号室２号', 6, ['新宿荘１号室', '２号']],
    ['空白', '新宿マンション　東棟３０２', 9, ['新宿マンション', '東棟３０２']],
    [
      'かなと漢字の境',
      '西新宿タワーレジデンス六十番館３００２号室',
      12,
      ['西新宿タワーレジデンス', '六十番館３００２号室'],
    ],
    ['切れ目がないとき', 'あいうえおかきくけこ', 4, ['あいうえ', 'おかきく', 'けこ']],
  ])('住所: %s', (_note, text, width, lines) => {
    expect(fillLines(text, width, 3, NO_FONT)).toEqual(lines);
  });

  test('本文: 句読点と閉じかっこは行の頭に来ない', () => {
    const lines = breakLines(
      '入浴証をお送りします。「ご本人」に限ります。ほかの方は使えません。',
      10,
      NO_FONT,
    );
    expect(lines.join('')).toBe('入浴証をお送りします。「ご本人」に限ります。ほかの方は使えません。');
    for (const line of lines) expect(line).not.toMatch(/^[。、」]/);
    expect(lines.length).toBeGreaterThan(3);
  });

  test('本文: 数字だけが違う文は同じ所で折り返す', () => {
    const text = (number: string) =>
      `整理番号${number}の入浴証を令和8年11月20日に交付しましたのでお送りします。`;
    const first = breakLines(text('26-000001'), 12, NO_FONT).map(({ length }) => length);
    expect(breakLines(text('26-987654'), 12, NO_FONT).map(({ length }) => length)).toEqual(first);
  });
});

describe('PDF', () => {
  test('題名、言語、読み上げの順、埋め込んだフォント', async () => {
    const pdf = await readPdf(await renderLetter(letterOf({ addressee: '𠮷田　花子' }), AT, NO_FONT));
    expect(pdf).toMatchObject({ pages: 1, language: 'ja', isTagged: true });
    expect(pdf.title).toBe('令和8年度 ふれあい入浴証の送付について 20261120-00-00001');
    const order = [
      '〒160-0022',
      '新宿区新宿一丁目２番３号',
      '𠮷田　花子　様',
      '26-000123',
      '令和8年11月20日',
      '送付について',
      '𠮷田　花子様に',
      '有効期間',
      'お問い合わせ',
    ];
    const text = withoutSpaces(pdf.text);
    const places = order.map((one) => text.indexOf(withoutSpaces(one)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(pdf.fonts.map(({ isEmbedded }) => isEmbedded)).toEqual([true, true]);
  });

  test('同じ内容は同じバイト列になり、日時が違えば違う', async () => {
    const first = await renderLetter(letterOf(), AT, NO_FONT);
    expect((await renderLetter(letterOf(), AT, NO_FONT)).equals(first)).toBe(true);
    expect((await renderLetter(letterOf(), new Date(AT.getTime() + 1000), NO_FONT)).equals(first)).toBe(
      false,
    );
  });

  test('台帳の文字はリンクにもスクリプトにもならない', async () => {
    const addressee = '<b>/JS (app.alert(1)) https://example.jp';
    const bytes = await renderLetter(letterOf({ addressee }), AT, NO_FONT);
    expect(bytes.toString('latin1')).not.toMatch(/\/(JS|JavaScript|URI|Launch|Annots)\b/);
  });

  test('再発行の送付状はそう名乗る', async () => {
    expect((await readPdf(await renderLetter(letterOf({ isReprint: true }), AT, NO_FONT))).text).toContain(
      '（再発行）',
    );
  });

  test('代わりの文字には印と断り書きが付く', async () => {
    const frame = { replacements: new Map([['F040', '髙']]) };
    const letter = letterOf({ addressee: '\ue000橋　花子' }, frame);
    const pdf = await readPdf(await renderLetter(letter, AT, NO_FONT));
    expect(withoutSpaces(pdf.text)).toContain('髙橋花子様');
    expect(pdf.text).toContain('下線のある文字');
  });
});
