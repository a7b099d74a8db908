import type { Actor } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Trx } from '../db/schema.ts';

/** One act of printing (印刷記録): who, when, where, which file with how many pages, and its hash. */
export interface PrintRun {
  kind: 'letter' | 'batch' | 'labels' | 'postcards';
  title: string;
  fileName: string;
  pages: number;
  addressees: number;
  templateVersion?: number;
  sha256?: string;
  content?: string;
  reason: string;
  printerName: string;
  batchId?: number;
  fileNumber?: number;
}

/** Writes an act of printing into the print log (印刷記録). Returns its id. */
export async function recordPrintRun(trx: Trx, actor: Actor, run: PrintRun): Promise<number> {
  const { id } = await trx
    .insertInto('printRun')
    .values({
      ...run,
      templateVersion: run.templateVersion ?? null,
      batchId: run.batchId ?? null,
      fileNumber: run.fileNumber ?? null,
      printedOn: businessDay(actor.at),
      printedAt: actor.at.toISOString(),
      printedBy: actor.accountId,
      actor: actor.name,
      officeCode: actor.officeCode,
      terminal: actor.terminal,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
