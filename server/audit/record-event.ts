import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { AuditEventTable, Trx } from '../db/schema.ts';
import { beforeCommit } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { hashOfEvent } from './chain.ts';
import { requireExactFields } from './check-event.ts';
import { type AuditEvent, kindOf } from './event.ts';
import { advanceHead, closeHead, insertEvent, insertSalt, insertValue, readHead } from './statements.ts';
import { asStorable, inValueOrder, newSalt, type ValueChange, valuesHash } from './values.ts';

export { newSalt } from './values.ts';

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
type Write = (sequence: number) => Promise<void>;

interface Pending {
  columns: Columns;
  write: Write | undefined;
}

const pending = new WeakMap<Trx, Pending[]>();
const written = new WeakSet<Trx>();
const ROWS_PER_INSERT = 50;
const MOST_IN_COLUMN = { actor: 100, terminal: 64, requestId: 64 } as const;

/**
 * Records an event in the transaction of the act. It is written as the last thing before the commit:
 * the head of the chain is locked for that moment only, so that clerks do not wait for each other, and
 * if it cannot be written the act is undone.
 * `values` are residents' values before and after; they are kept beside the chain.
 * Throws a TypeError for an event that has not exactly the fields of its kind.
 */
export function recordEvent(
  trx: Trx,
  actor: Actor,
  event: AuditEvent,
  values: readonly ValueChange[] = [],
): void {
  if (values.length === 0) {
    remember(trx, { columns: columnsOf(actor, event, ''), write: undefined });
    return;
  }
  const salt = newSalt();
  const ordered = values.map(asStorable).sort(inValueOrder);
  const running = valuesHash(salt);
  for (const value of ordered) running.add(value);
  recordEventWithStoredValues(trx, actor, event, {
    salt,
    hash: running.digest(),
    writeValues: async (eventSequence) => {
      if (ordered.length === 1) return void (await insertValue(trx, { eventSequence, ...ordered[0]! }));
      for (let from = 0; from < ordered.length; from += ROWS_PER_INSERT) {
        const rows = ordered
          .slice(from, from + ROWS_PER_INSERT)
          .map((value) => ({ eventSequence, ...value }));
        await trx.insertInto('auditValue').values(rows).execute();
      }
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
  stored: { salt: string; hash: string; writeValues: Write },
): void {
  remember(trx, {
    columns: columnsOf(actor, event, stored.hash),
    write: async (eventSequence) => {
      await stored.writeValues(eventSequence);
      await insertSalt(trx, { eventSequence, salt: stored.salt });
    },
  });
}

/** Records an event and does `write` as soon as the event stands under its sequence. */
export function recordEventAndWrite(trx: Trx, actor: Actor, event: AuditEvent, write: Write): void {
  remember(trx, { columns: columnsOf(actor, event, ''), write });
}

function remember(trx: Trx, one: Pending): void {
  if (written.has(trx)) throw new Error(`${one.columns.kind} came after the events had been written`);
  const known = pending.get(trx);
  if (known !== undefined) {
    known.push(one);
    return;
  }
  const events = [one];
  pending.set(trx, events);
  beforeCommit(trx, async () => {
    written.add(trx);
    await writeEvents(trx, events);
  });
}

async function writeEvents(trx: Trx, events: readonly Pending[]): Promise<void> {
  // The update takes the lock on the head; what the select reads behind it is ours alone.
  await advanceHead(trx, { by: events.length });
  const [head] = await readHead(trx, {});
  if (head === undefined) throw new Error('the chain has no head');
  requireOpenDays(head.closedOn, events);
  let sequence = head.lastSequence - events.length;
  let previousHash = head.lastHash;
  for (const { columns, write } of events) {
    sequence += 1;
    const row = { ...columns, sequence, previousHash };
    const hash = hashOfEvent(row);
    await insertEvent(trx, { ...row, hash });
    await write?.(sequence);
    previousHash = hash;
  }
  await closeHead(trx, { lastHash: previousHash });
}

/** Nothing that the daily list counts is recorded on a day that was closed (締め). */
function requireOpenDays(closedOn: LocalDate | null, events: readonly Pending[]): void {
  if (closedOn === null) return;
  const late = events.find(
    ({ columns }) => columns.businessOn <= closedOn && kindOf(columns.kind)?.isAct === true,
  );
  if (late === undefined) return;
  throw new Refused(
    `${formatWareki(closedOn)}までの日別処理状況リストは締めたため、${formatWareki(late.columns.businessOn)}の処理として記録できません。翌日に操作し直してください。`,
  );
}

function columnsOf(actor: Actor, event: AuditEvent, hashOfValues: string): Columns {
  const { kind, ...fields } = event;
  requireExactFields(kind, fields);
  const {
    personId = null,
    passId = null,
    ...details
  } = fields as {
    personId?: number | null;
    passId?: number;
  };
  return {
    occurredAt: actor.at.toISOString(),
    businessOn: businessDay(actor.at),
    kind,
    accountId: actor.accountId,
    actor: inColumn(actor.name, MOST_IN_COLUMN.actor),
    officeCode: actor.officeCode,
    terminal: inColumn(actor.terminal, MOST_IN_COLUMN.terminal),
    requestId: inColumn(actor.requestId, MOST_IN_COLUMN.requestId),
    personId,
    passId,
    details: JSON.stringify(details),
    valuesHash: hashOfValues,
  };
}

function inColumn(text: string, most: number): string {
  return text.slice(0, most).toWellFormed().replaceAll('\0', '\ufffd');
}
