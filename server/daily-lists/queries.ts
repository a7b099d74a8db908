import { setImmediate } from 'node:timers/promises';
import { type Anchor, headOf } from '../audit/chain.ts';
import { ACTS, type EventKind } from '../audit/event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { Refused } from '../errors.ts';
import { formatPassNumber } from '../passes/pass-number.ts';
import { actName, describeAct, describeChange } from './words.ts';

export const ACTS_A_PAGE = 100;
const LINES_AT_ONCE = 500;

export interface DayFilter {
  officeCode?: string | undefined;
  /** The person in charge (担当); null for acts of jobs. */
  accountId?: number | null | undefined;
  kind?: EventKind | undefined;
}

/** One act of the day, one line of the list. */
export interface DailyAct {
  sequence: number;
  occurredAt: string;
  officeName: string;
  actorName: string;
  kindName: string;
  residentNumber: string;
  personName: string;
  personId: number | null;
  what: string;
  changes: string;
}

export interface DailyList {
  day: LocalDate;
  acts: DailyAct[];
  /** How many acts there are, on all pages. */
  count: number;
  /** Numbers of acts by kind and office; their sum is the number of audit events of the day that are acts. */
  totals: { kind: string; kindName: string; byOffice: Record<string, number>; all: number }[];
  offices: { code: string; name: string }[];
  /** The list holds all acts of the day up to here. */
  upTo: Anchor;
}

interface Asked extends DayFilter {
  day: LocalDate;
  upTo: number;
  /** Only the acts behind this one. */
  after?: number | undefined;
}

function events(db: Database | Trx, { day, upTo, after, officeCode, accountId, kind }: Asked) {
  let query = db
    .selectFrom('auditEvent')
    .where('auditEvent.businessOn', '=', day)
    .where('auditEvent.kind', 'in', kind === undefined ? ACTS : [kind])
    .where('auditEvent.sequence', '<=', upTo);
  if (after !== undefined) query = query.where('auditEvent.sequence', '>', after);
  if (officeCode !== undefined) query = query.where('auditEvent.officeCode', '=', officeCode);
  if (accountId === null) query = query.where('auditEvent.accountId', 'is', null);
  else if (accountId !== undefined) query = query.where('auditEvent.accountId', '=', accountId);
  return query;
}

function lines(db: Database, asked: Asked) {
  return events(db, asked)
    .innerJoin('office', 'office.code', 'auditEvent.officeCode')
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .leftJoin('person', 'person.id', 'auditEvent.personId')
    .leftJoin('pass', 'pass.id', 'auditEvent.passId');
}

/**
 * The daily processing list (日別処理状況リスト) of a business day in the order of the acts: page `page` of it from 1,
 * or all of it. Throws Refused when its lines are not exactly the acts of the record.
 */
export async function getDailyList(
  db: Database,
  day: LocalDate,
  filter: DayFilter = {},
  page?: number,
): Promise<DailyList> {
  const upTo = await headOf(db);
  const asked = { ...filter, day, upTo: upTo.sequence };
  const { totals, offices, count } = await countByOffice(db, asked);
  const acts: DailyAct[] = [];
  if (page === undefined) {
    for (;;) {
      const some = await readLines(db, { ...asked, after: acts.at(-1)?.sequence }, 0, LINES_AT_ONCE);
      if (some.length === 0) break;
      acts.push(...some);
      // node:sqlite does not wait for anything: the other requests have their turn here.
      await setImmediate();
    }
    requireSame(acts.length, count);
  } else {
    const { all } = await lines(db, asked)
      .select((count) => count.fn.countAll<number>().as('all'))
      .executeTakeFirstOrThrow();
    requireSame(Number(all), count);
    acts.push(...(await readLines(db, asked, (page - 1) * ACTS_A_PAGE, ACTS_A_PAGE)));
  }
  return { day, acts, count, totals, offices, upTo };
}

function requireSame(inList: number, inRecord: number): void {
  if (inList === inRecord) return;
  throw new Refused(
    `リストの行数（${inList}）が操作記録の処理の件数（${inRecord}）と一致しないため、表示しませんでした。操作記録を検証するよう、システム管理者に依頼してください。`,
  );
}

async function countByOffice(db: Database, asked: Asked) {
  const groups = await events(db, asked)
    .select(['auditEvent.kind', 'auditEvent.officeCode'])
    .select((count) => count.fn.countAll<number>().as('times'))
    .groupBy(['auditEvent.kind', 'auditEvent.officeCode'])
    .execute();
  const codes = new Set(groups.map(({ officeCode }) => officeCode));
  const all = await db.selectFrom('office').select(['code', 'name']).orderBy('code').execute();
  const offices = all.filter(({ code }) => codes.has(code));
  const sum = (some: typeof groups) => some.reduce((times, group) => times + Number(group.times), 0);
  const totals = ACTS.map((kind) => {
    const ofKind = groups.filter((group) => group.kind === kind);
    const byOffice = offices.map(
      ({ code }) => [code, sum(ofKind.filter(({ officeCode }) => officeCode === code))] as const,
    );
    return { kind, kindName: actName(kind), byOffice: Object.fromEntries(byOffice), all: sum(ofKind) };
  });
  return { totals: totals.filter(({ all }) => all > 0), offices, count: sum(groups) };
}

async function readLines(db: Database, asked: Asked, offset: number, limit: number): Promise<DailyAct[]> {
  const rows = await lines(db, asked)
    .select(['auditEvent.sequence', 'auditEvent.occurredAt', 'auditEvent.kind', 'auditEvent.details'])
    .select(['auditEvent.actor', 'account.displayName', 'office.name as officeName', 'auditEvent.personId'])
    .select(['person.residentNumber', 'person.name as personName', 'pass.fiscalYear', 'pass.passNumber'])
    .orderBy('auditEvent.sequence')
    .offset(offset)
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const changes = await changesOf(db, asked, rows[0]!.sequence, rows.at(-1)!.sequence);
  return rows.map(({ kind, details, actor, displayName, fiscalYear, passNumber, ...row }) => ({
    ...row,
    actorName: displayName ?? actor,
    kindName: actName(kind),
    residentNumber: row.residentNumber ?? '',
    personName: row.personName ?? '',
    what: describeAct({
      kind: kind as EventKind,
      details,
      passNumber: fiscalYear === null || passNumber === null ? '' : formatPassNumber(fiscalYear, passNumber),
    }),
    changes: (changes.get(row.sequence) ?? []).map(describeChange).join('、'),
  }));
}

/** Values before and after of the acts on one person; an import's, on thousands, stand in its own lists. */
async function changesOf(db: Database, asked: Asked, first: number, last: number) {
  const rows = await events(db, asked)
    .innerJoin('auditValue', (join) =>
      join
        .onRef('auditValue.eventSequence', '=', 'auditEvent.sequence')
        .onRef('auditValue.personId', '=', 'auditEvent.personId'),
    )
    .leftJoin('person', 'person.id', 'auditValue.personId')
    .select(['auditValue.eventSequence', 'auditValue.field', 'auditValue.oldValue', 'auditValue.newValue'])
    .where('auditEvent.sequence', '>=', first)
    .where('auditEvent.sequence', '<=', last)
    .orderBy('auditValue.eventSequence')
    .orderBy('auditValue.field')
    .execute();
  return Map.groupBy(rows, ({ eventSequence }) => eventSequence);
}

/** Who did an act on a day, for choosing one; null stands for jobs. */
export async function listActorsOf(
  db: Database,
  day: LocalDate,
): Promise<{ accountId: number | null; name: string }[]> {
  const { sequence: upTo } = await headOf(db);
  const rows = await events(db, { day, upTo })
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .select(['auditEvent.accountId', 'account.displayName'])
    .groupBy(['auditEvent.accountId', 'account.displayName'])
    .orderBy('account.displayName')
    .execute();
  return rows.map(({ accountId, displayName }) => ({ accountId, name: displayName ?? '自動処理' }));
}

/** How many acts a day has in the record. */
export async function countActs(db: Database | Trx, day: LocalDate): Promise<number> {
  const { all } = await db
    .selectFrom('auditEvent')
    .select((count) => count.fn.countAll<number>().as('all'))
    .where('businessOn', '=', day)
    .where('kind', 'in', ACTS)
    .executeTakeFirstOrThrow();
  return Number(all);
}
