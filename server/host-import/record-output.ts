import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** What of a run is shown on the screen or taken out as CSV, and how many rows of it. */
interface Output {
  kind: 'import.differences-viewed' | 'import.faults-viewed';
  importRunId: number;
  form: 'screen' | 'csv';
  rows: number;
}

/** Records that values of residents leave a run, before they do. */
export async function recordOutput(db: Database, actor: Actor, output: Output): Promise<void> {
  await inTransaction(db, async (trx) => recordEvent(trx, actor, { ...output }));
}
