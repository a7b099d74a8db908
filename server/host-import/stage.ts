import { openBulkLoad } from '../db/bulk.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Layout } from './layout.ts';
import { type ExtractHeader, type ExtractSummary, readExtract } from './read-extract.ts';
import { type RowFault, STAGED_COLUMNS } from './read-row.ts';

const FAULTS_PER_INSERT = 100;

export interface Staged {
  header: ExtractHeader;
  summary: ExtractSummary;
}

/** Empties what an earlier run, finished or killed, may have left. */
export async function clearStaging(db: Database): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('importStagedPerson').execute();
    await trx.deleteFrom('importDifference').execute();
  });
}

/**
 * Reads the file into the staging table and every fault of its rows beside it, chunk by chunk, each
 * chunk in a short transaction of its own so that clerks go on working.
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
  const load = await openBulkLoad(db, 'importStagedPerson', STAGED_COLUMNS);
  try {
    let header: ExtractHeader | undefined;
    for await (const part of readExtract(path, layout)) {
      if (part.kind === 'header') {
        header = part.header;
        await onHeader(header);
      } else if (part.kind === 'rows') {
        await load.add(part.cells);
        await keepFaults(db, runId, part.faults);
        onProgress(part.bytesRead);
      } else {
        return { header: header!, summary: part.summary };
      }
    }
    throw new Error('the reading of the extract ended without its summary');
  } finally {
    await load.close();
  }
}

async function keepFaults(db: Database, runId: number, faults: readonly RowFault[]): Promise<void> {
  if (faults.length === 0) return;
  const ordinals = new Map<number, number>();
  const rows = faults.map((fault) => {
    const ordinal = ordinals.get(fault.lineNumber) ?? 0;
    ordinals.set(fault.lineNumber, ordinal + 1);
    return { runId, ordinal, ...fault };
  });
  await inTransaction(db, async (trx) => {
    for (let from = 0; from < rows.length; from += FAULTS_PER_INSERT) {
      await trx
        .insertInto('importRowFault')
        .values(rows.slice(from, from + FAULTS_PER_INSERT))
        .execute();
    }
  });
}
