import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFirstExtract } from '../../jobs/dummy/extract-file.ts';
import { EDITION_01, type Layout } from '../../server/host-import/layout.ts';
import { type ExtractPart, type ExtractSummary, readExtract } from '../../server/host-import/read-extract.ts';
import { addSearchForms, type RowFault, STAGED_COLUMNS } from '../../server/host-import/read-row.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';

/** A new folder for the files of a test. */
export const folder = () => mkdtempSync(join(tmpdir(), 'fnt-host-file-'));

/** A dummy extract of so many people, as its lines without line ends. */
export async function extractLines(people: number, seed = 1, baseOn = '2026-10-31'): Promise<string[]> {
  const { file } = await writeFirstExtract({ people, seed, baseOn, directory: folder(), number: '01' });
  const text = new TextDecoder('shift_jis').decode(readFileSync(file));
  return text.split('\r\n').slice(0, -1);
}

/** Writes lines as the host does. Returns the path. */
export function writeLines(
  lines: readonly string[],
  name = 'FNT_20261031_01.csv',
  directory = folder(),
): string {
  return writeBytes(encodeCp932(lines.map((line) => `${line}\r\n`).join('')), name, directory);
}

export function writeBytes(bytes: Uint8Array, name = 'FNT_20261031_01.csv', directory = folder()): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

export interface Reading {
  header: Extract<ExtractPart, { kind: 'header' }>['header'];
  rows: Record<(typeof STAGED_COLUMNS)[number], string | number | null>[];
  faults: RowFault[];
  summary: ExtractSummary;
}

/** Everything that reading a file gives, rows as objects. Throws what readExtract throws. */
export async function readAll(path: string, layout: Layout = EDITION_01): Promise<Reading> {
  const reading = { rows: [], faults: [] } as unknown as Reading;
  for await (const part of readExtract(path, layout)) {
    if (part.kind === 'header') reading.header = part.header;
    else if (part.kind === 'end') reading.summary = part.summary;
    else {
      reading.faults.push(...part.faults);
      for (const row of part.rows) {
        const cells = addSearchForms(row);
        reading.rows.push(Object.fromEntries(STAGED_COLUMNS.map((name, at) => [name, cells[at]])) as never);
      }
    }
  }
  return reading;
}
