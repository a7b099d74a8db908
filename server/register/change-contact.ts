import { describeLastAct } from '../audit/last-act.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { ChangedMeanwhile, Invalid, NotFound, Refused } from '../errors.ts';
import { halfWidth } from '../names/half-width.ts';

/** As many as its column holds, with whose number it is. */
const LONGEST_PHONE = 30;

/** A number as it is kept and its digits, both empty for none. Throws Invalid, naming `phone`, for what is neither. */
function readPhone(typed: string): { phone: string; phoneDigits: string } {
  const phone = halfWidth(typed);
  const phoneDigits = phone.replace(/\D/g, '');
  if (phone !== '' && (phoneDigits.length < 9 || phoneDigits.length > 11)) {
    throw new Invalid({ phone: '電話番号は市外局番から、9桁から11桁で入力してください。例）03-1234-5678' });
  }
  if (phone.length > LONGEST_PHONE) {
    throw new Invalid({
      phone: `電話番号は、だれのものかの添え書きを含めて${LONGEST_PHONE}文字までで入力してください。`,
    });
  }
  return { phone, phoneDigits };
}

/**
 * Changes a person's telephone number (the empty text removes it). `version` is the one the clerk saw.
 * Throws Invalid for what is no number, ChangedMeanwhile when a colleague changed the row in between.
 */
export async function changePhone(
  db: Database,
  actor: Actor,
  { personId, version, phone: typed }: { personId: number; version: number; phone: string },
): Promise<void> {
  const { phone, phoneDigits } = readPhone(typed);
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
        phone,
        phoneDigits,
        updatedAt: actor.at.toISOString(),
        version: version + 1,
      })
      .where('id', '=', personId)
      .where('version', '=', version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      const now = await trx
        .selectFrom('person')
        .select(['phone', 'version'])
        .where('id', '=', personId)
        .executeTakeFirstOrThrow();
      throw new ChangedMeanwhile({
        what: 'この人',
        version: now.version,
        by: await describeLastAct(trx, personId),
        back: `/people/${personId}`,
        rows: [{ label: '電話番号', field: 'phone', now: now.phone }],
      });
    }
    recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
      { personId, field: 'phone', oldValue: before.phone, newValue: phone },
    ]);
  });
}

/**
 * Keeps the number somebody gave at the counter, of whom the register holds none. Throws Invalid for what is no
 * number, Refused when a colleague was told one in between.
 */
export async function addPhone(trx: Trx, actor: Actor, personId: number, typed: string): Promise<void> {
  const { phone, phoneDigits } = readPhone(typed);
  const { numUpdatedRows } = await trx
    .updateTable('person')
    .set((set) => ({
      phone,
      phoneDigits,
      updatedAt: actor.at.toISOString(),
      version: set('version', '+', 1),
    }))
    .where('id', '=', personId)
    .where('phone', '=', '')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new Refused(
      '別の職員がこの人の電話番号を登録したため、保存しませんでした。電話番号の欄を空にして、もう一度記録してください。',
    );
  }
  recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
    { personId, field: 'phone', oldValue: '', newValue: phone },
  ]);
}
