import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFirstExtract } from '../../jobs/dummy/extract-file.ts';
import { readPeople } from '../../jobs/dummy/read-lines.ts';
import type { Person } from '../../jobs/dummy/row.ts';
import { extractFileName, writeLines } from '../../jobs/dummy/write-lines.ts';
import type { AppContext } from '../../server/context.ts';
import { type ImportOptions, importHostExtract } from '../../server/host-import/run.ts';
import { testActor } from './app.ts';

/** The base dates of the files a test imports one after the other. */
export const BASES = ['2026-10-15', '2026-10-31', '2026-11-15', '2026-11-30'] as const;

/**
 * People as the host has them, made up, the same for the same seed. Those who are elderly and nothing else come
 * first: a small category is soon over its limit.
 */
export async function drawPeople(people: number, seed = 7): Promise<Person[]> {
  const directory = folder();
  const { file } = await writeFirstExtract({ people, seed, baseOn: BASES[0], directory, number: '01' });
  const drawn = await Array.fromAsync(readPeople(file));
  return [...drawn.filter(isOnlyElderly), ...drawn.filter((one) => !isOnlyElderly(one))];
}

/** Writes a sound extract, with a right trailer, of whatever people it is given. Returns its path. */
export async function writeExtract(
  people: readonly Person[],
  baseOn: string,
  { directory = folder(), number = '01' } = {},
): Promise<string> {
  const path = join(directory, extractFileName(baseOn, number));
  await writeLines(path, { baseOn, number }, people);
  return path;
}

/** Imports an extract of these people as a job does. */
export async function importThese(
  context: AppContext,
  people: readonly Person[],
  baseOn: string,
  options?: ImportOptions,
) {
  return await importHostExtract(context, testActor(context), await writeExtract(people, baseOn), options);
}

/** Everything the register says of its people, for comparing before with after. */
export async function registerNow({ db }: AppContext) {
  return await db.selectFrom('person').selectAll().orderBy('residentNumber').execute();
}

function isOnlyElderly({ elderly, disabled, child }: Person): boolean {
  return elderly === '1' && disabled === '0' && child === '0';
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'fnt-extract-'));
}
