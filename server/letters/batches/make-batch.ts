import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { Refused } from '../../errors.ts';
import { readSetting } from '../../settings/queries.ts';
import { getPrinter } from '../printers.ts';
import { findEarlierLetter } from '../subject.ts';
import { LIST_DAYS } from './batch.ts';
import { type ListRequest, listedKind, listPassesForPost, requireDays } from './list-passes.ts';
import { writeItems } from './write-items.ts';

export interface BatchRequest extends ListRequest {
  printerId?: number;
}

/**
 * Makes a batch of everybody on a list who may have a letter and has none yet, in the order of their postal codes.
 * Returns its id. Throws Invalid for days that cannot be, Refused when nobody is on the list.
 */
export async function makeBatch(db: Database, actor: Actor, request: BatchRequest): Promise<number> {
  const { listKind, fromOn, untilOn, printerId } = request;
  requireDays(request, businessDay(actor.at));
  return await inTransaction(db, async (trx) => {
    const listed = await listPassesForPost(trx, request, businessDay(actor.at));
    const items = listed.filter(
      (subject) => findEarlierLetter(subject, listedKind(subject, listKind)) === undefined,
    );
    if (items.length === 0) {
      throw new Refused(
        `この${LIST_DAYS[listKind]}に、送付状をまだ印刷していない人はいません。一覧の種類と日付を確かめてください。`,
      );
    }
    const printer = printerId === undefined ? undefined : await getPrinter(trx, printerId);
    const { id } = await trx
      .insertInto('letterBatch')
      .values({
        listKind,
        fromOn,
        untilOn,
        printerName: printer?.name ?? '',
        offsetRight: printer?.offsetRight ?? 0,
        offsetDown: printer?.offsetDown ?? 0,
        chunkSize: await readSetting(trx, 'letter.chunk-size'),
        status: 'made',
        itemCount: items.length,
        createdAt: actor.at.toISOString(),
        createdBy: actor.accountId,
        officeCode: actor.officeCode,
        startedAt: null,
        startedBy: null,
        finishedAt: null,
        cancelAskedAt: null,
        remadeRunId: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await writeItems(trx, id, items);
    const event = { batchId: id, list: listKind, fromOn, untilOn, letters: items.length };
    recordEvent(trx, actor, { kind: 'letter.batch-made', ...event });
    return id;
  });
}
