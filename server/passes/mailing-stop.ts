import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Trx } from '../db/schema.ts';

/** Keeps somebody who gave the pass back out of next year's mailing (一斉発送). */
export async function stopMailing(trx: Trx, actor: Actor, personId: number, on: LocalDate): Promise<void> {
  await trx
    .updateTable('person')
    .set((set) => ({ mailingStoppedOn: on, version: set('version', '+', 1) }))
    .where('id', '=', personId)
    .execute();
  recordEvent(trx, actor, { kind: 'person.mailing-changed', personId, change: 'stopped' });
}

/** Sends the yearly mailing again to somebody who was given a pass after all. */
export async function resumeMailing(trx: Trx, actor: Actor, personId: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('person')
    .set((set) => ({ mailingStoppedOn: null, version: set('version', '+', 1) }))
    .where('id', '=', personId)
    .where('mailingStoppedOn', 'is not', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  recordEvent(trx, actor, { kind: 'person.mailing-changed', personId, change: 'resumed' });
}
