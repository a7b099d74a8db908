import { sql } from 'kysely';
import { dayBounds } from '../calendar/local-date.ts';
import { perEngine } from '../db/dialect.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { ErasureScope } from './erasure.ts';
import { type Actor, recordEvent } from './record-event.ts';

/** Rows about what people were, which their own record has no more: former names and addresses, telephone inquiries. */
export interface Past {
  formerValues: number;
  inquiries: number;
}

/**
 * Erases former names and addresses (旧氏名・旧住所) and telephone inquiries (電話照会) of one person, or from before a
 * day, as one act on record with its `ground`. Nothing to erase leaves no event.
 */
export async function erasePast(
  db: Database,
  actor: Actor,
  scope: ErasureScope,
  ground: string,
): Promise<Past> {
  return await inTransaction(db, async (trx) => {
    const erased = await countPast(trx, scope);
    if (erased.formerValues + erased.inquiries === 0) return erased;
    await overwriteWhatIsDeleted(trx);
    if ('personId' in scope) {
      await trx.deleteFrom('personFormerValue').where('personId', '=', scope.personId).execute();
      await trx.deleteFrom('inquiry').where('personId', '=', scope.personId).execute();
    } else {
      await trx.deleteFrom('personFormerValue').where('replacedOn', '<', scope.before).execute();
      await trx.deleteFrom('inquiry').where('answeredAt', '<', dayBounds(scope.before).fromAt).execute();
    }
    recordEvent(trx, actor, {
      kind: 'person.past-erased',
      personId: 'personId' in scope ? scope.personId : null,
      before: 'before' in scope ? scope.before : null,
      ground,
      ...erased,
    });
    return erased;
  });
}

/** SQLite overwrites deleted rows only when told to. */
export async function overwriteWhatIsDeleted(trx: Trx): Promise<void> {
  await perEngine({ sqlite: sql`pragma secure_delete = on`, mssql: sql`set nocount off` }).execute(trx);
}

/** How much of the past an erasure would erase. */
export async function countPast(db: Database | Trx, scope: ErasureScope): Promise<Past> {
  let former = db.selectFrom('personFormerValue').select((row) => row.fn.countAll<number>().as('rows'));
  let inquiries = db.selectFrom('inquiry').select((row) => row.fn.countAll<number>().as('rows'));
  if ('personId' in scope) {
    former = former.where('personId', '=', scope.personId);
    inquiries = inquiries.where('personId', '=', scope.personId);
  } else {
    former = former.where('replacedOn', '<', scope.before);
    inquiries = inquiries.where('answeredAt', '<', dayBounds(scope.before).fromAt);
  }
  const formerValues = Number((await former.executeTakeFirstOrThrow()).rows);
  return { formerValues, inquiries: Number((await inquiries.executeTakeFirstOrThrow()).rows) };
}
