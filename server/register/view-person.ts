import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inSharedTransaction } from '../db/shared-transaction.ts';

/** Records that somebody looked at a person's page. */
export async function recordView(db: Database, actor: Actor, personId: number): Promise<void> {
  await inSharedTransaction(db, async (trx) => recordEvent(trx, actor, { kind: 'person.viewed', personId }));
}

/** Records a search: who was shown, and beside the chain what was typed. */
export async function recordSearch(
  db: Database,
  actor: Actor,
  terms: string,
  people: readonly { id: number }[],
): Promise<void> {
  const personIds = people.map(({ id }) => id);
  await inSharedTransaction(db, async (trx) =>
    recordEvent(trx, actor, { kind: 'person.searched', found: people.length, personIds }, [
      { personId: 0, field: 'terms', oldValue: '', newValue: terms },
    ]),
  );
}
