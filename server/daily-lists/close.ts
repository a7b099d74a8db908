import { requireOtherPerson } from '../accounts/second-person.ts';
import { ACTS } from '../audit/event.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay, businessTime, type LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';
import { sha256 } from '../letters/render-letter.ts';
import { readSetting } from '../settings/queries.ts';
import { dayPaper } from './day-paper.ts';
import { countActs, getDailyList, listActorsOf } from './queries.ts';

// A day's list is checked by one person (照合) and closed by another (締め). From then on no act can be
// recorded on that day (audit/record-event.ts), so that the filed paper stays the whole truth of it.

/** How far the list of a day is; undefined when nobody has checked it. */
export async function findClose(db: Database | Trx, day: LocalDate) {
  return await db
    .selectFrom('dailyListClose')
    .innerJoin('account as checker', 'checker.id', 'dailyListClose.checkedBy')
    .leftJoin('account as closer', 'closer.id', 'dailyListClose.closedBy')
    .select(['dailyListClose.businessOn', 'dailyListClose.checkedBy', 'dailyListClose.checkedAt'])
    .select(['checker.displayName as checkerName', 'dailyListClose.checkedSequence', 'dailyListClose.acts'])
    .select(['dailyListClose.closedBy', 'dailyListClose.closedAt', 'closer.displayName as closerName'])
    .select(['dailyListClose.headSequence', 'dailyListClose.headHash', 'dailyListClose.sha256'])
    .where('dailyListClose.businessOn', '=', day)
    .executeTakeFirst();
}

export type Close = NonNullable<Awaited<ReturnType<typeof findClose>>>;

/** Why the list of a day can be neither checked nor closed yet, as a sentence; undefined when it can. */
export async function whyTooEarly(db: Database | Trx, day: LocalDate, at: Date): Promise<string | undefined> {
  const today = businessDay(at);
  if (day < today) return undefined;
  if (day > today) return 'まだ来ていない日のリストは、照合も締めもできません。';
  const hour = await readSetting(db, 'daily-list.close-hour');
  if (Number(businessTime(at).slice(0, 2)) >= hour) return undefined;
  const from = hour >= 24 ? '翌日' : `${hour}時`;
  return `本日のリストは、まだ処理が増えることがあるため、${from}から照合と締めができます。`;
}

/** Records that the list of a day was checked (照合) as it stands. Throws Refused too early or once it is closed. */
export async function checkDay(db: Database, actor: Actor, day: LocalDate): Promise<void> {
  try {
    await inTransaction(db, (trx) => checkInside(trx, actor, day));
  } catch (error) {
    if (isDuplicate(error))
      throw new Refused('同じときに別の職員が照合しました。リストを開き直してください。');
    throw error;
  }
}

async function checkInside(trx: Trx, actor: Actor, day: LocalDate): Promise<void> {
  const tooEarly = await whyTooEarly(trx, day, actor.at);
  if (tooEarly !== undefined) throw new Refused(tooEarly);
  if (actor.accountId === null) throw new Refused('照合は職員が行います。サインインしてください。');
  const known = await findClose(trx, day);
  if (known !== undefined && known.closedAt !== null) throw new Refused(alreadyClosed(known));
  const { lastSequence } = await trx
    .selectFrom('auditHead')
    .select('lastSequence')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  const acts = await countActs(trx, day);
  const checked = {
    checkedBy: actor.accountId,
    checkedAt: actor.at.toISOString(),
    checkedSequence: lastSequence,
    acts,
  };
  if (known === undefined) {
    await trx
      .insertInto('dailyListClose')
      .values({ businessOn: day, ...checked })
      .execute();
  } else {
    const unclosed = trx.updateTable('dailyListClose').set(checked).where('closedAt', 'is', null);
    await unclosed.where('businessOn', '=', day).execute();
  }
  recordEvent(trx, actor, { kind: 'daily-list.checked', day, acts });
}

/**
 * Closes the list of a day (締め) and keeps its PDF. Throws Refused unless it was checked by somebody else as
 * it stands, and when whoever closes it did every act of the day alone; Forbidden for the one who checked it.
 */
export async function closeDay(
  { db, config }: Pick<AppContext, 'db' | 'config'>,
  actor: Actor,
  day: LocalDate,
): Promise<void> {
  const known = await findClose(db, day);
  if (known === undefined)
    throw new Refused('先に別の職員が照合してから締めてください。まだ照合されていません。');
  if (known.closedAt !== null) throw new Refused(alreadyClosed(known));
  const tooEarly = await whyTooEarly(db, day, actor.at);
  if (tooEarly !== undefined) throw new Refused(tooEarly);
  requireOtherPerson(actor, known.checkedBy, '照合');
  const actors = await listActorsOf(db, day);
  if (actors.length === 1 && actors[0]!.accountId === actor.accountId) {
    throw new Refused(
      'この日の処理はすべてあなたが行っているため、締められません。締めの権限のある別の職員に依頼してください。',
    );
  }
  const list = await getDailyList(db, day);
  if (list.count !== known.acts) throw new Refused(grown(list.count - known.acts));
  const content = await dayPaper({
    list,
    conditions: 'すべての処理',
    checked: { name: known.checkerName, at: new Date(known.checkedAt) },
    closed: { name: await nameOf(db, actor.accountId!), at: actor.at },
    at: actor.at,
    ownFont: config.municipalityFont,
  });
  await inTransaction(db, async (trx) => {
    // Takes the lock on the head of the chain: whoever records an act comes before the count or is refused.
    await trx
      .updateTable('auditHead')
      .set((set) => ({
        closedOn: set.case().when('closedOn', '>', day).then(set.ref('closedOn')).else(day).end(),
      }))
      .where('id', '=', 1)
      .execute();
    const acts = await countActs(trx, day);
    if (acts !== list.count) throw new Refused(grown(acts - list.count));
    const { sequence: headSequence, hash: headHash } = list.upTo;
    const closed = { headSequence, headHash, sha256: sha256(content) };
    const { numUpdatedRows } = await trx
      .updateTable('dailyListClose')
      .set({ ...closed, content, closedBy: actor.accountId, closedAt: actor.at.toISOString() })
      .where('businessOn', '=', day)
      .where('closedAt', 'is', null)
      .where('checkedAt', '=', known.checkedAt)
      .executeTakeFirst();
    if (numUpdatedRows === 0n)
      throw new Refused('同じときに別の職員が照合または締めを行いました。リストを開き直してください。');
    recordEvent(trx, actor, { kind: 'daily-list.closed', day, acts, ...closed });
  });
}

async function nameOf(db: Database, accountId: number): Promise<string> {
  const { displayName } = await db
    .selectFrom('account')
    .select('displayName')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return displayName;
}

function alreadyClosed({ closerName, closedAt }: Close): string {
  return `このリストは${formatWareki(businessDay(new Date(closedAt!)))}に${closerName}が締めています。もう一度操作する必要はありません。`;
}

const grown = (acts: number) =>
  `照合の後に処理が${acts}件増えたため、締めませんでした。もう一度照合してから締めてください。`;

/** The paper of a closed day, as it was closed. Throws NotFound, and Refused when it is not what was closed. */
export async function getClosedPaper(db: Database, day: LocalDate): Promise<Buffer> {
  const row = await db
    .selectFrom('dailyListClose')
    .select(['content', 'sha256'])
    .where('businessOn', '=', day)
    .executeTakeFirst();
  if (row === undefined || row.content === null) throw new NotFound('この日のリストは締められていません。');
  const bytes = Buffer.from(row.content);
  if (sha256(bytes) === row.sha256) return bytes;
  throw new Refused(
    '保存されているリストが、締めたときのものと異なるため、表示しませんでした。システム管理者に連絡してください。',
  );
}

/** The days before `today`, of the last 60, that have acts and are not closed, oldest first. */
export async function listOpenDays(db: Database, from: LocalDate, today: LocalDate): Promise<LocalDate[]> {
  const rows = await db
    .selectFrom('auditEvent')
    .leftJoin('dailyListClose', (join) =>
      join
        .onRef('dailyListClose.businessOn', '=', 'auditEvent.businessOn')
        .on('dailyListClose.closedAt', 'is not', null),
    )
    .select('auditEvent.businessOn')
    .where('auditEvent.businessOn', '>=', from)
    .where('auditEvent.businessOn', '<', today)
    .where('auditEvent.kind', 'in', ACTS)
    .where('dailyListClose.businessOn', 'is', null)
    .groupBy('auditEvent.businessOn')
    .orderBy('auditEvent.businessOn')
    .execute();
  return rows.map(({ businessOn }) => businessOn);
}
