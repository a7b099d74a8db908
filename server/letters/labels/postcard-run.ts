import type { MunicipalityFont } from '../../config.ts';
import type { AddressSizes } from '../address-block.ts';
import type { Destination, DestinationFrame, LetterProblem } from '../destination.ts';
import { MM_PER_POINT } from '../layout.ts';
import { breakLines } from '../lines.ts';
import type { Pen } from '../pen.ts';
import type { Block } from '../template.ts';
import { type AddressCard, composeAddressCard } from './address-card.ts';
import { drawCard } from './label-run.ts';

/** Postcards as they are kept and drawn: one wording, an address side each. */
export interface PostcardRun {
  kind: 'postcards';
  title: string;
  blocks: Block[];
  sender: readonly string[];
  offset: { right: number; down: number };
  cards: (AddressCard & { postalCode: string })[];
}

/** A postcard (通常はがき) in mm. */
const CARD = { width: 100, height: 148 } as const;
const AREA = { left: 14, top: 42, width: 72, height: 50 } as const;
const SIZES: AddressSizes = {
  address: { most: 12, least: 8 },
  name: { most: 16, least: 10 },
  reference: 7,
};
/** The left edges of the boxes for the postal code printed on every postcard, 5.7 mm wide, 8 mm high. */
const POSTAL_BOXES = [44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3] as const;
const POSTAL_BOX = { width: 5.7, baseline: 18.2, size: 15 } as const;
const SENDER = { left: 14, top: 118, step: 4.6, size: 8.5 } as const;
const TEXT = { left: 10, top: 16, width: 80, title: 14, size: 11, small: 9.5 } as const;
const LEADING = 1.55;

/** The address side of a postcard, in mm from its corner. */
export function composePostcard(
  destination: Destination,
  frame: DestinationFrame,
): (AddressCard & { postalCode: string }) | { problem: LetterProblem } {
  const card = composeAddressCard(destination, '', frame, {
    area: AREA,
    sizes: SIZES,
    hasBarcode: true,
    hasPostalCode: false,
  });
  return 'problem' in card ? card : { ...card, postalCode: destination.postalCode };
}

/** Draws both sides of every card, the address first. */
export function drawPostcards(pen: Pen, run: PostcardRun, ownFont: MunicipalityFont): void {
  const { right, down } = run.offset;
  const text = (line: string, left: number, baseline: number, size: number) =>
    pen.text(line, left + right, baseline + down, size);
  for (const card of run.cards) {
    pen.addPage(CARD.width, CARD.height);
    pen.group('Sect', () => {
      pen.tagged('P', () => {
        [...card.postalCode].forEach((digit, at) => {
          const centre = POSTAL_BOXES[at]! + POSTAL_BOX.width / 2;
          text(digit, centre - (POSTAL_BOX.size * MM_PER_POINT) / 4, POSTAL_BOX.baseline, POSTAL_BOX.size);
        });
      });
      drawCard(pen, card, run.offset);
      pen.tagged('P', () => {
        for (const [at, line] of run.sender.entries())
          text(line, SENDER.left, SENDER.top + at * SENDER.step, SENDER.size);
      });
    });
    pen.addPage(CARD.width, CARD.height);
    pen.group('Sect', () => drawMessage(pen, run, ownFont, text));
  }
}

function drawMessage(
  pen: Pen,
  { title, blocks }: PostcardRun,
  ownFont: MunicipalityFont,
  text: (line: string, left: number, baseline: number, size: number) => void,
): void {
  let top: number = TEXT.top;
  const put = (content: string, size: number) => {
    for (const line of breakLines(content, TEXT.width / MM_PER_POINT / size, ownFont)) {
      text(line, TEXT.left, top, size);
      top += size * LEADING * MM_PER_POINT;
    }
  };
  pen.tagged('H1', () => put(title, TEXT.title));
  top += 3;
  for (const block of blocks) {
    pen.tagged('P', () => {
      if (block.kind === 'row') put(`${block.label}　${block.value}`, TEXT.size);
      else if (block.kind === 'contact') put(block.text, TEXT.small);
      else put(`　${block.text}`, TEXT.size);
    });
    top += block.kind === 'paragraph' ? 2 : 0;
  }
  if (top > CARD.height - 6) throw new RangeError('the wording is longer than the card');
}
