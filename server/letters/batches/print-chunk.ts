import { type Selectable, sql } from 'kysely';
import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Config } from '../../config.ts';
import type { Database, LetterBatchTable, Trx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { recordResent } from '../../passes/returned-mail.ts';
import { type CoverLetter, composeCoverLetter } from '../cover-letter.ts';
import { readFrame, readTemplates, type VersionedTemplate } from '../frame.ts';
import { holdPaper, settleHeld } from '../held.ts';
import { findPrintProblem } from '../print-problem.ts';
import { recordPrintRun } from '../print-run.ts';
import { offsetOf } from '../printers.ts';
import { drawSerials, sampleSerial } from '../serial.ts';
import { factsOf, findEarlierLetter, type LetterSubject, occasionOf, readSubjects } from '../subject.ts';
import type { LetterKind } from '../template.ts';
import { batchFileName } from './batch.ts';
import { listedKind } from './list-passes.ts';

export type Batch = Pick<
  Selectable<LetterBatchTable>,
  'id' | 'listKind' | 'offsetRight' | 'offsetDown' | 'printerName' | 'chunkSize' | 'officeCode' | 'reason'
>;

interface Ready {
  subject: LetterSubject;
  kind: LetterKind;
  template: VersionedTemplate;
  reprintReason: string;
  compose: (serial: string) => CoverLetter;
}

const ROWS_AN_INSERT = 50;

/**
 * Prints the next chunk of a batch as far as the register goes, in one transaction: letters that may be printed get
 * their numbers and are kept, with the file they belong to and no hash yet; the others are held. The file is drawn
 * from what was kept. Returns how many items are settled, 0 when none was waiting.
 */
export async function printChunk(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  batch: Batch,
): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const items = await trx
      .selectFrom('letterBatchItem')
      .select(['ordinal', 'passId'])
      .where('batchId', '=', batch.id)
      .where('state', '=', 'waiting')
      .orderBy('ordinal')
      .limit(batch.chunkSize)
      .execute();
    if (items.length === 0) return 0;
    const printedOn = businessDay(actor.at);
    const subjects = await readSubjects(
      trx,
      items.map(({ passId }) => passId),
      printedOn,
    );
    const byPass = new Map(subjects.map((subject) => [subject.passId, subject]));
    const frame = await readFrame(trx, config, printedOn, offsetOf(batch));
    const templates = await readTemplates(trx);
    const ready: Ready[] = [];
    for (const { ordinal, passId } of items) {
      const subject = byPass.get(passId)!;
      const kind = listedKind(subject, batch.listKind);
      const earlier = findEarlierLetter(subject, kind);
      const isReprint = earlier !== undefined;
      const printed = isReprint && batch.reason === '' ? alreadyPrinted(earlier.serial) : undefined;
      const refused = findPrintProblem(subject, 'bulk') ?? printed;
      if (refused !== undefined) {
        await holdItem(trx, batch.id, ordinal, refused);
        continue;
      }
      const template = templates.get(kind)!;
      const tryWith = (serial: string) =>
        composeCoverLetter(factsOf(subject, { kind, printedOn, serial, isReprint }), template, frame);
      const { problem } = tryWith(sampleSerial(printedOn, batch.officeCode));
      if (problem !== undefined) {
        await holdItem(trx, batch.id, ordinal, problem.sentence);
        await holdPaper(trx, actor, 'letter', subject, problem);
        continue;
      }
      const reprintReason = isReprint ? batch.reason : '';
      ready.push({ subject, kind, template, reprintReason, compose: (serial) => tryWith(serial).letter! });
    }
    if (ready.length > 0) await writeLetters(trx, actor, batch, ready);
    return items.length;
  });
}

const alreadyPrinted = (serial: string) => `発行番号${serial}で印刷済みのため、一括印刷から外しました。`;

async function holdItem(trx: Trx, batchId: number, ordinal: number, problem: string): Promise<void> {
  await trx
    .updateTable('letterBatchItem')
    .set({ state: 'held', problem })
    .where('batchId', '=', batchId)
    .where('ordinal', '=', ordinal)
    .execute();
}

async function writeLetters(trx: Trx, actor: Actor, batch: Batch, ready: readonly Ready[]): Promise<void> {
  const printedOn = businessDay(actor.at);
  const fileNumber = await nextFileNumber(trx, batch.id);
  const serials = await drawSerials(trx, printedOn, batch.officeCode, ready.length);
  const printRunId = await recordPrintRun(
    trx,
    { ...actor, officeCode: batch.officeCode },
    {
      kind: 'batch',
      title: `送付状の一括印刷 番号${batch.id}（${fileNumber}）`,
      fileName: batchFileName(batch.id, fileNumber),
      pages: ready.length,
      addressees: ready.length,
      templateVersion: ready[0]!.template.version,
      reason: batch.reason,
      printerName: batch.printerName,
      batchId: batch.id,
      fileNumber,
    },
  );
  const rows = ready.map(({ subject, kind, template, reprintReason, compose }, at) => ({
    passId: subject.passId,
    personId: subject.personId,
    kind,
    occasion: occasionOf(subject, kind),
    serial: serials[at]!,
    printRunId,
    pageNumber: at + 1,
    printedOn,
    printedAt: actor.at.toISOString(),
    printedBy: actor.accountId,
    officeCode: batch.officeCode,
    templateVersion: template.version,
    content: JSON.stringify(compose(serials[at]!)),
    reprintReason,
  }));
  for (let from = 0; from < rows.length; from += ROWS_AN_INSERT) {
    await trx
      .insertInto('letter')
      .values(rows.slice(from, from + ROWS_AN_INSERT))
      .execute();
  }
  await trx
    .updateTable('letterBatchItem')
    .set({
      state: 'printed',
      letterId: sql<number>`(select letter.id from letter where letter.print_run_id = ${sql.lit(printRunId)} and letter.pass_id = letter_batch_item.pass_id)`,
    })
    .where('batchId', '=', batch.id)
    .where('passId', 'in', (of) =>
      of.selectFrom('letter').select('passId').where('printRunId', '=', printRunId),
    )
    .execute();
  await recordLetters(trx, actor, printRunId);
}

async function recordLetters(trx: Trx, actor: Actor, printRunId: number): Promise<void> {
  const letters = await trx
    .selectFrom('letter')
    .select(['id', 'personId', 'passId', 'serial', 'kind'])
    .where('printRunId', '=', printRunId)
    .orderBy('pageNumber')
    .execute();
  const passIds = letters.map(({ passId }) => passId);
  await settleHeld(trx, actor, ['letter', 'labels'], 'passId', passIds);
  for (const { id, personId, passId, serial, kind } of letters) {
    if (kind === 'resend') await recordResent(trx, actor, passId);
    recordEvent(trx, actor, { kind: 'letter.printed', personId, passId, letterId: id, serial });
  }
}

async function nextFileNumber(trx: Trx, batchId: number): Promise<number> {
  const { last } = await trx
    .selectFrom('printRun')
    .select((run) => run.fn.max('fileNumber').as('last'))
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}
