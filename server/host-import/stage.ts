import { type Cell, openBulkLoad } from '../db/bulk.ts';
import { preparedIn } from '../db/prepared.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Layout } from './layout.ts';
import { type ExtractHeader, type ExtractSummary, readExtract } from './read-extract.ts';
import { addSearchForms, CELL, type HostRow, type RowFault, STAGED_COLUMNS } from './read-row.ts';

const FAULTS_PER_INSERT = 100;
// SQL Server takes at most 2,100 values.
const NUMBERS_PER_QUERY = 2048;

export interface Staged {
  header: ExtractHeader;
  summary: ExtractSummary;
}

/** Empties what an earlier run, finished or killed, may have left. */
export async function clearStaging(db: Database): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('importStagedPerson').execute();
    await trx.deleteFrom('importStagedSame').execute();
    await trx.deleteFrom('importDifference').execute();
  });
}

/**
 * Reads the file into the staging tables and every fault of its rows beside it, chunk by chunk, each
 * chunk in a short transaction of its own so that clerks go on working. A row that says just what the
 * register has is staged by its digest alone: most of a half-month's file.
 * `onHeader` may throw to stop before anything is staged; `onProgress` hears the bytes read so far.
 */
export async function stageExtract(
  db: Database,
  runId: number,
  path: string,
  layout: Layout,
  onHeader: (header: ExtractHeader) => Promise<void>,
  onProgress: (bytesRead: number) => void,
): Promise<Staged> {
  const people = await openBulkLoad(db, 'importStagedPerson', STAGED_COLUMNS);
  const same = await openBulkLoad(db, 'importStagedSame', SAME_COLUMNS);
  try {
    let header: ExtractHeader | undefined;
    const isFirst = await isRegisterEmpty(db);
    for await (const part of readExtract(path, layout)) {
      if (part.kind === 'header') {
        header = part.header;
        await onHeader(header);
      } else if (part.kind === 'rows') {
        const compared = compareDigests(part.rows, isFirst ? NOBODY : await readKnown(db, part.rows));
        await inTransaction(db, async (trx) => {
          await keepFaults(trx, runId, part.faults);
          await people.add(trx, compared.different);
          await same.add(trx, compared.same);
        });
        onProgress(part.bytesRead);
      } else {
        return { header: header!, summary: part.summary };
      }
    }
    throw new Error('the reading of the extract ended without its summary');
  } finally {
    await people.close();
    await same.close();
  }
}

const SAME_COLUMNS = ['lineNumber', 'residentNumber', 'personId', 'hostDigest'] as const;

interface Known {
  id: number;
  residentNumber: string;
  hostDigest: string;
}

const findKnown = preparedIn<Known, string>((db, numbers) =>
  db
    .selectFrom('person')
    .select(['id', 'residentNumber', 'hostDigest'])
    .where('residentNumber', 'in', numbers),
);

const NOBODY: ReadonlyMap<string, Known> = new Map();

async function isRegisterEmpty(db: Database): Promise<boolean> {
  return (await db.selectFrom('person').select('id').limit(1).executeTakeFirst()) === undefined;
}

/** The people of these rows whom the register has, by their resident number. */
async function readKnown(db: Database, rows: readonly HostRow[]): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  for (let from = 0; from < rows.length; from += NUMBERS_PER_QUERY) {
    const numbers = rows
      .slice(from, from + NUMBERS_PER_QUERY)
      .map((row) => row[CELL.residentNumber] as string);
    for (const person of await findKnown(db, numbers)) known.set(person.residentNumber, person);
  }
  return known;
}

/** The rows whose content the register has, as SAME_COLUMNS, and the others as STAGED_COLUMNS. */
function compareDigests(rows: readonly HostRow[], known: ReadonlyMap<string, Known>) {
  const same: Cell[][] = [];
  const different: Cell[][] = [];
  for (const row of rows) {
    const person = known.get(row[CELL.residentNumber] as string);
    if (person !== undefined && person.hostDigest === row[CELL.hostDigest]) {
      same.push([row[CELL.lineNumber]!, person.residentNumber, person.id, person.hostDigest]);
    } else {
      different.push(addSearchForms(row));
    }
  }
  return { same, different };
}

async function keepFaults(trx: Trx, runId: number, faults: readonly RowFault[]): Promise<void> {
  if (faults.length === 0) return;
  const ordinals = new Map<number, number>();
  const rows = faults.map((fault) => {
    const ordinal = ordinals.get(fault.lineNumber) ?? 0;
    ordinals.set(fault.lineNumber, ordinal + 1);
    return { runId, ordinal, ...fault };
  });
  for (let from = 0; from < rows.length; from += FAULTS_PER_INSERT) {
    await trx
      .insertInto('importRowFault')
      .values(rows.slice(from, from + FAULTS_PER_INSERT))
      .execute();
  }
}
