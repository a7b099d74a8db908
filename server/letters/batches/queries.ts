import type { Database } from '../../db/schema.ts';
import { NotFound } from '../../errors.ts';

/** Batches, newest first. */
export async function listBatches(db: Database) {
  return await db
    .selectFrom('letterBatch')
    .leftJoin('account', 'account.id', 'letterBatch.createdBy')
    .select(['letterBatch.id', 'letterBatch.listKind', 'letterBatch.fromOn', 'letterBatch.untilOn'])
    .select(['letterBatch.itemCount', 'letterBatch.status', 'letterBatch.createdAt'])
    .select('account.displayName as createdByName')
    .orderBy('letterBatch.id', 'desc')
    .limit(50)
    .execute();
}

/** A batch with how far it has come, its files and its held letters. Throws NotFound. */
export async function getBatchPage(db: Database, id: number) {
  const batch = await db
    .selectFrom('letterBatch')
    .leftJoin('account as maker', 'maker.id', 'letterBatch.createdBy')
    .leftJoin('account as starter', 'starter.id', 'letterBatch.startedBy')
    .selectAll('letterBatch')
    .leftJoin('printRun as remade', 'remade.id', 'letterBatch.remadeRunId')
    .select(['maker.displayName as createdByName', 'starter.displayName as startedByName'])
    .select(['remade.fileName as remadeFileName', 'remade.batchId as remadeBatchId'])
    .where('letterBatch.id', '=', id)
    .executeTakeFirst();
  if (batch === undefined) throw new NotFound('この一括印刷は記録にありません。一覧から選び直してください。');
  const counts = await db
    .selectFrom('letterBatchItem')
    .select(['state', (count) => count.fn.countAll<number>().as('items')])
    .where('batchId', '=', id)
    .groupBy('state')
    .execute();
  const count = (state: 'waiting' | 'printed' | 'held') =>
    counts.find((row) => row.state === state)?.items ?? 0;
  return {
    batch,
    waiting: count('waiting'),
    printed: count('printed'),
    heldCount: count('held'),
    held: await listHeldItems(db, id),
    files: await listFiles(db, id),
    closedFiles: await listClosedFiles(db, id),
    districts: await countDistricts(db, id),
  };
}

async function listHeldItems(db: Database, batchId: number) {
  return await db
    .selectFrom('letterBatchItem')
    .innerJoin('pass', 'pass.id', 'letterBatchItem.passId')
    .select(['pass.personId', 'pass.fiscalYear', 'pass.passNumber', 'letterBatchItem.problem'])
    .where('letterBatchItem.batchId', '=', batchId)
    .where('letterBatchItem.state', '=', 'held')
    .orderBy('letterBatchItem.ordinal')
    .limit(500)
    .execute();
}

/** The index of the files: numbers and postal codes from first to last. */
async function listFiles(db: Database, batchId: number) {
  return await db
    .selectFrom('printRun')
    .innerJoin('letter', 'letter.printRunId', 'printRun.id')
    .innerJoin('letterBatchItem', 'letterBatchItem.letterId', 'letter.id')
    .select(['printRun.id', 'printRun.fileNumber', 'printRun.fileName', 'printRun.pages', 'printRun.sha256'])
    .select((of) => [
      of.fn.min('letter.serial').as('firstSerial'),
      of.fn.max('letter.serial').as('lastSerial'),
      of.fn.min('letterBatchItem.postalCode').as('firstPostalCode'),
      of.fn.max('letterBatchItem.postalCode').as('lastPostalCode'),
    ])
    .where('printRun.batchId', '=', batchId)
    .groupBy(['printRun.id', 'printRun.fileNumber', 'printRun.fileName', 'printRun.pages', 'printRun.sha256'])
    .orderBy('printRun.fileNumber')
    .execute();
}

/** Files that are closed because somebody in them is protected now, and the batch that was made of the others. */
async function listClosedFiles(db: Database, batchId: number) {
  return await db
    .selectFrom('printRun')
    .innerJoin('letter', 'letter.printRunId', 'printRun.id')
    .innerJoin('person', 'person.id', 'letter.personId')
    .leftJoin('letterBatch as remade', 'remade.remadeRunId', 'printRun.id')
    .select(['printRun.id', 'printRun.fileName', 'printRun.pages', 'remade.id as remadeAs'])
    .select((count) => count.fn.countAll<number>().as('people'))
    .where('printRun.batchId', '=', batchId)
    .where('person.isProtected', '=', 1)
    .groupBy(['printRun.id', 'printRun.fileName', 'printRun.pages', 'remade.id'])
    .orderBy('printRun.id')
    .execute();
}

/** How many printed letters go to each 郵便区 (first three digits), for 区分郵便物. */
async function countDistricts(db: Database, batchId: number): Promise<[district: string, letters: number][]> {
  const rows = await db
    .selectFrom('letterBatchItem')
    .select(['postalCode', (count) => count.fn.countAll<number>().as('letters')])
    .where('batchId', '=', batchId)
    .where('state', '=', 'printed')
    .groupBy('postalCode')
    .orderBy('postalCode')
    .execute();
  const districts = new Map<string, number>();
  for (const { postalCode, letters } of rows) {
    const district = postalCode.slice(0, 3);
    districts.set(district, (districts.get(district) ?? 0) + letters);
  }
  return [...districts];
}
