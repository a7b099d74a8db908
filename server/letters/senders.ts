import { type Actor, recordEvent } from '../audit/record-event.ts';
import { isLocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';
import { readSender } from './frame.ts';

/** Senders, the one that begins last first. */
export async function listSenders(db: Database) {
  return await db
    .selectFrom('senderTitle')
    .select(['id', 'startsOn', 'endsOn', 'lines'])
    .where('removedAt', 'is', null)
    .orderBy('startsOn', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Adds a sender for a period, such as a deputy (職務代理者). Throws Invalid. */
export async function addSender(
  db: Database,
  actor: Actor,
  { startsOn, endsOn, lines }: { startsOn: string; endsOn: string; lines: string },
): Promise<void> {
  const faults: Record<string, string> = {};
  const rows = lines
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (rows.length === 0 || rows.length > 4) faults.lines = '差出人を1行から4行までで入力してください。';
  if (rows.join('\n').length > 400) faults.lines = '差出人は合わせて400文字までにしてください。';
  if (!isLocalDate(startsOn)) faults.startsOn = '最初の日を日付として読めません。例）R8.11.20';
  if (endsOn !== '' && !isLocalDate(endsOn)) faults.endsOn = '最後の日を日付として読めません。例）R8.11.30';
  else if (endsOn !== '' && endsOn < startsOn) faults.endsOn = '最後の日が最初の日より前になっています。';
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('senderTitle')
      .values({
        startsOn,
        endsOn: endsOn === '' ? null : endsOn,
        lines: rows.join('\n'),
        createdAt: actor.at.toISOString(),
        createdBy: actor.accountId,
        removedAt: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const event = { senderId: id, change: 'added' as const, startsOn, endsOn: endsOn === '' ? null : endsOn };
    recordEvent(trx, actor, { kind: 'letter.sender-changed', ...event });
  });
}

/** Takes a sender out. Throws NotFound, and Refused when no day would be left with a sender. */
export async function removeSender(db: Database, actor: Actor, senderId: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('senderTitle')
      .select(['startsOn', 'endsOn'])
      .where('id', '=', senderId)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw new NotFound('この差出人は登録にありません。画面を開き直してください。');
    await trx
      .updateTable('senderTitle')
      .set({ removedAt: actor.at.toISOString() })
      .where('id', '=', senderId)
      .execute();
    if ((await readSender(trx, '9999-12-31')).length === 0) {
      throw new Refused(
        '期限のない差出人がなくなるため、取り消しませんでした。先に代わりの差出人を登録してください。',
      );
    }
    recordEvent(trx, actor, { kind: 'letter.sender-changed', senderId, change: 'removed', ...row });
  });
}
