import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../jobs/dummy/random.ts';
import { headOf } from '../../server/audit/chain.ts';
import { recordEvent } from '../../server/audit/record-event.ts';
import { shipEvents } from '../../server/audit/ship.ts';
import { checkShipped, readShippedLine } from '../../server/audit/shipped.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { engineOf } from '../../server/db/connect.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { Refused } from '../../server/errors.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makeRecord, sampleActor } from './sample.ts';

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe.each(databases)('shipping the record from %s', (engine) => {
  const used = useDatabase(engine);
  const folder = mkdtempSync(join(tmpdir(), 'fnt-ship-'));
  const path = join(folder, 'audit.jsonl');
  const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const more = () =>
    inTransaction(used.db, async (trx) =>
      recordEvent(trx, sampleActor(), { kind: 'person.viewed', personId: 1 }),
    );

  beforeAll(() => makeRecord(used.db, 40, createRandom('ship')));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('every event once, whole, and nothing of the values', async () => {
    const { shipped, last } = await shipEvents(used.db, path);
    expect(shipped).toBe(42);
    expect(last).toEqual(await headOf(used.db));
    expect(await checkShipped(each(lines()))).toEqual({ whole: true, first: 1, last, lines: 42 });
    expect(readFileSync(path, 'utf8')).not.toMatch(/髙橋|03-0000|葛/);
  });

  test('again adds nothing; later only what is new', async () => {
    expect((await shipEvents(used.db, path)).shipped).toBe(0);
    await more();
    expect((await shipEvents(used.db, path)).shipped).toBe(1);
    expect(await checkShipped(each(lines()))).toMatchObject({ whole: true, lines: 43 });
  });

  test('a line that a crash cut is taken back and shipped again', async () => {
    await more();
    await shipEvents(used.db, path);
    const { length } = readFileSync(path);
    truncateSync(path, length - 30);
    expect((await shipEvents(used.db, path)).shipped).toBe(1);
    appendFileSync(path, '{"sequence":45,"occ');
    expect((await shipEvents(used.db, path)).shipped).toBe(0);
    expect(await checkShipped(each(lines()))).toMatchObject({ whole: true, lines: 44 });
  });

  test('after the file was rotated away the next one goes on where it ended', async () => {
    renameSync(path, `${path}.1`);
    await more();
    expect((await shipEvents(used.db, path)).shipped).toBe(1);
    expect(await checkShipped(each(lines()))).toMatchObject({ whole: true, first: 45, lines: 1 });
  });

  test('the receiver names the first gap, and a line that was altered', async () => {
    const all = readFileSync(`${path}.1`, 'utf8').split('\n').slice(0, -1);
    const found = (given: readonly string[]) => checkShipped(each(given));
    expect(await found(all.toSpliced(6, 1))).toMatchObject({
      whole: false,
      line: 7,
      problem: 'gap',
      expected: 7,
    });
    expect(await found(all.with(9, all[9]!.replace('192.0.2.7', '192.0.2.8')))).toMatchObject({
      whole: false,
      line: 10,
      problem: 'altered',
    });
    expect(await found(all.with(3, 'Nov 20 syslogd restart'))).toMatchObject({
      line: 4,
      problem: 'unreadable',
    });
    expect(await found(all.with(4, all[3]!))).toMatchObject({ line: 5, problem: 'gap' });
  });

  test('a file that is something else is left alone', async () => {
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'not the record\n');
    await expect(shipEvents(used.db, other)).rejects.toThrow(Refused);
    expect(readFileSync(other, 'utf8')).toBe('not the record\n');
  });

  test('a record that was cut back or restored from an old copy is noticed, and nothing is shipped', async () => {
    const anchors = readFileSync(`${path}.1`, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => readShippedLine(line)!);
    expect(await verifyChain(used.db, anchors)).toMatchObject({ whole: true });
    if (engineOf(used.db) === 'sqlite') {
      await sql.raw('drop trigger audit_event_no_delete').execute(used.db);
      await sql.raw('drop trigger audit_head_only_forward').execute(used.db);
    }
    const { hash, previousHash } = await used.db
      .selectFrom('auditEvent')
      .select(['hash', 'previousHash'])
      .where('sequence', '=', 45)
      .executeTakeFirstOrThrow();
    await used.db.deleteFrom('auditEvent').where('sequence', '=', 45).execute();
    await used.db.updateTable('auditHead').set({ lastSequence: 44, lastHash: previousHash }).execute();
    expect(await verifyChain(used.db), 'by itself the shorter record is whole').toMatchObject({
      whole: true,
    });
    expect(await verifyChain(used.db, [{ sequence: 45, hash }])).toEqual({
      whole: false,
      brokenAt: 45,
      problem: 'cut',
    });
    await expect(shipEvents(used.db, path)).rejects.toThrow(/45番/);
    await more();
    await expect(shipEvents(used.db, path)).rejects.toThrow(/45番/);
    expect(await verifyChain(used.db, [{ sequence: 45, hash }])).toEqual({
      whole: false,
      brokenAt: 45,
      problem: 'anchor',
    });
    expect(lines()).toHaveLength(1);
  });
});
