import { DUMMY_PREFIX } from '../../server/host-import/dummy-mark.ts';
import type { Random } from './random.ts';

/**
 * A made-up 住民番号 is the mark, nine digits of serial and the check digit: 15 digits. Serials below half are those of
 * a first file; above lie those of newcomers, a block of their own for each base date, so that nobody moves in under
 * the number of someone who left in a file no longer at hand.
 */
const HALF = 500_000_000;
const BLOCK = 25_000;
const BLOCKS = HALF / BLOCK;
/** Odd and no multiples of 5, so index × spread mod HALF (or BLOCK) passes through every serial once. */
const SPREAD = 314_606_869;
const NEWCOMER_SPREAD = 7919;
const OLD_NUMBER_SHARE = 0.01;

/** The number of the person at `index` (0 up to 499,999,999) of the first file made from `seed`. */
export function firstNumber(random: Random, seed: number, index: number): string {
  const serial = Number((BigInt(index) * BigInt(SPREAD) + BigInt(seed) * 104_729n) % BigInt(HALF));
  return numberOf(random, serial);
}

/** The number of the newcomer at `index` (0 up to 24,999) of the file whose base date is `day` days after 1970. */
export function newcomerNumber(random: Random, day: number, index: number): string {
  if (index >= BLOCK) throw new RangeError(`More than ${BLOCK} newcomers in one file are not provided for.`);
  const place = (index * NEWCOMER_SPREAD) % BLOCK;
  return numberOf(random, HALF + (day % BLOCKS) * BLOCK + place);
}

/**
 * The check digit of 住民番号: modulus 11 with the weights 2–7 from the lowest digit on; the remainders 0 and 1 both
 * give 0.
 */
export function checkDigit(body: string): number {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) {
    sum += (body.charCodeAt(body.length - 1 - place) - 48) * ((place % 6) + 2);
  }
  const remainder = sum % 11;
  return remainder < 2 ? 0 : 11 - remainder;
}

/** One number in a hundred is an old one: its last digit is a digit like any other, and never happens to fit. */
function numberOf(random: Random, serial: number): string {
  const body = DUMMY_PREFIX + String(serial).padStart(9, '0');
  const check = checkDigit(body);
  const last = random.chance(OLD_NUMBER_SHARE) ? (check + 1 + random.int(9)) % 10 : check;
  return body + last;
}
