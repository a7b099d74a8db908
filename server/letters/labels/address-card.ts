import { type AddressSizes, type PlacedLine, placeAddress } from '../address-block.ts';
import { BARCODE_CLEARANCE, type Code, customerBarcode } from '../customer-barcode.ts';
import {
  type Destination,
  type DestinationFrame,
  type LetterProblem,
  makeDestination,
  OVERFLOW,
} from '../destination.ts';
import type { Rectangle } from '../layout.ts';

// An address with its customer barcode directly under the name, on a label or a postcard.

export interface AddressCard {
  lines: PlacedLine[];
  barcode: { codes: Code[]; left: number; top: number } | null;
}

export interface CardShape {
  /** Where the address may stand, in mm from the card's corner. */
  area: Rectangle;
  sizes: AddressSizes;
  /** Whether a barcode is wanted; there is none where it does not fit with its clearance. */
  hasBarcode: boolean;
  /** Postcards have boxes for it elsewhere. */
  hasPostalCode: boolean;
}

/** Points; 9 gives a barcode 71.8 mm long. */
export const CARD_BARCODE_POINTS = 9;
const BARCODE = { width: 71.82, height: 3.24 } as const;

/** Places an address on a card. Pure. */
export function composeAddressCard(
  destination: Destination,
  reference: string,
  frame: DestinationFrame,
  { area, sizes, hasBarcode, hasPostalCode }: CardShape,
): AddressCard | { problem: LetterProblem } {
  const made = makeDestination(destination, frame);
  if ('problem' in made) return made;
  const fits = area.width >= BARCODE.width;
  const codes =
    hasBarcode && fits
      ? customerBarcode(destination.postalCode, `${made.address} ${made.building}`)
      : undefined;
  const room = codes === undefined ? 0 : BARCODE.height + BARCODE_CLEARANCE;
  const text = {
    postalCode: hasPostalCode ? destination.postalCode : '',
    address: made.address,
    building: made.building,
    name: `${made.name}　様`,
    reference,
  };
  const lines = placeAddress(text, { ...area, height: area.height - room }, sizes, frame.ownFont);
  if (lines === undefined) return { problem: { kind: 'overflow', sentence: OVERFLOW } };
  if (codes === undefined) return { lines, barcode: null };
  const top = lines.at(-1)!.baseline + BARCODE_CLEARANCE + 1;
  return { lines, barcode: { codes, left: area.left, top } };
}
