/**
 * How data made by `jobs/generate-dummy-extract.ts` is told from real people's: its 住民番号 lie in a range of their
 * own. Fifteen digits beginning 09990 would be the number of a municipality that has handed out more than 99 billion
 * of them, and serials start at 1 and run upwards, so no real number comes near. The mark is in the key of every row,
 * so it survives copying, sorting and cutting of a file: a production register refuses any row that bears it, the
 * demo refuses any row that does not.
 */
export const DUMMY_PREFIX = '09990';

/** Whether a 住民番号, as written in the file (15 digits with its leading zeros), is of the made-up range. */
export function isDummyResidentNumber(number: string): boolean {
  return number.length === 15 && number.startsWith(DUMMY_PREFIX);
}
