import { sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { NotFound } from '../errors.ts';

/**
 * Locks a person's row until the transaction ends, so that acts on one person come one after the other and each
 * judges what the one before left. Throws NotFound.
 */
export async function lockPerson(trx: Trx, personId: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('person')
    .set({ version: sql`version` })
    .where('id', '=', personId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
}
