import { requireOtherPerson } from '../accounts/second-person.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';
import { readSetting } from '../settings/queries.ts';
import { lockPerson } from './lock-person.ts';

// What protects a person (支援措置等) is lifted for one purpose, one clerk and a short time (一時解除), and comes
// back by itself: a release that has run out is none.

const MINUTE_MS = 60_000;
/** A request that nobody answers within a day lapses. */
const REQUEST_HOURS = 24;

function requireReason(reason: string): string {
  const tidy = reason.trim();
  if (tidy !== '' && tidy.length <= 200) return tidy;
  throw new Invalid({ reason: '理由を200文字までで入力してください。操作記録に残ります。' });
}

/** Shows a protected person's address to this account for the time that is set. Throws Invalid, Refused and NotFound. */
export async function releaseAddress(
  db: Database,
  actor: Actor,
  personId: number,
  typed: string,
): Promise<void> {
  const reason = requireReason(typed);
  await inTransaction(db, async (trx) => {
    await requireProtected(trx, personId);
    const id = await writeRelease(
      trx,
      actor,
      { personId, purpose: 'address', passId: null, reason },
      await expiryOf(trx, actor),
    );
    recordEvent(trx, actor, { kind: 'protected.address-shown', personId, releaseId: id }, [
      { personId, field: 'release_reason', oldValue: '', newValue: reason },
    ]);
  });
}

/** Whether this account may see a protected person's address at this moment. */
export async function isAddressReleased(
  db: Database | Trx,
  actor: Actor,
  personId: number,
): Promise<boolean> {
  if (actor.accountId === null) return false;
  const open = await db
    .selectFrom('protectedRelease')
    .select('id')
    .where('personId', '=', personId)
    .where('purpose', '=', 'address')
    .where('requestedBy', '=', actor.accountId)
    .where('expiresAt', '>', actor.at.toISOString())
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/** Asks a second person to let one letter be printed for a protected person. Throws Invalid, Refused and NotFound. */
export async function askLetterRelease(
  db: Database,
  actor: Actor,
  passId: number,
  typed: string,
): Promise<void> {
  const reason = requireReason(typed);
  await inTransaction(db, async (trx) => {
    const pass = await trx.selectFrom('pass').select('personId').where('id', '=', passId).executeTakeFirst();
    if (pass === undefined) throw new NotFound('この入浴証は記録にありません。個人票を開き直してください。');
    const { personId } = pass;
    await lockPerson(trx, personId);
    await requireProtected(trx, personId);
    const known = await trx
      .selectFrom('protectedRelease')
      .select('id')
      .where('passId', '=', passId)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', actor.at.toISOString())
      .where((where) => where.or([where('answeredAt', 'is', null), where('isApproved', '=', 1)]))
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) {
      throw new Refused(
        'この送付状はすでに申請されています。承認を待つか、承認済みのものを印刷してください。',
      );
    }
    const expiresAt = new Date(actor.at.getTime() + REQUEST_HOURS * 60 * MINUTE_MS);
    const id = await writeRelease(trx, actor, { personId, purpose: 'letter', passId, reason }, expiresAt);
    recordEvent(trx, actor, { kind: 'protected.letter-asked', personId, passId, releaseId: id }, [
      { personId, field: 'release_reason', oldValue: '', newValue: reason },
    ]);
  });
}

/**
 * Answers a request for a letter; never the one who asked. Approved, the letter may be printed once within the
 * time that is set. Throws Forbidden, Refused and NotFound.
 */
export async function answerLetterRelease(
  db: Database,
  actor: Actor,
  { id, version, isApproved }: { id: number; version: number; isApproved: boolean },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const release = await trx
      .selectFrom('protectedRelease')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (release === undefined || release.passId === null) {
      throw new NotFound('この申請はありません。一覧を開き直してください。');
    }
    requireOtherPerson(actor, release.requestedBy, '申請');
    const { numUpdatedRows } = await trx
      .updateTable('protectedRelease')
      .set({
        answeredBy: actor.accountId,
        answeredAt: actor.at.toISOString(),
        isApproved: isApproved ? 1 : 0,
        expiresAt: isApproved ? (await expiryOf(trx, actor)).toISOString() : release.expiresAt,
        version: version + 1,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('answeredAt', 'is', null)
      .where('expiresAt', '>', actor.at.toISOString())
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new Refused('この申請は、ほかの職員が答えたか、期限が過ぎました。一覧を開き直してください。');
    }
    const { personId, passId } = release;
    const decision = isApproved ? 'approved' : 'rejected';
    recordEvent(trx, actor, { kind: 'protected.letter-answered', personId, passId, releaseId: id, decision });
  });
}

/** Uses up the release of a letter at the moment it is printed. Throws Refused when there is none for this account. */
export async function takeLetterRelease(trx: Trx, actor: Actor, passId: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('protectedRelease')
    .set((set) => ({ usedAt: actor.at.toISOString(), version: set('version', '+', 1) }))
    .where('passId', '=', passId)
    .where('purpose', '=', 'letter')
    .where('requestedBy', '=', actor.accountId ?? 0)
    .where('isApproved', '=', 1)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', actor.at.toISOString())
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  throw new Refused(
    '支援措置等の対象の人のため、印刷しませんでした。送付状は一通ずつ、権限のある職員が理由を付けて申請し、別の職員の承認を受けてから印刷します。入浴証の処理の画面から申請してください。',
  );
}

/**
 * Lets a letter of a protected person be seen only by whoever holds its release, used or not, or a release of the
 * address, until it runs out. Throws Refused.
 */
export async function requireLetterShown(
  db: Database,
  actor: Actor,
  personId: number,
  passId: number,
): Promise<void> {
  const person = await db
    .selectFrom('person')
    .select('isProtected')
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person?.isProtected !== 1 || (await isAddressReleased(db, actor, personId))) return;
  const open = await db
    .selectFrom('protectedRelease')
    .select('id')
    .where('passId', '=', passId)
    .where('requestedBy', '=', actor.accountId ?? 0)
    .where('isApproved', '=', 1)
    .where('expiresAt', '>', actor.at.toISOString())
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) return;
  throw new Refused(
    '支援措置等の対象の人の送付状のため、表示しませんでした。権限のある職員が個人票で理由を付けて住所の表示を解いてから、開いてください。',
  );
}

async function requireProtected(trx: Trx, personId: number): Promise<void> {
  const person = await trx
    .selectFrom('person')
    .select('isProtected')
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  if (person.isProtected === 0) {
    throw new Refused('支援措置等の対象の人ではないため、一時解除は要りません。個人票を開き直してください。');
  }
}

async function expiryOf(trx: Trx, actor: Actor): Promise<Date> {
  const minutes = await readSetting(trx, 'protected.release-minutes');
  return new Date(actor.at.getTime() + minutes * MINUTE_MS);
}

async function writeRelease(
  trx: Trx,
  actor: Actor,
  release: { personId: number; purpose: 'address' | 'letter'; passId: number | null; reason: string },
  expiresAt: Date,
): Promise<number> {
  const { id } = await trx
    .insertInto('protectedRelease')
    .values({
      ...release,
      requestedBy: actor.accountId!,
      requestedAt: actor.at.toISOString(),
      answeredBy: null,
      answeredAt: null,
      expiresAt: expiresAt.toISOString(),
      usedAt: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
