import { hash, randomInt } from 'node:crypto';

// Read over the telephone and typed by hand: no 0/O, 1/I/L, and in groups of four.
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const GROUPS = 4;

/** A new code for a first sign-in, such as `7KQM-X2PA-9BTR-HW4E` (79 random bits). */
export function newOneTimeCode(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** What is stored of a code. Hyphens, spaces, case and width do not matter when it is typed. */
export function hashOneTimeCode(code: string): string {
  return hash(
    'sha256',
    code
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[^0-9A-Z]/g, ''),
  );
}
