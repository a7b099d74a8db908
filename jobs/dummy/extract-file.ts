import path from 'node:path';
import type { LocalDate } from '../../server/calendar/local-date.ts';
import { type Churn, type HalfMonth, nextPeople, returningPeople } from './churn.ts';
import { dayOfDate, nextExtractDate } from './days.ts';
import { drawBornOnLastDayOfTaisho, drawElderly, drawUnderSixty } from './person.ts';
import { elderlyAmong } from './population.ts';
import { createRandom } from './random.ts';
import { readBaseDate, readPeople } from './read-lines.ts';
import { firstNumber } from './resident-number.ts';
import type { Person } from './row.ts';
import { type Counts, extractFileName, writeLines } from './write-lines.ts';

/** What was written. People and categories are those of the 住登者: `ended` rows come on top of them in a next file. */
export interface FirstSummary extends Counts {
  readonly file: string;
  readonly baseDate: LocalDate;
}

export interface NextSummary extends FirstSummary, Churn {}

interface Place {
  readonly directory: string;
  /** The serial number of the extract on its day, two digits. */
  readonly number: string;
  /** A name other than FNT_YYYYMMDD_nn.csv. */
  readonly fileName?: string | undefined;
}

/** From so many people on, one was born on the last day of 大正. */
const ENOUGH_FOR_TAISHO = 1000;

/**
 * Writes an extract of made-up people who are all 住登者. The same seed, number of people and base date always give
 * the same file. Holds only a chunk of it in memory, whatever its length.
 */
export async function writeFirstExtract(
  options: Place & { people: number; seed: number; baseOn: LocalDate },
): Promise<FirstSummary> {
  const { people, seed, baseOn, number } = options;
  const file = path.join(options.directory, options.fileName ?? extractFileName(baseOn, number));
  const { living } = await writeLines(file, { baseOn, number }, firstPeople(people, seed, baseOn));
  return { file, ...living, baseDate: baseOn };
}

/**
 * Writes the extract of the next base date (or of `baseOn`) after an earlier generated one: deaths, moves, marriages,
 * 60th birthdays, newcomers. The counts are those an import finds that has taken in the earlier files. `returning` is
 * a file older than `after`, some of whose people missing there come back. Throws RangeError when the base date is
 * not later or a file is not one of ours.
 */
export async function writeNextExtract(
  options: Place & {
    after: string;
    seed: number;
    baseOn?: LocalDate | undefined;
    returning?: string | undefined;
  },
): Promise<NextSummary> {
  const { after, seed, number, returning } = options;
  const fromOn = await readBaseDate(after);
  const baseOn = options.baseOn ?? nextExtractDate(fromOn);
  if (baseOn <= fromOn)
    throw new RangeError(`The base date ${baseOn} is not later than ${fromOn} of ${after}.`);
  const file = path.join(options.directory, options.fileName ?? extractFileName(baseOn, number));
  const half: HalfMonth = {
    random: createRandom(`next/${seed}/${fromOn}/${baseOn}`),
    fromDay: dayOfDate(fromOn),
    toDay: dayOfDate(baseOn),
    churn: { new: 0, changed: 0, returned: 0, gone: 0, ended: 0, same: 0 },
  };
  const { living } = await writeLines(file, { baseOn, number }, peopleAfter(after, returning, half));
  return { file, ...living, baseDate: baseOn, ...half.churn };
}

function* firstPeople(people: number, seed: number, baseOn: LocalDate): Generator<Person> {
  const random = createRandom(`first/${seed}/${people}/${baseOn}`);
  const baseDay = dayOfDate(baseOn);
  const elderly = elderlyAmong(people);
  const taisho = people >= ENOUGH_FOR_TAISHO ? Math.floor(elderly / 3) : -1;
  let elderlySoFar = 0;
  for (let index = 0; index < people; index += 1) {
    const residentNumber = firstNumber(random, seed, index);
    if (Math.floor(((index + 1) * elderly) / people) === elderlySoFar) {
      yield drawUnderSixty(random, baseDay, residentNumber);
      continue;
    }
    elderlySoFar += 1;
    if (elderlySoFar === taisho) yield drawBornOnLastDayOfTaisho(random, residentNumber);
    else yield drawElderly(random, baseDay, residentNumber);
  }
}

async function* peopleAfter(
  after: string,
  returning: string | undefined,
  half: HalfMonth,
): AsyncGenerator<Person> {
  if (returning === undefined) {
    yield* nextPeople(readPeople(after), half);
    return;
  }
  const numbers = new Set<string>();
  yield* nextPeople(noting(readPeople(after), numbers), half);
  yield* returningPeople(readPeople(returning), numbers, half);
}

async function* noting(people: AsyncIterable<Person>, numbers: Set<string>): AsyncGenerator<Person> {
  for await (const person of people) {
    numbers.add(person.residentNumber);
    yield person;
  }
}
