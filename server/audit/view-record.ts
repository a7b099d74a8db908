import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { EventFields } from './event.ts';
import type { Purpose } from './forms.ts';
import type { EventFilter } from './queries.ts';
import { type Actor, recordEvent } from './record-event.ts';

type View = EventFields['audit.viewed']['view'];

function asked({ personId, accountId, kind, from, to }: EventFilter) {
  return {
    personId: personId ?? null,
    sequenceAsked: null as number | null,
    accountIdAsked: accountId ?? null,
    kindAsked: kind ?? '',
    fromOn: from ?? null,
    toOn: to ?? null,
  };
}

/** Records that somebody read the record itself, and what was asked of it, by ids. */
export async function recordReading(
  db: Database,
  actor: Actor,
  view: View,
  filter: EventFilter,
  rows: number,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    recordEvent(trx, actor, { kind: 'audit.viewed', ...asked(filter), view, rows });
  });
}

/** Records that somebody opened one event, on whose person it was. */
export async function recordOpening(
  db: Database,
  actor: Actor,
  sequence: number,
  personId: number | null,
  values: number,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const subject = personId === null ? {} : { personId };
    recordEvent(trx, actor, {
      kind: 'audit.viewed',
      ...asked(subject),
      sequenceAsked: sequence,
      view: 'event',
      rows: values,
    });
  });
}

/** Records that somebody asked for a resident number that the register does not have. */
export async function recordVainReading(db: Database, actor: Actor, typed: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    recordEvent(trx, actor, { kind: 'audit.viewed', ...asked({}), view: 'list', rows: 0 }, [
      { personId: 0, field: 'terms', oldValue: '', newValue: typed },
    ]);
  });
}

/** Records that a part of the record was taken out, how many rows, and why. */
export async function recordExport(
  db: Database,
  actor: Actor,
  filter: EventFilter,
  rows: number,
  { purpose, explanation }: { purpose: Purpose; explanation: string },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const values =
      explanation === '' ? [] : [{ personId: 0, field: 'explanation', oldValue: '', newValue: explanation }];
    recordEvent(trx, actor, { kind: 'audit.exported', ...asked(filter), purpose, rows }, values);
  });
}
