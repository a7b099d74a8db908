import type { AddressSizes } from '../address-block.ts';
import type { Destination, DestinationFrame, LetterProblem } from '../destination.ts';
import { drawBars } from '../draw-letter.ts';
import { SHEET } from '../layout.ts';
import type { Pen } from '../pen.ts';
import { type AddressCard, CARD_BARCODE_POINTS, composeAddressCard } from './address-card.ts';
import { LABEL_SHEETS, type LabelFormat, labelPlace } from './sheets.ts';

/** Labels as they are kept and drawn. */
export interface LabelRun {
  kind: 'labels';
  format: LabelFormat;
  /** Labels already used up on the first sheet. */
  skipped: number;
  offset: { right: number; down: number };
  labels: AddressCard[];
}

export const LABEL_SIZES: AddressSizes = {
  address: { most: 10.5, least: 7.5 },
  name: { most: 13, least: 9 },
  reference: 7,
};
const MARGIN = { x: 5, y: 3.5 } as const;

/** One label in mm from its own corner. */
export function composeLabel(
  destination: Destination,
  reference: string,
  frame: DestinationFrame,
  format: LabelFormat,
): AddressCard | { problem: LetterProblem } {
  const { width, height } = LABEL_SHEETS[format];
  return composeAddressCard(destination, reference, frame, {
    area: { left: MARGIN.x, top: MARGIN.y, width: width - 2 * MARGIN.x, height: height - 2 * MARGIN.y },
    sizes: LABEL_SIZES,
    hasBarcode: true,
    hasPostalCode: true,
  });
}

/** How many sheets a run takes: none without labels, wherever they would begin. */
export function sheetsOf({ format, skipped, labels }: LabelRun): number {
  if (labels.length === 0) return 0;
  const { columns, rows } = LABEL_SHEETS[format];
  return Math.ceil((skipped + labels.length) / (columns * rows));
}

/** Draws all sheets of a run. */
export function drawLabels(pen: Pen, { format, skipped, offset, labels }: LabelRun): void {
  const sheet = LABEL_SHEETS[format];
  let page = -1;
  const drawFrom = (first: number): number => {
    let at = first;
    for (; at < labels.length; at += 1) {
      const place = labelPlace(sheet, skipped + at);
      if (place.page !== page) break;
      const moved = { right: place.left + offset.right, down: place.top + offset.down };
      drawCard(pen, labels[at]!, moved);
    }
    return at;
  };
  for (let at = 0; at < labels.length; ) {
    page = labelPlace(sheet, skipped + at).page;
    pen.addPage(SHEET.width, SHEET.height);
    const from = at;
    pen.group('Sect', () => {
      at = drawFrom(from);
    });
  }
}

/** Draws an address with its barcode, `moved` mm from the corner of the sheet. */
export function drawCard(
  pen: Pen,
  { lines, barcode }: AddressCard,
  moved: { right: number; down: number },
): void {
  pen.tagged('P', () => {
    for (const { text, left, baseline, size } of lines)
      pen.text(text, left + moved.right, baseline + moved.down, size);
  });
  if (barcode !== null) drawBars(pen, barcode, moved, CARD_BARCODE_POINTS);
}
