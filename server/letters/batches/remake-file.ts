import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { inTransaction, isDuplicate } from '../../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../../errors.ts';
import { findPrintProblem } from '../print-problem.ts';
import { readSubjects } from '../subject.ts';
import { writeItems } from './write-items.ts';

/**
 * Makes a batch of the letters of a file that is closed because somebody in it came under protection (支援措置等). It is
 * a new printing with a reason: those who are protected are held from the start, to be printed one at a time; the
 * others get a 再発行. Returns its id. Throws Invalid without a reason, Refused when the file can be opened, was remade
 * already or has nobody left, NotFound.
 */
export async function remakeFile(
  db: Database,
  actor: Actor,
  printRunId: number,
  reason: string,
): Promise<number> {
  try {
    return await inTransaction(db, (trx) => remakeOnce(trx, actor, printRunId, reason));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refused('同じときに別の職員が作り直しました。一括印刷の画面を開き直してください。');
  }
}

async function remakeOnce(trx: Trx, actor: Actor, printRunId: number, reason: string): Promise<number> {
  const old = await getBatchOf(trx, printRunId);
  if (reason === '') throw new Invalid({ reason: '作り直す理由を入力してください。印刷記録に残ります。' });
  const letters = await trx
    .selectFrom('letter')
    .select('passId')
    .where('printRunId', '=', printRunId)
    .orderBy('pageNumber')
    .execute();
  const passIds = letters.map(({ passId }) => passId);
  const read = await readSubjects(trx, passIds, businessDay(actor.at));
  const byPass = new Map(read.map((subject) => [subject.passId, subject]));
  const subjects = passIds.map((passId) => byPass.get(passId)!);
  const leftOut = subjects.filter(({ isProtected }) => isProtected === 1).length;
  if (leftOut === 0) throw new Refused('このファイルは開けるため、作り直しませんでした。');
  if (leftOut === subjects.length) throw new Refused(NOBODY_LEFT);
  const { id } = await trx
    .insertInto('letterBatch')
    .values({
      ...old,
      status: 'made',
      itemCount: subjects.length,
      createdAt: actor.at.toISOString(),
      createdBy: actor.accountId,
      officeCode: actor.officeCode,
      startedAt: null,
      startedBy: null,
      finishedAt: null,
      cancelAskedAt: null,
      remadeRunId: printRunId,
      reason,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeItems(trx, id, subjects, (subject) =>
    subject.isProtected === 1 ? findPrintProblem(subject, 'bulk') : undefined,
  );
  const counts = { letters: subjects.length - leftOut, leftOut };
  recordEvent(trx, actor, { kind: 'letter.batch-remade', batchId: id, printRunId, ...counts, reason });
  return id;
}

const NOBODY_LEFT =
  'このファイルの全員が支援措置等の対象のため、作り直しませんでした。個人票から1通ずつ印刷してください。';

/** What a remade file takes over of the batch it was of. */
async function getBatchOf(trx: Trx, printRunId: number) {
  const again = await trx
    .selectFrom('letterBatch')
    .select('id')
    .where('remadeRunId', '=', printRunId)
    .executeTakeFirst();
  if (again !== undefined) {
    throw new Refused(
      `このファイルは一括印刷の番号${again.id}で作り直してあります。その一括印刷から印刷してください。`,
    );
  }
  const old = await trx
    .selectFrom('printRun')
    .innerJoin('letterBatch', 'letterBatch.id', 'printRun.batchId')
    .select(['letterBatch.listKind', 'letterBatch.fromOn', 'letterBatch.untilOn', 'letterBatch.printerName'])
    .select(['letterBatch.offsetRight', 'letterBatch.offsetDown', 'letterBatch.chunkSize'])
    .where('printRun.id', '=', printRunId)
    .executeTakeFirst();
  if (old === undefined)
    throw new NotFound('このファイルは記録にありません。一括印刷の画面から選び直してください。');
  return old;
}
