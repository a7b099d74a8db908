import { addMonths, businessDay } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { countPast, erasePast, overwriteWhatIsDeleted, type Past } from './erase-past.ts';
import { digestOfErasures, type ErasureScope } from './erasure.ts';
import { type Actor, recordEventAndWrite } from './record-event.ts';
import { newSalt, streamValues, valuesHash } from './values.ts';

export type { ErasureScope } from './erasure.ts';

export interface Erasure extends Past {
  events: number;
  values: number;
}

// Values younger than this are still needed to see what was done, and whoever did it wrong must not be
// able to remove them in the name of a retention period.
const LEAST_MONTHS = 12;
const EVENTS_AT_ONCE = 200;
const LONGEST_GROUND = 200;

interface Seal {
  eventSequence: number;
  /** Empty when no value remains. */
  remainingHash: string;
  salt: string;
  erased: number;
}

/**
 * Erases values of residents beside the record (値の控えの消去), with their salts, so that what the chain
 * keeps of them says nothing any more. The chain stays whole; each erasure is an event that commits to
 * what was erased and to what remained. What the register itself keeps of the past goes with them.
 * `ground` is the decision it rests on (起案番号など). Returns how many events lost how many values. Throws Invalid without a ground or within the least
 * period, Refused when the values are not what was recorded.
 */
export async function eraseValues(
  db: Database,
  actor: Actor,
  scope: ErasureScope,
  ground: string,
): Promise<Erasure> {
  requireErasable(actor, scope, ground);
  const total = { events: 0, values: 0 };
  for (;;) {
    const some = await inTransaction(db, (trx) => eraseSome(trx, actor, scope, ground.trim()));
    total.events += some.events;
    total.values += some.values;
    if (some.events < EVENTS_AT_ONCE) break;
  }
  return { ...total, ...(await erasePast(db, actor, scope, ground.trim())) };
}

function requireErasable(actor: Actor, scope: ErasureScope, ground: string): void {
  if (ground.trim() === '' || ground.length > LONGEST_GROUND) {
    throw new Invalid({
      ground: `消去の根拠（起案番号など）を${LONGEST_GROUND}文字までで入力してください。`,
    });
  }
  if (!('before' in scope)) return;
  const latest = addMonths(businessDay(actor.at), -LEAST_MONTHS);
  if (scope.before <= latest) return;
  throw new Invalid({
    before: `記録から${LEAST_MONTHS}か月たっていない値の控えは、期間では消去できません。${latest}以前の日にしてください。`,
  });
}

/** How much an erasure would erase. */
export async function countErasable(db: Database, scope: ErasureScope): Promise<Erasure> {
  let query = db
    .selectFrom('auditValue')
    .select((count) => [
      count.fn.countAll<number>().as('values'),
      count.fn.count<number>('eventSequence').distinct().as('events'),
    ]);
  if ('personId' in scope) query = query.where('personId', '=', scope.personId);
  else {
    query = query.where('eventSequence', 'in', (events) =>
      events.selectFrom('auditEvent').select('sequence').where('businessOn', '<', scope.before),
    );
  }
  const { events, values } = await query.executeTakeFirstOrThrow();
  return { events: Number(events), values: Number(values), ...(await countPast(db, scope)) };
}

type ErasedSome = Pick<Erasure, 'events' | 'values'>;

async function eraseSome(trx: Trx, actor: Actor, scope: ErasureScope, ground: string): Promise<ErasedSome> {
  const sequences = await listEvents(trx, scope);
  if (sequences.length === 0) return { events: 0, values: 0 };
  await overwriteWhatIsDeleted(trx);
  const seals: Seal[] = [];
  for (const sequence of sequences) seals.push(await seal(trx, sequence, scope));
  const values = seals.reduce((sum, { erased }) => sum + erased, 0);
  const event = {
    kind: 'audit.values-erased' as const,
    personId: 'personId' in scope ? scope.personId : null,
    before: 'before' in scope ? scope.before : null,
    ground,
    events: seals.length,
    values,
    digest: digestOfErasures(seals),
  };
  recordEventAndWrite(trx, actor, event, (erasedBy) => erase(trx, seals, scope, erasedBy));
  return { events: seals.length, values };
}

async function listEvents(trx: Trx, scope: ErasureScope): Promise<number[]> {
  const rows =
    'personId' in scope
      ? await trx
          .selectFrom('auditValue')
          .select('eventSequence')
          .distinct()
          .where('personId', '=', scope.personId)
          .orderBy('eventSequence')
          .limit(EVENTS_AT_ONCE)
          .execute()
      : await trx
          .selectFrom('auditValueSalt')
          .innerJoin('auditEvent', 'auditEvent.sequence', 'auditValueSalt.eventSequence')
          .select('auditValueSalt.eventSequence')
          .where('auditEvent.businessOn', '<', scope.before)
          .orderBy('auditValueSalt.eventSequence')
          .limit(EVENTS_AT_ONCE)
          .execute();
  return rows.map(({ eventSequence }) => eventSequence);
}

/** Reads an event's values, requires that they are what was recorded, and hashes what will remain. */
async function seal(trx: Trx, eventSequence: number, scope: ErasureScope): Promise<Seal> {
  const { valuesHash: recorded } = await trx
    .selectFrom('auditEvent')
    .select('valuesHash')
    .where('sequence', '=', eventSequence)
    .executeTakeFirstOrThrow();
  const earlier = await trx
    .selectFrom('auditValueErasure')
    .select('remainingHash')
    .where('eventSequence', '=', eventSequence)
    .orderBy('erasedBy', 'desc')
    .limit(1)
    .executeTakeFirst();
  const kept = await trx
    .selectFrom('auditValueSalt')
    .select('salt')
    .where('eventSequence', '=', eventSequence)
    .executeTakeFirst();
  const salt = newSalt();
  const before = valuesHash(kept?.salt ?? '');
  const after = valuesHash(salt);
  let [all, remaining] = [0, 0];
  for await (const { eventSequence: _, ...value } of streamValues(trx, eventSequence, eventSequence)) {
    before.add(value);
    all += 1;
    if ('before' in scope || value.personId === scope.personId) continue;
    after.add(value);
    remaining += 1;
  }
  if (before.digest() !== (earlier?.remainingHash ?? recorded)) {
    throw new Refused(
      `操作記録${eventSequence}番の値の控えが記録と合わないため、消去しませんでした。先に操作記録を検証してください。`,
    );
  }
  const remainingHash = remaining === 0 ? '' : after.digest();
  return { eventSequence, remainingHash, salt, erased: all - remaining };
}

async function erase(trx: Trx, seals: readonly Seal[], scope: ErasureScope, erasedBy: number): Promise<void> {
  for (const { eventSequence, remainingHash, salt } of seals) {
    await trx.insertInto('auditValueErasure').values({ eventSequence, erasedBy, remainingHash }).execute();
    let values = trx.deleteFrom('auditValue').where('eventSequence', '=', eventSequence);
    if ('personId' in scope) values = values.where('personId', '=', scope.personId);
    await values.execute();
    await trx.deleteFrom('auditValueSalt').where('eventSequence', '=', eventSequence).execute();
    if (remainingHash !== '') {
      await trx.insertInto('auditValueSalt').values({ eventSequence, salt }).execute();
    }
  }
}
