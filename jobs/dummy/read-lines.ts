import { createReadStream } from 'node:fs';
import type { LocalDate } from '../../server/calendar/local-date.ts';
import { isDummyResidentNumber } from '../../server/host-import/dummy-mark.ts';
import { dayOfDate, expand } from './days.ts';
import { lineFields, type Person, personOfFields } from './row.ts';

/** The base date in the header of a generated extract; throws when the file does not begin with such a header. */
export async function readBaseDate(file: string): Promise<LocalDate> {
  for await (const line of readLines(file)) {
    const [type, system, , , baseDate = ''] = lineFields(line);
    if (type !== 'H' || system !== 'FNT') break;
    const baseOn = expand(baseDate);
    dayOfDate(baseOn);
    return baseOn;
  }
  throw new RangeError(`${file} does not begin with the H record of a host extract.`);
}

/**
 * The people of a generated extract, in the order of the file. Throws when the file has no trailer, and on the number
 * of anyone who is not made up: nobody's real record is to be turned into another.
 */
export async function* readPeople(file: string): AsyncGenerator<Person> {
  let lineNumber = 0;
  for await (const line of readLines(file)) {
    lineNumber += 1;
    if (line.startsWith('"H"')) continue;
    if (line.startsWith('"T"')) return;
    const person = personOfFields(lineFields(line), lineNumber);
    if (!isDummyResidentNumber(person.residentNumber)) {
      throw new RangeError(
        `Line ${lineNumber} of ${file} is not dummy data; only dummy data can be carried on.`,
      );
    }
    yield person;
  }
  throw new RangeError(`${file} ends without its T record.`);
}

async function* readLines(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\r\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
