import { addressNumbers } from './barcode-numbers.ts';

// The customer barcode (カスタマバーコード) of Japan Post, after the 郵便番号・バーコードマニュアル (zipmanual).

const CONTROLS = ['CC1', 'CC2', 'CC3', 'CC4', 'CC5', 'CC6', 'CC7', 'CC8'] as const;
type Control = (typeof CONTROLS)[number];
/** A digit, the hyphen or a control code; a letter takes two, such as CC1 and 1 for B. */
export type Code = `${number}` | '-' | Control | 'STC' | 'SPC';

const NUMBER_CODES = 13;
const FILLER: Control = 'CC4';
// The value of each code for the check digit (manual p21): digits 0–9, hyphen 10, CC1–CC8 11–18.
const VALUES: readonly Code[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', ...CONTROLS];

// Three bars a code (manual p13): 1 long, 2 upper half, 3 lower half, 4 timing.
const BARS: Readonly<Record<Code, string>> = {
  '1': '114',
  '2': '132',
  '3': '312',
  '4': '123',
  '5': '141',
  '6': '321',
  '7': '213',
  '8': '231',
  '9': '411',
  '0': '144',
  '-': '414',
  CC1: '324',
  CC2: '342',
  CC3: '234',
  CC4: '432',
  CC5: '243',
  CC6: '423',
  CC7: '441',
  CC8: '111',
  STC: '13',
  SPC: '31',
};

/**
 * The codes of a letter's barcode from start to stop, given the seven digits of the postal code and the address
 * with its 方書. Undefined when there is none to print: without a postal code, for a 代表番号 (last two digits
 * 00: the address is not in the postal code, manual p18), or when the address has no numbers.
 */
export function customerBarcode(postalCode: string, address: string): Code[] | undefined {
  if (!/^\d{7}$/.test(postalCode) || postalCode.endsWith('00')) return undefined;
  const numbers = addressNumbers(address);
  if (numbers === '') return undefined;
  const codes = [...numbers].flatMap(codesOf).slice(0, NUMBER_CODES);
  while (codes.length < NUMBER_CODES) codes.push(FILLER);
  const checked = [...([...postalCode] as Code[]), ...codes];
  return ['STC', ...checked, checkDigit(checked), 'SPC'];
}

/** The code that makes the sum of all values a multiple of 19. */
export function checkDigit(codes: readonly Code[]): Code {
  const sum = codes.reduce((running, code) => running + VALUES.indexOf(code), 0);
  return VALUES[(19 - (sum % 19)) % 19]!;
}

/** A–J are CC1 and 0–9, K–T CC2 and 0–9, U–Z CC3 and 0–5. */
function codesOf(char: string): Code[] {
  if (!/[A-Z]/.test(char)) return [char as Code];
  const place = char.charCodeAt(0) - 'A'.charCodeAt(0);
  return [CONTROLS[Math.floor(place / 10)]!, String(place % 10) as Code];
}

/** One bar as a rectangle in mm from the upper left corner of the barcode. */
export interface Bar {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Sizes in mm at 10 points; every one grows with the point size, which may be 8 to 11.5 (manual p12). */
const STANDARD = { long: 3.6, timing: 1.2, pitch: 1.2, width: 0.6 } as const;
export const BARCODE_POINTS = { least: 8, most: 11.5 } as const;
/** Nothing else stands within this many mm of a barcode on any side. */
export const BARCODE_CLEARANCE = 2;

/** The 67 bars and the size they take in mm (79.8 × 3.6 at 10 points). Throws RangeError for a size Japan Post does not take. */
export function barcodeBars(
  codes: readonly Code[],
  pointSize: number,
): { bars: Bar[]; width: number; height: number } {
  if (!(pointSize >= BARCODE_POINTS.least && pointSize <= BARCODE_POINTS.most)) {
    throw new RangeError(`${pointSize} points: a customer barcode takes 8 to 11.5`);
  }
  const scale = pointSize / 10;
  const third = STANDARD.timing * scale;
  const kinds = codes.map((code) => BARS[code]).join('');
  const bars = [...kinds].map((kind, at) => {
    const reachesUp = kind === '1' || kind === '2';
    const reachesDown = kind === '1' || kind === '3';
    return {
      left: at * STANDARD.pitch * scale,
      top: reachesUp ? 0 : third,
      width: STANDARD.width * scale,
      height: third * (1 + Number(reachesUp) + Number(reachesDown)),
    };
  });
  const width = ((kinds.length - 1) * STANDARD.pitch + STANDARD.width) * scale;
  return { bars, width, height: STANDARD.long * scale };
}
