import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';

/** Digits of a telephone number as typed, without hyphens, spaces and full width. */
export function phoneDigitsOf(phone: string): string {
  return phone.normalize('NFKC').replace(/\D/g, '');
}

/**
 * Changes a person's telephone number (the empty text removes it). `version` is the one the clerk saw.
 * Throws Invalid for what is no number, Refused when a colleague changed the row in between.
 */
export async function changePhone(
  db: Database,
  actor: Actor,
  { personId, version, phone }: { personId: number; version: number; phone: string },
): Promise<void> {
  const digits = phoneDigitsOf(phone);
  if (phone.trim() !== '' && (digits.length < 9 || digits.length > 11)) {
    throw new Invalid({ phone: '電話番号は市外局番から、9桁から11桁で入力してください。例）03-1234-5678' });
  }
  await inTransaction(db, async (trx) => {
    const before = await trx
      .selectFrom('person')
      .select(['phone', 'version'])
      .where('id', '=', personId)
      .executeTakeFirst();
    if (before === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
    const { numUpdatedRows } = await trx
      .updateTable('person')
      .set({
        phone: phone.trim(),
        phoneDigits: digits,
        updatedAt: actor.at.toISOString(),
        version: version + 1,
      })
      .where('id', '=', personId)
      .where('version', '=', version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new Refused(
        `表示してから今までの間に、別の職員または取込がこの人の記録を変えたため、保存しませんでした。今の電話番号は「${before.phone || 'なし'}」です。確かめてからもう一度入力してください。`,
      );
    }
    recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
      { personId, field: 'phone', oldValue: before.phone, newValue: phone.trim() },
    ]);
  });
}
