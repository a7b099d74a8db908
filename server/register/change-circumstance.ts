import { describeLastAct } from '../audit/last-act.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { ValueChange } from '../audit/values.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { ChangedMeanwhile, Invalid, NotFound, Refused } from '../errors.ts';
import {
  type CircumstanceDetails,
  type CircumstanceRow,
  DETAIL_FIELDS,
  DETAIL_NAMES,
  settleDetails,
} from './circumstance.ts';
import { lockPerson } from './lock-person.ts';

/** Registers a circumstance (個別事由). Returns its id. Throws Invalid and NotFound. */
export async function addCircumstance(
  db: Database,
  actor: Actor,
  personId: number,
  given: CircumstanceDetails,
): Promise<number> {
  const details = settleDetails(given);
  return await inTransaction(db, async (trx) => {
    await lockPerson(trx, personId);
    const createdAt = actor.at.toISOString();
    const { id } = await trx
      .insertInto('circumstance')
      .values({
        personId,
        ...details,
        createdAt,
        createdBy: actor.accountId,
        endedAt: null,
        changedAt: createdAt,
        changedBy: actor.accountId,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await markProtected(trx, personId);
    record(
      trx,
      actor,
      'circumstance.added',
      { id, personId, kind: details.kind },
      changesOf(personId, undefined, details),
    );
    return id;
  });
}

interface Seen {
  id: number;
  /** The version the clerk saw. */
  version: number;
}

/** Changes a circumstance; its kind stays. Throws Invalid, ChangedMeanwhile, Refused when it has ended, and NotFound. */
export async function changeCircumstance(
  db: Database,
  actor: Actor,
  { id, version }: Seen,
  given: Omit<CircumstanceDetails, 'kind'>,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const before = await getSeen(trx, id, version);
    const { kind, ...details } = settleDetails({ ...given, kind: before.kind });
    const changes = changesOf(before.personId, before, details);
    if (changes.length === 0) return;
    await trx
      .updateTable('circumstance')
      .set({ ...details, ...stampOf(actor), version: version + 1 })
      .where('id', '=', id)
      .execute();
    record(trx, actor, 'circumstance.changed', { ...before, kind }, changes);
  });
}

/**
 * Ends a circumstance, with the reason. Nothing else ends a support measure: not its dates, not an import.
 * Throws Invalid without a reason, ChangedMeanwhile, Refused when it has ended, and NotFound.
 */
export async function endCircumstance(
  db: Database,
  actor: Actor,
  { id, version }: Seen,
  ground: string,
): Promise<void> {
  const endGround = ground.trim();
  if (endGround === '' || endGround.length > 200) {
    throw new Invalid({ endGround: '終了の理由を200文字までで入力してください。' });
  }
  await inTransaction(db, async (trx) => {
    const before = await getSeen(trx, id, version);
    await trx
      .updateTable('circumstance')
      .set({ endedAt: actor.at.toISOString(), endGround, ...stampOf(actor), version: version + 1 })
      .where('id', '=', id)
      .execute();
    await markProtected(trx, before.personId);
    record(trx, actor, 'circumstance.ended', before, [
      { personId: before.personId, field: 'circumstance_end_ground', oldValue: '', newValue: endGround },
    ]);
  });
}

function stampOf(actor: Actor) {
  return { changedAt: actor.at.toISOString(), changedBy: actor.accountId };
}

async function getSeen(trx: Trx, id: number, version: number): Promise<CircumstanceRow> {
  const found = await trx
    .selectFrom('circumstance')
    .select('personId')
    .where('id', '=', id)
    .executeTakeFirst();
  if (found === undefined)
    throw new NotFound('この個別事由は登録されていません。個人票を開き直してください。');
  await lockPerson(trx, found.personId);
  const row = await trx.selectFrom('circumstance').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  if (row.endedAt !== null)
    throw new Refused('この個別事由は、すでに終了しています。個人票を開き直してください。');
  if (row.version !== version) {
    throw new ChangedMeanwhile({
      what: '個別事由',
      version: row.version,
      by: await describeLastAct(trx, row.personId),
      back: `/people/${row.personId}/circumstances`,
      rows: DETAIL_FIELDS.map((field) => ({ label: DETAIL_NAMES[field], field, now: row[field] ?? '' })),
    });
  }
  return row;
}

/** Keeps the mark on the person in step with the support measures that nobody has ended. */
async function markProtected(trx: Trx, personId: number): Promise<void> {
  const open = await trx
    .selectFrom('circumstance')
    .select('id')
    .where('personId', '=', personId)
    .where('kind', '=', 'protected')
    .where('endedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  const isProtected = open === undefined ? 0 : 1;
  await trx
    .updateTable('person')
    .set((set) => ({ isProtected, version: set('version', '+', 1) }))
    .where('id', '=', personId)
    .where('isProtected', '<>', isProtected)
    .execute();
}

type Kept = Omit<CircumstanceDetails, 'kind'>;

function changesOf(personId: number, before: Kept | undefined, after: Kept): ValueChange[] {
  return DETAIL_FIELDS.map((field) => ({
    personId,
    field: `circumstance_${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    oldValue: before?.[field] ?? '',
    newValue: after[field] ?? '',
  })).filter(({ oldValue, newValue }) => oldValue !== newValue);
}

function record(
  trx: Trx,
  actor: Actor,
  kind: 'circumstance.added' | 'circumstance.changed' | 'circumstance.ended',
  { id, personId, kind: circumstance }: Pick<CircumstanceRow, 'id' | 'personId' | 'kind'>,
  values: ValueChange[],
): void {
  recordEvent(trx, actor, { kind, personId, circumstanceId: id, circumstance }, values);
}
