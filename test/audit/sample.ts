import { randomUUID } from 'node:crypto';
import type { Random } from '../../jobs/dummy/random.ts';
import { eraseValues } from '../../server/audit/erase-values.ts';
import { type Actor, recordEvent } from '../../server/audit/record-event.ts';
import type { Database } from '../../server/db/schema.ts';
import { inTransaction } from '../../server/db/transaction.ts';

/** Whose values `makeRecord` erases, all of them. */
export const ERASED_PERSON = 3;

const START = Date.parse('2026-11-01T00:00:00.000Z');

/** An actor of a job at so many minutes after the start of the sample. */
export function sampleActor(minutes = 0): Actor {
  return {
    accountId: null,
    name: 'job:sample',
    officeCode: '00',
    terminal: '192.0.2.7',
    requestId: randomUUID(),
    at: new Date(START + minutes * 60_000),
  };
}

/** Records `events` acts of every shape: with and without a person, a pass, values of one or of many. */
export async function makeRecord(db: Database, events: number, random: Random): Promise<void> {
  for (let made = 0; made < events; made += 1) {
    const actor = sampleActor(made);
    const personId = 1 + random.int(5);
    const shape = made % 5;
    await inTransaction(db, async (trx) => {
      if (shape === 0) recordEvent(trx, actor, { kind: 'person.viewed', personId });
      if (shape === 1) {
        const terms = { personId: 0, field: 'terms', oldValue: '', newValue: `髙橋 ${random.int(1e6)}` };
        recordEvent(trx, actor, { kind: 'person.searched', found: 2, personIds: [3, random.int(50) + 4] }, [
          terms,
        ]);
      }
      if (shape === 2) {
        const phone = { personId, field: 'phone', oldValue: '', newValue: `03-0000-${random.int(1e4)}` };
        recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [phone]);
      }
      if (shape === 3) recordEvent(trx, actor, { kind: 'letter.viewed', personId, passId: 9, letterId: 4 });
      if (shape === 4) {
        const values = [1, 2, 3, 4, 5].flatMap((one) =>
          ['address', 'name'].map((field) => ({
            personId: one,
            field,
            oldValue: `葛󠄀 ${random.int(1e6)}`,
            newValue: '',
          })),
        );
        recordEvent(trx, actor, { kind: 'import.viewed', importRunId: 1 }, values);
      }
    });
  }
  await eraseValues(db, sampleActor(events), { personId: ERASED_PERSON }, '試験 第1号');
  await inTransaction(db, async (trx) =>
    recordEvent(trx, sampleActor(events + 1), { kind: 'person.viewed', personId: 1 }),
  );
}
