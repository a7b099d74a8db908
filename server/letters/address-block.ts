import type { MunicipalityFont } from '../config.ts';
import { charactersOf, widthInEm } from './glyphs.ts';
import { MM_PER_POINT, type Rectangle } from './layout.ts';

// The address block (宛名): postal code, address, 方書, name, reference. It is broken at the places a reader
// expects and shrinks to a floor; what does not fit then is told, never cut.

export interface PlacedLine {
  text: string;
  /** In points. */
  size: number;
  /** In mm on the sheet; `baseline` from its upper edge. */
  left: number;
  baseline: number;
}

export interface AddressText {
  postalCode: string;
  address: string;
  building: string;
  name: string;
  reference: string;
}

export interface AddressSizes {
  address: { most: number; least: number };
  name: { most: number; least: number };
  reference: number;
}

/** Points. The floors are what a postman reads without a glass. */
export const LETTER_SIZES: AddressSizes = {
  address: { most: 10.5, least: 8 },
  name: { most: 13, least: 9 },
  reference: 7,
};

const STEP = 0.5;
const MOST_ADDRESS_LINES = 3;
const MOST_BUILDING_LINES = 2;
const MOST_NAME_LINES = 2;
const LEADING = 1.18;
/** The baseline below the top of a line, in em. */
const BASELINE = 0.88;
/** Between the address and the name, in em of the name. */
const NAME_GAP = 0.25;

// Places a reader expects a line to end: after 丁目, 番, 番地, 号 and a space; failing these where kana, letters or
// figures meet other characters; failing these anywhere.
const BREAKS = [
  /(?<=丁目|番地|番(?![地館街町])|号(?![室棟館])|[\s\u3000])/u,
  /(?<=[ァ-ヶー])(?![ァ-ヶー])|(?<![0-9０-９])(?=[0-9０-９])|(?<=[A-Za-zＡ-Ｚａ-ｚ])(?![A-Za-zＡ-Ｚａ-ｚ])/u,
] as const;

/**
 * Places the address block in a rectangle of the sheet (mm): as large as fits, names and address apart.
 * Undefined when it does not fit at the smallest sizes; the letter then goes to the 文字超過リスト.
 */
export function placeAddress(
  text: AddressText,
  area: Rectangle,
  sizes: AddressSizes,
  ownFont: MunicipalityFont,
): PlacedLine[] | undefined {
  for (let name = sizes.name.most; name >= sizes.name.least; name -= STEP) {
    const nameLines = fillLines(text.name, area.width / MM_PER_POINT / name, MOST_NAME_LINES, ownFont);
    const isSqueezed = nameLines !== undefined && nameLines.length > 1 && name > sizes.name.least;
    if (nameLines === undefined || isSqueezed) continue;
    for (let size = sizes.address.most; size >= sizes.address.least; size -= STEP) {
      const lines = addressLines(text, area.width / MM_PER_POINT / size, ownFont);
      if (lines === undefined) continue;
      const placed = stack(
        lines,
        nameLines,
        text.reference,
        { size, name, reference: sizes.reference },
        area,
      );
      if (placed !== undefined) return placed;
    }
  }
  return undefined;
}

function addressLines(text: AddressText, width: number, ownFont: MunicipalityFont): string[] | undefined {
  const address = fillLines(text.address, width, MOST_ADDRESS_LINES, ownFont);
  const building = fillLines(text.building, width, MOST_BUILDING_LINES, ownFont);
  if (address === undefined || building === undefined) return undefined;
  return [formatPostalCode(text.postalCode), ...address, ...building].filter((line) => line !== '');
}

/** '〒160-0022'; '' for what is no postal code. */
export function formatPostalCode(code: string): string {
  return /^\d{7}$/.test(code) ? `〒${code.slice(0, 3)}-${code.slice(3)}` : '';
}

function stack(
  lines: readonly string[],
  nameLines: readonly string[],
  reference: string,
  { size, name, reference: small }: { size: number; name: number; reference: number },
  area: Rectangle,
): PlacedLine[] | undefined {
  const placed: PlacedLine[] = [];
  let down = 0;
  const put = (text: string, points: number) => {
    const baseline = area.top + (down + points * BASELINE) * MM_PER_POINT;
    placed.push({ text, size: points, left: area.left, baseline });
    down += points * LEADING;
  };
  for (const line of lines) put(line, size);
  down += name * NAME_GAP;
  for (const line of nameLines) put(line, name);
  if (reference !== '') put(reference, small);
  return down * MM_PER_POINT <= area.height ? placed : undefined;
}

/**
 * Fills lines of `width` em with the pieces of a text, breaking at the best places that do. Undefined when it takes
 * more than `most` lines.
 */
export function fillLines(
  text: string,
  width: number,
  most: number,
  ownFont: MunicipalityFont,
): string[] | undefined {
  if (text === '') return [];
  const lines: string[] = [];
  let line = '';
  const fits = (candidate: string) => widthInEm(candidate.trimEnd(), ownFont) <= width;
  const fill = (part: string, level: number) => {
    const breaks = BREAKS[level];
    for (const piece of breaks === undefined ? charactersOf(part) : part.split(breaks)) {
      if (fits(line + piece)) line += piece;
      else if (fits(piece) || breaks === undefined) {
        lines.push(line);
        line = piece;
      } else fill(piece, level + 1);
    }
  };
  fill(text, 0);
  lines.push(line);
  const made = lines.map((one) => one.trim()).filter((one) => one !== '');
  return made.length <= most ? made : undefined;
}
