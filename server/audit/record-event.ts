import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { businessDay } from '../calendar/local-date.ts';
import type { AuditEventTable, Trx } from '../db/schema.ts';
import { beforeCommit } from '../db/transaction.ts';
import { hashOfEvent } from './chain.ts';
import type { AuditEvent } from './event.ts';
import { inValueOrder, type ValueChange, valuesHash } from './values.ts';

/** Who acts, from where, and when: every event carries it. */
export interface Actor {
  accountId: number | null;
  /** The login name, or the name of a job. */
  name: string;
  officeCode: string;
  terminal: string;
  requestId: string;
  at: Date;
}

type Columns = Omit<AuditEventTable, 'sequence' | 'previousHash' | 'hash'>;

interface Pending {
  columns: Columns;
  writeValues: ((sequence: number) => Promise<void>) | undefined;
}

const pending = new WeakMap<object, Pending[]>();
const ROWS_PER_INSERT = 50;

/**
 * Records an event in the transaction of the act. It is written as the last thing before the commit:
 * the head of the chain is locked for that moment only, so that clerks do not wait for each other, and
 * if it cannot be written the act is undone.
 * `values` are residents' values before and after; they are kept beside the chain.
 */
export function recordEvent(
  trx: Trx,
  actor: Actor,
  event: AuditEvent,
  values: readonly ValueChange[] = [],
): void {
  if (values.length === 0) {
    remember(trx, { columns: columnsOf(actor, event, ''), writeValues: undefined });
    return;
  }
  const salt = newSalt();
  const ordered = [...values].sort(inValueOrder);
  const running = valuesHash(salt);
  for (const value of ordered) running.add(value);
  remember(trx, {
    columns: columnsOf(actor, event, running.digest()),
    writeValues: async (eventSequence) => {
      for (let from = 0; from < ordered.length; from += ROWS_PER_INSERT) {
        const rows = ordered
          .slice(from, from + ROWS_PER_INSERT)
          .map((value) => ({ eventSequence, ...value }));
        await trx.insertInto('auditValue').values(rows).execute();
      }
      await trx.insertInto('auditValueSalt').values({ eventSequence, salt }).execute();
    },
  });
}

/**
 * Records an event whose values are too many for memory: `hash` is theirs, made with `salt`, and
 * `writeValues` puts them into audit_value under the sequence it is given.
 */
export function recordEventWithStoredValues(
  trx: Trx,
  actor: Actor,
  event: AuditEvent,
  stored: { salt: string; hash: string; writeValues: (sequence: number) => Promise<void> },
): void {
  remember(trx, {
    columns: columnsOf(actor, event, stored.hash),
    writeValues: async (eventSequence) => {
      await stored.writeValues(eventSequence);
      await trx.insertInto('auditValueSalt').values({ eventSequence, salt: stored.salt }).execute();
    },
  });
}

/** A new salt for the hash of values, 256 random bits. */
export function newSalt(): string {
  return randomBytes(32).toString('hex');
}

function remember(trx: Trx, one: Pending): void {
  const known = pending.get(trx);
  if (known !== undefined) {
    known.push(one);
    return;
  }
  const events = [one];
  pending.set(trx, events);
  beforeCommit(trx, () => writeEvents(trx, events));
}

async function writeEvents(trx: Trx, events: readonly Pending[]): Promise<void> {
  // The update takes the lock on the head; what the select reads behind it is ours alone.
  await trx
    .updateTable('auditHead')
    .set({ lastSequence: sql`last_sequence + ${events.length}` })
    .where('id', '=', 1)
    .execute();
  const head = await trx.selectFrom('auditHead').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();
  let sequence = head.lastSequence - events.length;
  let previousHash = head.lastHash;
  for (const { columns, writeValues } of events) {
    sequence += 1;
    const row = { ...columns, sequence, previousHash };
    const hash = hashOfEvent(row);
    await trx
      .insertInto('auditEvent')
      .values({ ...row, hash })
      .execute();
    await writeValues?.(sequence);
    previousHash = hash;
  }
  await trx.updateTable('auditHead').set({ lastHash: previousHash }).where('id', '=', 1).execute();
}

function columnsOf(actor: Actor, event: AuditEvent, hashOfValues: string): Columns {
  const { kind, ...fields } = event;
  const { personId = null, passId = null, ...details } = fields as { personId?: number; passId?: number };
  return {
    occurredAt: actor.at.toISOString(),
    businessOn: businessDay(actor.at),
    kind,
    accountId: actor.accountId,
    actor: actor.name,
    officeCode: actor.officeCode,
    terminal: actor.terminal,
    requestId: actor.requestId,
    personId,
    passId,
    details: JSON.stringify(details),
    valuesHash: hashOfValues,
  };
}
