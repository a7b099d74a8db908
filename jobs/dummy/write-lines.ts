import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LocalDate } from '../../server/calendar/local-date.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';
import { compact } from './days.ts';
import { type Person, personLine, quoteLine } from './row.ts';

/** People in a file by category: those of its 住登者 only, and, as the trailer counts, of all its D records. */
export interface Totals {
  readonly living: Counts;
  readonly all: Counts;
}

export interface Counts {
  people: number;
  elderly: number;
  disabled: number;
  child: number;
}

const CHUNK_CHARACTERS = 1 << 20;
const HASH_MODULUS = 1_000_000_000_000;

/**
 * Writes one extract, edition 01, holding no more than a chunk of it at a time. It is written beside its place and
 * moved there when whole, so that a nightly run never finds half a file in the inbox.
 */
export async function writeLines(
  file: string,
  header: { baseOn: LocalDate; number: string },
  people: Iterable<Person> | AsyncIterable<Person>,
): Promise<Totals> {
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.part`;
  const handle = await open(part, 'w');
  try {
    const living = { people: 0, elderly: 0, disabled: 0, child: 0 };
    const all = { people: 0, elderly: 0, disabled: 0, child: 0 };
    let hash = 0;
    let text = headerLine(header);
    for await (const person of people) {
      count(all, person);
      if (person.state === '1') count(living, person);
      hash = (hash + Number(person.residentNumber)) % HASH_MODULUS;
      text += personLine(person);
      if (text.length >= CHUNK_CHARACTERS) {
        await handle.appendFile(encodeCp932(text));
        text = '';
      }
    }
    const totals = [all.people, all.elderly, all.disabled, all.child, hash].map(String);
    await handle.appendFile(encodeCp932(text + quoteLine(['T', ...totals])));
    await handle.close();
    await rename(part, file);
    return { living, all };
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    throw error;
  }
}

/** FNT_YYYYMMDD_nn.csv. */
export function extractFileName(baseOn: LocalDate, number: string): string {
  return `FNT_${compact(baseOn)}_${number}.csv`;
}

/** The host writes at half past nine in the evening of the base date; 1 is 全件. */
function headerLine({ baseOn, number }: { baseOn: LocalDate; number: string }): string {
  const date = compact(baseOn);
  return quoteLine(['H', 'FNT', '01', '131041', date, `${date}213000`, '1', number]);
}

function count(counts: Counts, person: Person): void {
  counts.people += 1;
  if (person.elderly === '1') counts.elderly += 1;
  if (person.disabled === '1') counts.disabled += 1;
  if (person.child === '1') counts.child += 1;
}
