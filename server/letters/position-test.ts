import type { LetterFrame } from './cover-letter.ts';
import { alwaysSeen, FOLDS, type Rectangle, SHEET } from './layout.ts';
import type { Pen } from './pen.ts';
import { pdfBytes } from './render-letter.ts';

const EXAMPLE = { left: 20, top: 250 } as const;

/**
 * The position test (位置調整用紙): scales in mm of the sheet, the part always seen through the window, and a cross
 * 100 mm from the left and 150 mm from the top. By how much a ruler laid on the paper disagrees, the printer is off.
 */
export async function renderPositionTest(
  { window, offset, ownFont, sender }: LetterFrame,
  printerName: string,
  at: Date,
): Promise<Buffer> {
  const title = '位置調整用紙';
  return await pdfBytes({ title, author: sender.join(''), createdAt: at, ownFont }, (pen) => {
    const { right, down } = offset;
    pen.addPage(SHEET.width, SHEET.height);
    pen.group('Sect', () => {
      pen.artifact(() => {
        drawRulers(pen, offset);
        for (const fold of FOLDS) pen.line(right, fold + down, 8 + right, fold + down);
        const seen = alwaysSeen(window);
        frame(pen, seen, offset, 0);
        pen.line(90 + right, 150 + down, 110 + right, 150 + down);
        pen.line(100 + right, 140 + down, 100 + right, 160 + down);
      });
      const text = (line: string, left: number, top: number, size = 10.5) =>
        pen.text(line, left + right, top + down, size);
      pen.tagged('H1', () => text(title, 120, 30, 16));
      pen.tagged('P', () => text(`プリンター ${printerName}`, 120, 40));
      pen.tagged('P', () => text(`ずらす量 右へ${right}mm 下へ${down}mm`, 120, 47));
      pen.tagged('P', () => text('枠 用紙がどこに動いても窓から見える範囲', 20, 64));
      const lines = [
        '1 倍率100%（実際のサイズ）で印刷します。',
        '2 十字の中心が、紙の左端から100mm、上端から150mmにあるかを定規で測ります。',
        '3 右にずれた分だけ左へ（マイナス）、下にずれた分だけ上へ（マイナス）ずらす量を登録します。',
        '4 三つ折りにして封筒に入れ、左右上下に動かして、枠が窓から出ないかを確かめます。',
      ];
      lines.forEach((line, row) => {
        pen.tagged('P', () => text(line, EXAMPLE.left, EXAMPLE.top + row * 7));
      });
    });
  });
}

type Offset = LetterFrame['offset'];

function drawRulers(pen: Pen, { right, down }: Offset): void {
  for (let mm = 0; mm <= 200; mm += 1) {
    const length = mm % 10 === 0 ? 5 : mm % 5 === 0 ? 3.5 : 2;
    pen.line(mm + right, 210 + down, mm + right, 210 + length + down, 0.1);
    if (mm % 50 === 0 && mm > 0) pen.text(String(mm), mm - 2 + right, 219 + down, 8);
    if (mm % 50 === 0 && mm >= 100) pen.text(String(mm), 187 + right, mm + 1 + down, 8);
    if (mm >= 100) pen.line(180 + right, mm + down, 180 + length + right, mm + down, 0.1);
  }
}

function frame(pen: Pen, area: Rectangle, { right, down }: Offset, grey: number): void {
  pen.frame(area.left + right, area.top + down, area.width, area.height, grey);
}
