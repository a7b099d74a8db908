import type { AuditEventTable, Database } from '../db/schema.ts';
import { type Anchor, CHAIN_START, findHead, hashOfEvent } from './chain.ts';
import { digestOfErasures } from './erasure.ts';
import { streamValues, valuesHash } from './values.ts';

const ROWS_AT_ONCE = 2000;
// What colleagues add while it reads is followed so often, then left to the next time.
const MOST_ROUNDS = 3;

/** What can be wrong at a place of the record, as the job tells it. */
export const PROBLEMS = {
  missing: '行が抜けています',
  unlinked: '一つ前の行につながっていません',
  altered: '行の内容が書き換えられています',
  added: '記録の末尾より後ろに、つながらない行があります',
  cut: '記録の末尾が切り取られています',
  head: '末尾の控え（audit_head）が記録と合いません',
  anchor: '控えておいたハッシュと違います（書き換え、または古い複製への差し替え）',
  'values-lost': '値の控えが、消去の記録なしに失われています',
  'values-altered': '値の控えが書き換えられています',
  'values-added': '値の控えが、記録なしに加えられています',
  erasure: '消去の控えが、消去の記録と合いません',
} as const;
export type Problem = keyof typeof PROBLEMS;

export type Verdict =
  | { whole: true; events: number; lastHash: string }
  | { whole: false; brokenAt: number; problem: Problem };

class Broken extends Error {
  readonly brokenAt: number;
  readonly problem: Problem;

  constructor(brokenAt: number, problem: Problem) {
    super(problem);
    this.brokenAt = brokenAt;
    this.problem = problem;
  }
}

/**
 * Reads the whole record and the values beside it, while others go on writing. Names the first place
 * where a row was altered, dropped, inserted or moved, where the end was cut off, or where values went
 * without a record of their erasure.
 * `anchors`, in ascending order, are places known from elsewhere (a printed list, a log host): only they
 * tell a record that was cut back or rewritten as a whole.
 */
export async function verifyChain(
  db: Database,
  anchors: Iterable<Anchor> | AsyncIterable<Anchor> = [],
): Promise<Verdict> {
  try {
    const { sequence, hash } = await walkToTheEnd(db, expecting(anchors));
    return { whole: true, events: sequence, lastHash: hash };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { whole: false, brokenAt: error.brokenAt, problem: error.problem };
  }
}

async function walkToTheEnd(db: Database, expected: Expecting): Promise<Anchor> {
  let last: Anchor = { sequence: 0, hash: CHAIN_START };
  for (let round = 1; ; round += 1) {
    const head = await findHead(db);
    if (head === undefined) throw new Broken(last.sequence + 1, 'head');
    while (last.sequence < head.sequence) last = await walkSome(db, last, head.sequence, expected);
    if (last.sequence > head.sequence) throw new Broken(head.sequence + 1, 'head');
    if (last.hash !== head.hash) throw new Broken(last.sequence, 'head');
    const beyond = await firstBeyond(db, last.sequence);
    // A row beyond the head is either a colleague's, whose head is there as well by now, or nobody's.
    if (beyond !== undefined && (await findHead(db))?.sequence === head.sequence) {
      throw new Broken(beyond, 'added');
    }
    if (beyond === undefined || round === MOST_ROUNDS) break;
  }
  await expected.end(last.sequence);
  return last;
}

async function walkSome(db: Database, from: Anchor, end: number, expected: Expecting): Promise<Anchor> {
  const rows = await db
    .selectFrom('auditEvent')
    .selectAll()
    .where('sequence', '>', from.sequence)
    .where('sequence', '<=', end)
    .orderBy('sequence')
    .limit(ROWS_AT_ONCE)
    .execute();
  const to = rows.at(-1)?.sequence;
  if (to === undefined) throw new Broken(from.sequence + 1, 'cut');
  const beside = await problemsBeside(db, rows, from.sequence + 1, to, end);
  let last = from;
  for (const row of rows) {
    const problem = problemOf(row, last) ?? beside.get(row.sequence);
    if (problem !== undefined) throw new Broken(last.sequence + 1, problem);
    last = { sequence: row.sequence, hash: row.hash };
    if (!(await expected.meets(last))) throw new Broken(last.sequence, 'anchor');
  }
  return last;
}

function problemOf(row: AuditEventTable, last: Anchor): Problem | undefined {
  if (row.sequence !== last.sequence + 1) return 'missing';
  if (row.previousHash !== last.hash) return 'unlinked';
  return hashOfEvent(row) === row.hash ? undefined : 'altered';
}

async function firstBeyond(db: Database, sequence: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('auditEvent')
    .select('sequence')
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row?.sequence;
}

/** What is wrong with the values and erasures beside the rows `from` to `to`, by sequence. */
async function problemsBeside(
  db: Database,
  rows: readonly AuditEventTable[],
  from: number,
  to: number,
  end: number,
): Promise<Map<number, Problem>> {
  const problems = await problemsOfErasures(db, rows, from, to);
  const due = new Map(rows.map(({ sequence, valuesHash: hash }) => [sequence, hash]));
  const erasures = await db
    .selectFrom('auditValueErasure')
    .select(['eventSequence', 'remainingHash'])
    .where('eventSequence', '>=', from)
    .where('eventSequence', '<=', to)
    .where('erasedBy', '<=', end)
    .orderBy('erasedBy')
    .execute();
  for (const { eventSequence, remainingHash } of erasures) due.set(eventSequence, remainingHash);
  const salts = await db
    .selectFrom('auditValueSalt')
    .select(['eventSequence', 'salt'])
    .where('eventSequence', '>=', from)
    .where('eventSequence', '<=', to)
    .execute();
  const kept = new Map(salts.map(({ eventSequence, salt }) => [eventSequence, valuesHash(salt)]));
  const unsalted = new Set<number>();
  for await (const { eventSequence, ...value } of streamValues(db, from, to)) {
    const running = kept.get(eventSequence);
    if (running === undefined) unsalted.add(eventSequence);
    else running.add(value);
  }
  for (const [sequence, hash] of due) {
    const running = kept.get(sequence);
    if (hash === '') {
      if (running !== undefined || unsalted.has(sequence)) problems.set(sequence, 'values-added');
    } else if (running === undefined) problems.set(sequence, 'values-lost');
    else if (running.digest() !== hash) problems.set(sequence, 'values-altered');
  }
  return problems;
}

/** Events of erasure whose list is not the one they commit to, and other events that claim one. */
async function problemsOfErasures(
  db: Database,
  rows: readonly AuditEventTable[],
  from: number,
  to: number,
): Promise<Map<number, Problem>> {
  const listed = await db
    .selectFrom('auditValueErasure')
    .selectAll()
    .where('erasedBy', '>=', from)
    .where('erasedBy', '<=', to)
    .orderBy('erasedBy')
    .orderBy('eventSequence')
    .execute();
  const byEvent = Map.groupBy(listed, ({ erasedBy }) => erasedBy);
  const problems = new Map<number, Problem>();
  for (const { sequence, kind, details } of rows) {
    const list = byEvent.get(sequence) ?? [];
    const digest = kind === 'audit.values-erased' ? digestIn(details) : list.length === 0 ? '' : undefined;
    if (digest === '' && list.length === 0) continue;
    if (digest !== digestOfErasures(list)) problems.set(sequence, 'erasure');
  }
  return problems;
}

function digestIn(details: string): unknown {
  try {
    return (JSON.parse(details) as { digest?: unknown } | null)?.digest;
  } catch {
    return undefined;
  }
}

interface Expecting {
  meets(place: Anchor): Promise<boolean>;
  end(sequence: number): Promise<void>;
}

/** Walks the anchors beside the chain. */
function expecting(anchors: Iterable<Anchor> | AsyncIterable<Anchor>): Expecting {
  const iterator =
    Symbol.asyncIterator in anchors ? anchors[Symbol.asyncIterator]() : anchors[Symbol.iterator]();
  let next: Promise<Anchor | undefined> | undefined;
  const peek = () =>
    (next ??= Promise.resolve(iterator.next()).then(({ done, value }) => (done ? undefined : value)));
  return {
    async meets({ sequence, hash }) {
      for (;;) {
        const anchor = await peek();
        if (anchor === undefined || anchor.sequence > sequence) return true;
        next = undefined;
        if (anchor.sequence === sequence && anchor.hash !== hash) return false;
      }
    },
    async end(sequence) {
      if ((await peek()) !== undefined) throw new Broken(sequence + 1, 'cut');
    },
  };
}
