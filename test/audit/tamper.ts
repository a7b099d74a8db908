import { sql } from 'kysely';
import type { Random } from '../../jobs/dummy/random.ts';
import { type Anchor, hashOfEvent } from '../../server/audit/chain.ts';
import { digestOfErasures } from '../../server/audit/erasure.ts';
import { newSalt, valuesHash } from '../../server/audit/values.ts';
import { type Verdict, verifyChain } from '../../server/audit/verify.ts';
import { engineOf } from '../../server/db/connect.ts';
import type { AuditEventTable, Database, Trx } from '../../server/db/schema.ts';

// Attacks on the record by somebody who may write to the database: each says where it must be found.
// They run in a transaction that is undone, on either engine, and the verifier reads in the same one.

export interface Expected {
  brokenAt: number;
  /** Found only with the place that somebody wrote down beforehand. */
  needsAnchor?: boolean;
}
export interface Attack {
  name: string;
  run(trx: Trx, rows: readonly AuditEventTable[], random: Random): Promise<Expected>;
}

export const COLUMNS = [
  'sequence',
  'occurredAt',
  'businessOn',
  'kind',
  'accountId',
  'actor',
  'officeCode',
  'terminal',
  'requestId',
  'personId',
  'passId',
  'details',
  'valuesHash',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof AuditEventTable)[];

class Undo extends Error {}

/** Runs an attack, verifies with and without the head written down before it, and undoes it. */
export async function attempt(
  db: Database,
  attack: Attack,
  random: Random,
): Promise<{ expected: Expected; alone: Verdict; anchored: Verdict }> {
  let found: { expected: Expected; alone: Verdict; anchored: Verdict } | undefined;
  const disarm = await disarming(db);
  try {
    await db.transaction().execute(async (plain) => {
      const trx = plain as Trx;
      const rows = await trx.selectFrom('auditEvent').selectAll().orderBy('sequence').execute();
      const anchors: Anchor[] = [rows[rows.length >> 1]!, rows.at(-1)!];
      for (const statement of disarm) await sql.raw(statement).execute(trx);
      const expected = await attack.run(trx, rows, random);
      const asDatabase = trx as unknown as Database;
      const alone = await verifyChain(asDatabase);
      found = { expected, alone, anchored: await verifyChain(asDatabase, anchors) };
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  return found!;
}

/** What an attacker on SQLite does first: the triggers stand in the same file. */
async function disarming(db: Database): Promise<string[]> {
  if (engineOf(db) !== 'sqlite') return [];
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'trigger' and tbl_name like 'audit%'`.execute(db);
  return rows.map(({ name }) => `drop trigger ${name}`);
}

/** Changes one column of one row. */
export function flip(
  column: (typeof COLUMNS)[number],
  at?: (rows: readonly AuditEventTable[]) => number,
): Attack {
  return {
    name: `flip ${column}`,
    async run(trx, rows, random) {
      // A row with values cannot change its number: they refer to it.
      const free =
        column === 'sequence'
          ? rows.filter(({ valuesHash: hash, kind }) => hash === '' && kind !== 'audit.values-erased')
          : rows;
      const row = free[at === undefined ? random.int(free.length) : at(free)]!;
      await trx
        .updateTable('auditEvent')
        .set({ [column]: another(column, row, random) })
        .where('sequence', '=', row.sequence)
        .execute();
      return { brokenAt: row.sequence };
    },
  };
}

function another(
  column: (typeof COLUMNS)[number],
  row: AuditEventTable,
  random: Random,
): string | number | null {
  const old = row[column];
  if (column === 'sequence') return row.sequence + 1_000_000;
  if (column === 'accountId' || column === 'personId' || column === 'passId') {
    return old === null || column === 'accountId' ? 1 : random.chance(0.5) ? null : (old as number) + 1;
  }
  if (column === 'officeCode') return '01';
  if (column === 'businessOn') return '2020-02-29';
  if (column === 'occurredAt') return new Date(Date.parse(row.occurredAt) + 1).toISOString();
  if (column === 'valuesHash' && old === '') return 'f'.repeat(64);
  const text = String(old);
  const place = random.int(text.length);
  const letter = text[place] === 'a' ? 'b' : 'a';
  return text.slice(0, place) + letter + text.slice(place + 1);
}

async function removeRow(trx: Trx, sequence: number): Promise<void> {
  await trx.deleteFrom('auditValue').where('eventSequence', '=', sequence).execute();
  await trx.deleteFrom('auditValueSalt').where('eventSequence', '=', sequence).execute();
  await trx
    .deleteFrom('auditValueErasure')
    .where((where) => where.or([where('eventSequence', '=', sequence), where('erasedBy', '=', sequence)]))
    .execute();
  await trx.deleteFrom('auditEvent').where('sequence', '=', sequence).execute();
}

async function setHead(trx: Trx, lastSequence: number, lastHash: string): Promise<void> {
  await trx.updateTable('auditHead').set({ lastSequence, lastHash }).where('id', '=', 1).execute();
}

async function cutTo(trx: Trx, rows: readonly AuditEventTable[], keep: number): Promise<void> {
  for (const { sequence } of rows.slice(keep).reverse()) await removeRow(trx, sequence);
}

/** Lets rows from `from` on follow each other again, as somebody with this program would. */
async function rehash(trx: Trx, from: number): Promise<void> {
  const rows = await trx.selectFrom('auditEvent').selectAll().orderBy('sequence').execute();
  let previousHash = rows.find(({ sequence }) => sequence === from - 1)?.hash ?? '0'.repeat(64);
  for (const row of rows.filter(({ sequence }) => sequence >= from)) {
    const hash = hashOfEvent({ ...row, previousHash });
    await trx
      .updateTable('auditEvent')
      .set({ previousHash, hash })
      .where('sequence', '=', row.sequence)
      .execute();
    previousHash = hash;
  }
  await setHead(trx, rows.at(-1)!.sequence, previousHash);
}

const withValues = (rows: readonly AuditEventTable[]) => rows.filter(({ valuesHash: hash }) => hash !== '');

async function pickStoredValue(trx: Trx, random: Random) {
  const values = await trx
    .selectFrom('auditValue')
    .selectAll()
    .orderBy('eventSequence')
    .orderBy('personId')
    .orderBy('field')
    .execute();
  return random.pick(values);
}

/** An event with values, none of which were erased. */
async function pickUnerased(trx: Trx, rows: readonly AuditEventTable[], random: Random): Promise<number> {
  const listed = await trx.selectFrom('auditValueErasure').select('eventSequence').execute();
  const erased = new Set(listed.map(({ eventSequence }) => eventSequence));
  return random.pick(withValues(rows).filter(({ sequence }) => !erased.has(sequence))).sequence;
}

async function removeValues(trx: Trx, eventSequence: number): Promise<void> {
  await trx.deleteFrom('auditValue').where('eventSequence', '=', eventSequence).execute();
  await trx.deleteFrom('auditValueSalt').where('eventSequence', '=', eventSequence).execute();
}

const valueAttacks: readonly Attack[] = [
  ...(['oldValue', 'newValue', 'field', 'personId'] as const).map(
    (column): Attack => ({
      name: `flip value ${column}`,
      async run(trx, _rows, random) {
        const { eventSequence, personId, field } = await pickStoredValue(trx, random);
        await trx
          .updateTable('auditValue')
          .set(column === 'personId' ? { personId: personId + 7 } : { [column]: 'すりかえ' })
          .where('eventSequence', '=', eventSequence)
          .where('personId', '=', personId)
          .where('field', '=', field)
          .execute();
        return { brokenAt: eventSequence };
      },
    }),
  ),
  {
    name: 'drop one value',
    async run(trx, _rows, random) {
      const { eventSequence, personId, field } = await pickStoredValue(trx, random);
      await trx
        .deleteFrom('auditValue')
        .where('eventSequence', '=', eventSequence)
        .where('personId', '=', personId)
        .where('field', '=', field)
        .execute();
      return { brokenAt: eventSequence };
    },
  },
  {
    name: 'erase values and salt without a record',
    async run(trx, _rows, random) {
      const { eventSequence } = await pickStoredValue(trx, random);
      await removeValues(trx, eventSequence);
      return { brokenAt: eventSequence };
    },
  },
  {
    name: 'flip a salt',
    async run(trx, _rows, random) {
      const { eventSequence } = await pickStoredValue(trx, random);
      await trx
        .updateTable('auditValueSalt')
        .set({ salt: newSalt() })
        .where('eventSequence', '=', eventSequence)
        .execute();
      return { brokenAt: eventSequence };
    },
  },
  {
    name: 'add values to an event without any',
    async run(trx, rows, random) {
      const { sequence } = random.pick(rows.filter(({ valuesHash: hash }) => hash === ''));
      const value = { personId: 1, field: 'phone', oldValue: '', newValue: '03-9999-9999' };
      await trx
        .insertInto('auditValue')
        .values({ eventSequence: sequence, ...value })
        .execute();
      return { brokenAt: sequence };
    },
  },
  {
    name: 'forge an erasure by an ordinary event',
    async run(trx, rows, random) {
      const eventSequence = await pickUnerased(trx, rows, random);
      const erasedBy = rows.find(
        ({ sequence, kind }) => sequence > eventSequence && kind !== 'audit.values-erased',
      )!.sequence;
      await removeValues(trx, eventSequence);
      await trx
        .insertInto('auditValueErasure')
        .values({ eventSequence, erasedBy, remainingHash: '' })
        .execute();
      return { brokenAt: erasedBy };
    },
  },
  {
    name: 'slip values into a lawful erasure',
    async run(trx, rows, random) {
      const { sequence: erasedBy } = rows.find(({ kind }) => kind === 'audit.values-erased')!;
      const eventSequence = await pickUnerased(trx, rows, random);
      await removeValues(trx, eventSequence);
      await trx
        .insertInto('auditValueErasure')
        .values({ eventSequence, erasedBy, remainingHash: '' })
        .execute();
      return { brokenAt: erasedBy };
    },
  },
  {
    name: 'remove the list of a lawful erasure',
    async run(trx) {
      const listed = await trx
        .selectFrom('auditValueErasure')
        .select('eventSequence')
        .orderBy('eventSequence')
        .execute();
      await trx.deleteFrom('auditValueErasure').execute();
      return { brokenAt: listed[0]!.eventSequence };
    },
  },
];

export const ATTACKS: readonly Attack[] = [
  ...COLUMNS.map((column) => flip(column)),
  ...valueAttacks,
  {
    name: 'drop a row',
    async run(trx, rows, random) {
      const { sequence, kind } = rows[random.int(rows.length)]!;
      await removeRow(trx, sequence);
      // With an erasure's event its list is gone too, and what it had erased is unexplained.
      const isErasure = kind === 'audit.values-erased';
      return { brokenAt: isErasure ? await firstUnexplained(trx, rows, sequence - 1) : sequence };
    },
  },
  {
    name: 'insert a row between, hashed for its place',
    async run(trx, rows, random) {
      const any = 1 + random.int(rows.length - 1);
      // The anchored row itself would be found a row earlier, by its anchor.
      const at = any === rows.length >> 1 ? any + 1 : any;
      const [before, moved] = [rows[at - 1]!, rows[at]!];
      const forged = { ...moved, actor: 'job:forged', previousHash: before.hash, sequence: moved.sequence };
      // The row that stood here moves behind the end; its place is taken by a forged one.
      await trx
        .insertInto('auditEvent')
        .values({ ...moved, sequence: rows.length + 1 })
        .execute();
      const { sequence, ...columns } = { ...forged, hash: hashOfEvent(forged) };
      await trx.updateTable('auditEvent').set(columns).where('sequence', '=', sequence).execute();
      return { brokenAt: at === rows.length - 1 ? sequence : sequence + 1 };
    },
  },
  {
    name: 'insert a row at the end',
    async run(trx, rows) {
      const last = rows.at(-1)!;
      const forged = { ...last, valuesHash: '', sequence: last.sequence + 1, previousHash: last.hash };
      await trx
        .insertInto('auditEvent')
        .values({ ...forged, hash: hashOfEvent(forged) })
        .execute();
      return { brokenAt: forged.sequence };
    },
  },
  {
    name: 'exchange two rows',
    async run(trx, rows, random) {
      const first = random.int(rows.length - 1);
      const second = first + 1 + random.int(rows.length - first - 1);
      const [a, b] = [rows[first]!, rows[second]!];
      const { sequence: at, ...contentA } = a;
      const { sequence: to, ...contentB } = b;
      await trx.updateTable('auditEvent').set(contentB).where('sequence', '=', at).execute();
      await trx.updateTable('auditEvent').set(contentA).where('sequence', '=', to).execute();
      return { brokenAt: at };
    },
  },
  {
    name: 'cut the end, head left',
    async run(trx, rows, random) {
      const keep = 1 + random.int(rows.length - 2);
      await cutTo(trx, rows, keep);
      return { brokenAt: await firstUnexplained(trx, rows, keep) };
    },
  },
  {
    name: 'cut the end, head moved back (restore of an old copy)',
    async run(trx, rows, random) {
      const keep = rows.length - 1 - random.int(2);
      const kept = rows.slice(0, keep);
      const lostErasure = rows.slice(keep).some(({ kind }) => kind === 'audit.values-erased');
      await cutTo(trx, rows, keep);
      await setHead(trx, kept.at(-1)!.sequence, kept.at(-1)!.hash);
      return lostErasure
        ? { brokenAt: await firstUnexplained(trx, rows, keep) }
        : { brokenAt: keep + 1, needsAnchor: true };
    },
  },
  {
    name: 'alter a row and hash everything after it anew',
    async run(trx, rows, random) {
      const { sequence } = rows[random.int((rows.length >> 1) + 1)]!;
      await trx
        .updateTable('auditEvent')
        .set({ actor: 'somebody else' })
        .where('sequence', '=', sequence)
        .execute();
      await rehash(trx, sequence);
      return { brokenAt: rows[rows.length >> 1]!.sequence, needsAnchor: true };
    },
  },
  {
    name: 'forge an erasure in the chain without hashing it anew',
    async run(trx, rows, random) {
      const target = random.pick(withValues(rows.slice(0, -2)));
      const row = rows.at(-1)!;
      const erased = [{ eventSequence: target.sequence, remainingHash: '' }];
      const details = JSON.stringify({ digest: digestOfErasures(erased) });
      await trx
        .updateTable('auditEvent')
        .set({ kind: 'audit.values-erased', details })
        .where('sequence', '=', row.sequence)
        .execute();
      await removeValues(trx, target.sequence);
      await trx
        .insertInto('auditValueErasure')
        .values({ ...erased[0]!, erasedBy: row.sequence })
        .execute();
      return { brokenAt: row.sequence };
    },
  },
  {
    name: 'move the head',
    async run(trx, rows) {
      await trx
        .updateTable('auditHead')
        .set({ lastHash: valuesHash('').digest() })
        .where('id', '=', 1)
        .execute();
      return { brokenAt: rows.at(-1)!.sequence };
    },
  },
  {
    name: 'remove the head',
    async run(trx) {
      await trx.deleteFrom('auditHead').execute();
      return { brokenAt: 1 };
    },
  },
];

/** The first event among the kept rows whose values are gone without an erasure on record, else the cut. */
async function firstUnexplained(trx: Trx, rows: readonly AuditEventTable[], keep: number): Promise<number> {
  const salted = new Set(
    (await trx.selectFrom('auditValueSalt').select('eventSequence').execute()).map(
      (one) => one.eventSequence,
    ),
  );
  const wasErased = rows.slice(keep).some(({ kind }) => kind === 'audit.values-erased');
  if (!wasErased) return keep + 1;
  for (const row of withValues(rows.slice(0, keep))) {
    if (!salted.has(row.sequence)) return row.sequence;
    const values = await trx
      .selectFrom('auditValue')
      .select(['personId', 'field', 'oldValue', 'newValue'])
      .where('eventSequence', '=', row.sequence)
      .orderBy('personId')
      .orderBy('field')
      .execute();
    const { salt } = await trx
      .selectFrom('auditValueSalt')
      .select('salt')
      .where('eventSequence', '=', row.sequence)
      .executeTakeFirstOrThrow();
    const running = valuesHash(salt);
    for (const value of values) running.add(value);
    if (running.digest() !== row.valuesHash) return row.sequence;
  }
  return keep + 1;
}
