import { type Actor, recordEvent } from '../audit/record-event.ts';
import { addMonths, businessDay, type LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';
import { requireGround } from './account.ts';
import { getAccount } from './queries.ts';
import { isRight, mayBeAdded, roleMayDo } from './rights.ts';
import { requireOtherPerson } from './second-person.ts';

const LONGEST_MONTHS = 12;

export interface Addition {
  accountId: number;
  right: string;
  startsOn: LocalDate;
  endsOn: LocalDate;
  ground: string;
}

/**
 * Adds one right to one account for a period of at most twelve months, on a ground (権限の追加). Nobody adds
 * one to himself. Throws Invalid, Forbidden, NotFound, and Refused when the role has the right already.
 */
export async function addRight(db: Database, actor: Actor, given: Addition): Promise<void> {
  requireOtherPerson(actor, given.accountId, '権限を受けることになる操作');
  const { right, startsOn, endsOn, accountId } = given;
  const account = await getAccount(db, accountId);
  if (!isRight(right) || !mayBeAdded(right)) throw new Invalid({ right: '追加する権限を選んでください。' });
  if (endsOn < startsOn) {
    throw new Invalid({
      endsOn: '終了日が開始日より前になっています。開始日と同じか、後の日にしてください。',
    });
  }
  if (endsOn < businessDay(actor.at)) {
    throw new Invalid({ endsOn: '終了日が過ぎた日になっています。今日か、後の日にしてください。' });
  }
  if (endsOn > addMonths(startsOn, LONGEST_MONTHS)) {
    throw new Invalid({ endsOn: `期間は${LONGEST_MONTHS}か月までにしてください。終わる前に延ばせます。` });
  }
  const ground = requireGround(given.ground, 'ground');
  if (roleMayDo(account.role, right)) {
    throw new Refused('この権限は役割ですでに持っているため、追加しませんでした。');
  }
  await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('accountRight')
      .values({
        accountId,
        rightName: right,
        startsOn,
        endsOn,
        ground,
        grantedAt: actor.at.toISOString(),
        grantedBy: actor.accountId,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    recordEvent(trx, actor, {
      kind: 'account.right-granted',
      subjectAccountId: accountId,
      accountRightId: id,
      right,
      startsOn,
      endsOn,
      ground,
    });
  });
}

/** Takes an added right back; it is gone with the owner's next click. Throws NotFound, Refused when it has ended. */
export async function endAddedRight(
  db: Database,
  actor: Actor,
  accountId: number,
  id: number,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('accountRight')
      .select(['rightName', 'startsOn', 'endsOn', 'ground'])
      .where('id', '=', id)
      .where('accountId', '=', accountId)
      .executeTakeFirst();
    if (row === undefined)
      throw new NotFound('この権限の追加はありません。アカウントの画面を開き直してください。');
    const { numUpdatedRows } = await trx
      .updateTable('accountRight')
      .set((set) => ({ endedAt: actor.at.toISOString(), version: set('version', '+', 1) }))
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused('この権限の追加は、すでに取り消されています。');
    const { rightName: right, ...period } = row;
    recordEvent(trx, actor, {
      kind: 'account.right-ended',
      subjectAccountId: accountId,
      accountRightId: id,
      right,
      ...period,
    });
  });
}
