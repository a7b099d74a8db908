import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hashOfEvent, headOf } from '../../server/audit/chain.ts';
import type { AuditEvent } from '../../server/audit/event.ts';
import { recordEvent } from '../../server/audit/record-event.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import type { Trx } from '../../server/db/schema.ts';
import { beforeCommit, inTransaction } from '../../server/db/transaction.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { sampleActor } from './sample.ts';

test('the canonical form of a row is pinned: labels, order of keys and later versions do not touch it', () => {
  const row = {
    sequence: 7,
    occurredAt: '2026-11-20T01:30:00.000Z',
    businessOn: '2026-11-20',
    kind: 'person.viewed',
    accountId: 3,
    actor: 'sato',
    officeCode: '00',
    terminal: '192.0.2.1',
    requestId: 'r-1',
    personId: 12,
    passId: null,
    details: '{}',
    valuesHash: '',
    previousHash: 'a'.repeat(64),
  };
  expect(hashOfEvent(row)).toBe('a789f9bff20ba789f2fff9a040edb2cd75377be25d26a9f292013969fa9f7df2');
});

describe('what is refused, and the act with it', () => {
  const used = useDatabase('sqlite');
  const record = (event: unknown) =>
    inTransaction(used.db, async (trx) => recordEvent(trx, sampleActor(), event as AuditEvent));

  test.each([
    ['a kind that is not on the list', { kind: 'person.peeked', personId: 1 }],
    ['a kind out of the prototype', { kind: 'constructor' }],
    ['a field too few', { kind: 'person.viewed' }],
    ['a field too many', { kind: 'person.viewed', personId: 1, name: '渡邉' }],
    ['an id that is none', { kind: 'person.viewed', personId: 0 }],
    ['an id as text', { kind: 'person.viewed', personId: '1' }],
    ['a number that is none', { kind: 'person.searched', found: Number.NaN, personIds: [] }],
    ['ids that are none', { kind: 'person.searched', found: 1, personIds: [0] }],
    ['a code that is not on its list', { kind: 'session.refused', reason: 'toString' }],
    ['a day that does not exist', { kind: 'daily-list.viewed', day: '2026-02-29', form: 'csv', rows: 1 }],
    ['text that is too long', { kind: 'setting.changed', name: 'x', from: 'y', to: 'z'.repeat(4000) }],
  ])('%s', async (_name, event) => {
    const before = await headOf(used.db);
    await expect(record(event)).rejects.toThrow(TypeError);
    expect(await headOf(used.db)).toEqual(before);
  });

  test('a refusal does not repeat what stood in the field', async () => {
    await expect(record({ kind: 'setting.changed', name: 1, from: '渡邉', to: '' })).rejects.toThrow(
      /^setting\.changed: the field name is missing or wrong$/,
    );
  });

  test('an event that comes after the others were written undoes the act instead of getting lost', async () => {
    await expect(
      inTransaction(used.db, async (trx) => {
        recordEvent(trx, sampleActor(), { kind: 'person.viewed', personId: 1 });
        beforeCommit(trx, async () =>
          recordEvent(trx, sampleActor(), { kind: 'person.viewed', personId: 2 }),
        );
      }),
    ).rejects.toThrow(/after the events had been written/);
    let kept: Trx | undefined;
    await inTransaction(used.db, async (trx) => {
      kept = trx;
      recordEvent(trx, sampleActor(), { kind: 'person.viewed', personId: 1 });
    });
    expect(() => recordEvent(kept!, sampleActor(), { kind: 'person.viewed', personId: 2 })).toThrow(/after/);
  });
});

describe.each(databases)('recording on %s', (engine) => {
  const used = useDatabase(engine);

  test('50 writers at once: no number twice, none missing, the chain whole', async () => {
    const { sequence: before } = await headOf(used.db);
    const one = async (writer: number) => {
      for (let round = 0; round < 4; round += 1) {
        await inTransaction(used.db, async (trx) => {
          const values = [{ personId: writer + 1, field: 'phone', oldValue: '', newValue: `${round}` }];
          recordEvent(trx, sampleActor(), { kind: 'person.viewed', personId: writer + 1 });
          await sleep(writer % 3);
          recordEvent(trx, sampleActor(), { kind: 'person.contact-changed', personId: writer + 1 }, values);
          if (writer % 10 === 9) throw new Error('given up');
        }).catch((error: Error) => {
          if (error.message !== 'given up') throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, writer) => one(writer)));
    const written = 45 * 4 * 2;
    expect(await verifyChain(used.db)).toMatchObject({ whole: true, events: before + written });
    const { rows } = await used.db
      .selectFrom('auditEvent')
      .select((count) => count.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    expect(Number(rows)).toBe(before + written);
  });

  test('the verifier reads while others write, and raises no false alarm', async () => {
    const enough = 8;
    let verified = 0;
    const writing = (async () => {
      let made = 0;
      for (; verified < enough; made += 1) {
        await inTransaction(used.db, async (trx) =>
          recordEvent(trx, sampleActor(made), { kind: 'person.viewed', personId: 1 }),
        );
      }
      return made;
    })();
    for (; verified < enough; verified += 1) {
      expect(await verifyChain(used.db)).toMatchObject({ whole: true });
    }
    expect(await writing).toBeGreaterThan(enough);
  });

  test('odd text goes in and comes out the same, so that the record can be verified', async () => {
    const odd = 'NUL\0 half \ud83d surrogate 葛󠄀 𠮷 👨‍👩‍👧 \u2028 "\' \\ ;--';
    await inTransaction(used.db, async (trx) => {
      const actor = { ...sampleActor(), terminal: `fe80::1%${'x'.repeat(100)}\0` };
      const values = [{ personId: 0, field: 'terms', oldValue: '', newValue: odd }];
      recordEvent(trx, actor, { kind: 'person.searched', found: 0, personIds: [] }, values);
      recordEvent(trx, actor, { kind: 'setting.changed', name: odd, from: odd, to: odd });
    });
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });
});
