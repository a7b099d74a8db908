import type { MunicipalityFont } from '../config.ts';
import { BARCODE_POINTS, type CoverLetter } from './cover-letter.ts';
import { barcodeBars } from './customer-barcode.ts';
import { widthInEm } from './glyphs.ts';
import { BODY, FOLD_MARK, FOLDS, MM_PER_POINT, SENDER, SHEET } from './layout.ts';
import { breakLines } from './lines.ts';
import type { Pen } from './pen.ts';

const TEXT = 12;
const TITLE = 16;
const SMALL = 10.5;
const LEADING = 1.5;
const BASELINE = 0.88;
const TABLE = { label: 36, pad: 2, padDown: 1.3, grey: 0.4, labelGrey: 0.95 } as const;
const CONTACT_LEFT = 80;
const GAP = 2;
/** Nothing of the body stands below this, in mm from the top. */
const FOOT = 285;

/** Draws a cover letter on a new A4 page. Throws RangeError when its body is longer than the page. */
export function drawLetter(pen: Pen, letter: CoverLetter, ownFont: MunicipalityFont, watermark = ''): void {
  const { right, down } = letter.offset;
  pen.addPage(SHEET.width, SHEET.height);
  const text = (line: string, left: number, baseline: number, size: number) =>
    pen.text(line, left + right, baseline + down, size);
  pen.group('Sect', () => {
    pen.artifact(() => {
      for (const at of FOLDS)
        pen.line(FOLD_MARK.left, at + down, FOLD_MARK.left + FOLD_MARK.length, at + down, 0.15, 0.5);
      if (watermark !== '') text(watermark, 145, 90, 48);
    });
    pen.tagged('P', () => {
      for (const line of letter.address) text(line.text, line.left, line.baseline, line.size);
    });
    if (letter.barcode !== null) drawBars(pen, letter.barcode, letter.offset);
    pen.tagged('P', () => {
      let top: number = SENDER.top;
      const put = (line: string) => {
        for (const one of breakLines(line, SENDER.width / MM_PER_POINT / TEXT, ownFont)) {
          text(one, SENDER.left, top + TEXT * BASELINE * MM_PER_POINT, TEXT);
          top += TEXT * LEADING * MM_PER_POINT;
        }
      };
      if (letter.heading !== '') put(`（${letter.heading}）`);
      put(letter.date);
      top += GAP;
      for (const line of letter.sender) put(line);
    });
    drawBody(pen, letter, ownFont, text);
  });
}

type PutText = (line: string, left: number, baseline: number, size: number) => void;

function drawBody(pen: Pen, letter: CoverLetter, ownFont: MunicipalityFont, text: PutText): void {
  const { right, down } = letter.offset;
  let top: number = BODY.top;
  const lineHeight = (size: number) => size * LEADING * MM_PER_POINT;
  const put = (lines: readonly string[], left: number, from: number, size: number) => {
    lines.forEach((line, at) => {
      text(
        line,
        left,
        from + at * lineHeight(size) + size * (BASELINE + (LEADING - 1) / 2) * MM_PER_POINT,
        size,
      );
    });
  };
  const broken = (line: string, width: number, size: number) =>
    breakLines(line, width / MM_PER_POINT / size, ownFont);

  pen.tagged('H1', () => {
    for (const line of broken(letter.title, BODY.width, TITLE)) {
      const width = widthInEm(line, ownFont) * TITLE * MM_PER_POINT;
      put([line], BODY.left + (BODY.width - width) / 2, top, TITLE);
      top += lineHeight(TITLE);
    }
  });
  top += 2 * GAP;

  const drawRow = (label: string, value: string) => {
    const labels = broken(label, TABLE.label - 2 * TABLE.pad, TEXT);
    const values = broken(value, BODY.width - TABLE.label - 2 * TABLE.pad, TEXT);
    const height = Math.max(labels.length, values.length) * lineHeight(TEXT) + 2 * TABLE.padDown;
    const left = BODY.left;
    pen.artifact(() => {
      pen.box(left + right, top + down, TABLE.label, height, TABLE.labelGrey);
      pen.frame(left + right, top + down, TABLE.label, height, TABLE.grey);
      pen.frame(left + TABLE.label + right, top + down, BODY.width - TABLE.label, height, TABLE.grey);
    });
    pen.group('TR', () => {
      pen.tagged('TH', () => put(labels, left + TABLE.pad, top + TABLE.padDown, TEXT));
      pen.tagged('TD', () => put(values, left + TABLE.label + TABLE.pad, top + TABLE.padDown, TEXT));
    });
    top += height;
  };

  for (let at = 0; at < letter.blocks.length; at += 1) {
    const block = letter.blocks[at]!;
    if (block.kind === 'row') {
      top += GAP;
      pen.group('Table', () => {
        for (; at < letter.blocks.length; at += 1) {
          const row = letter.blocks[at]!;
          if (row.kind !== 'row') break;
          drawRow(row.label, row.value);
        }
      });
      at -= 1;
      top += 2 * GAP;
      continue;
    }
    const isContact = block.kind === 'contact';
    const size = isContact ? SMALL : TEXT;
    const left = isContact ? CONTACT_LEFT : 0;
    const lines = broken(isContact ? block.text : `　${block.text}`, BODY.width - left, size);
    pen.tagged('P', () => put(lines, BODY.left + left, top, size));
    top += lines.length * lineHeight(size) + (isContact ? 0 : GAP / 2);
  }
  if (letter.note !== '') {
    pen.tagged('P', () => put([letter.note], BODY.left, top + GAP, SMALL));
    top += GAP + lineHeight(SMALL);
  }
  if (top > FOOT) throw new RangeError('the body is longer than the page');
}

/** Draws the bars of a customer barcode, left and top in mm. */
export function drawBars(
  pen: Pen,
  { codes, left, top }: NonNullable<CoverLetter['barcode']>,
  offset: { right: number; down: number },
  pointSize: number = BARCODE_POINTS,
): void {
  pen.artifact(() => {
    for (const bar of barcodeBars(codes, pointSize).bars)
      pen.box(left + bar.left + offset.right, top + bar.top + offset.down, bar.width, bar.height, 0);
  });
}
