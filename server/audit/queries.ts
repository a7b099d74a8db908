import { type ExpressionBuilder, sql } from 'kysely';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database, Tables } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { kindOf } from './event.ts';
import { describeDetails, kindLabel } from './field-labels.ts';
import { hidePlace } from './place-fields.ts';

export { headOf } from './chain.ts';

/** What is asked of the record; `from` and `to` are business days, both included. */
export interface EventFilter {
  personId?: number;
  accountId?: number;
  kind?: string;
  from?: LocalDate;
  to?: LocalDate;
}

export const EVENTS_A_PAGE = 100;

const LISTED = [
  'auditEvent.sequence',
  'auditEvent.occurredAt',
  'auditEvent.businessOn',
  'auditEvent.kind',
  'auditEvent.accountId',
  'auditEvent.actor',
  'auditEvent.terminal',
  'auditEvent.requestId',
  'auditEvent.personId',
  'auditEvent.passId',
  'auditEvent.details',
  'auditEvent.valuesHash',
  'auditEvent.previousHash',
  'auditEvent.hash',
  'office.name as officeName',
  'account.displayName',
  'person.residentNumber',
] as const;

function events(db: Database) {
  return db
    .selectFrom('auditEvent')
    .innerJoin('office', 'office.code', 'auditEvent.officeCode')
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .leftJoin('person', 'person.id', 'auditEvent.personId')
    .select(LISTED);
}

function matching({ personId, accountId, kind, from, to }: EventFilter) {
  return (where: ExpressionBuilder<Tables, 'auditEvent'>) => {
    const conditions = [where('auditEvent.sequence', '>', 0)];
    if (accountId !== undefined) conditions.push(where('auditEvent.accountId', '=', accountId));
    if (kind !== undefined) conditions.push(where('auditEvent.kind', '=', kind));
    if (from !== undefined) conditions.push(where('auditEvent.businessOn', '>=', from));
    if (to !== undefined) conditions.push(where('auditEvent.businessOn', '<=', to));
    if (personId !== undefined) {
      // An import touches many people: they stand in its values, not in the event.
      const inValues = where
        .selectFrom('auditValue')
        .select('auditValue.eventSequence')
        .where('auditValue.personId', '=', personId);
      const inSearches = where
        .selectFrom('auditEvent as search')
        .select('search.sequence')
        .where(sql<never>`${sql.ref('search.kind')} = 'person.searched'`)
        .where(searchShowed(personId));
      conditions.push(
        where.or([
          where('auditEvent.personId', '=', personId),
          where('auditEvent.sequence', 'in', inValues),
          where('auditEvent.sequence', 'in', inSearches),
        ]),
      );
    }
    return where.and(conditions);
  };
}

/** Whether the list of a search, whose details hold the ids as [3,14], had a person on it. The kind stands in the text of the query: only so is the index of searches found. */
function searchShowed(personId: number) {
  const ids = sql`replace(replace(${sql.ref('search.details')}, '[', ','), ']', ',')`;
  return sql<never>`${ids} like ${`%,${personId},%`}`;
}

type EventRow = Awaited<ReturnType<ReturnType<typeof events>['execute']>>[number];

function described(row: EventRow, accountNames: ReadonlyMap<number, string>) {
  return {
    ...row,
    kindName: kindLabel(row.kind),
    actorName: row.displayName ?? row.actor,
    isWatched: kindOf(row.kind)?.watched !== undefined,
    facts: describeDetails(row.kind, row.details, accountNames),
  };
}

export type ListedEvent = ReturnType<typeof described>;

async function readAccountNames(db: Database): Promise<Map<number, string>> {
  const accounts = await listActors(db);
  return new Map(accounts.map(({ id, loginName, displayName }) => [id, `${displayName}（${loginName}）`]));
}

/** Events as asked, newest first, at most 100 before the sequence `before`; `isCut` says there are older ones. */
export async function listEvents(
  db: Database,
  filter: EventFilter,
  before?: number,
): Promise<{ events: ListedEvent[]; isCut: boolean }> {
  let query = events(db).where((where) => matching(filter)(where as never));
  if (before !== undefined) query = query.where('auditEvent.sequence', '<', before);
  const rows = await query
    .orderBy('auditEvent.sequence', 'desc')
    .limit(EVENTS_A_PAGE + 1)
    .execute();
  const names = await readAccountNames(db);
  const shown = rows.slice(0, EVENTS_A_PAGE).map((row) => described(row, names));
  return { events: shown, isCut: rows.length > EVENTS_A_PAGE };
}

/** How many events are as asked, up to the sequence `upTo`. */
export async function countEvents(db: Database, filter: EventFilter, upTo: number): Promise<number> {
  const { rows } = await db
    .selectFrom('auditEvent')
    .select((count) => count.fn.countAll<number>().as('rows'))
    .where((where) => matching(filter)(where as never))
    .where('auditEvent.sequence', '<=', upTo)
    .executeTakeFirstOrThrow();
  return Number(rows);
}

/** Events as asked up to the sequence `upTo`, oldest first, page by page. */
export async function* readEvents(
  db: Database,
  filter: EventFilter,
  upTo: number,
): AsyncGenerator<ListedEvent[]> {
  const names = await readAccountNames(db);
  for (let after = 0; ; ) {
    const rows = await events(db)
      .where((where) => matching(filter)(where as never))
      .where('auditEvent.sequence', '>', after)
      .where('auditEvent.sequence', '<=', upTo)
      .orderBy('auditEvent.sequence')
      .limit(1000)
      .execute();
    if (rows.length > 0) yield rows.map((row) => described(row, names));
    if (rows.length < 1000) return;
    after = rows.at(-1)!.sequence;
  }
}

/** One event with every column. Throws NotFound. */
export async function getEvent(db: Database, sequence: number): Promise<ListedEvent> {
  const row = await events(db).where('auditEvent.sequence', '=', sequence).executeTakeFirst();
  if (row === undefined) {
    throw new NotFound('この番号の操作記録はありません。操作記録の一覧から選び直してください。');
  }
  return described(row, await readAccountNames(db));
}

export const MOST_VALUES = 200;

/** Values kept beside an event, at most 200, and how many there are; `erasedBy` tells who erased others. */
export async function listValues(db: Database, sequence: number) {
  const rows = await db
    .selectFrom('auditValue')
    .leftJoin('person', 'person.id', 'auditValue.personId')
    .select(['auditValue.field', 'auditValue.oldValue', 'auditValue.newValue', 'person.residentNumber'])
    .select('person.isProtected')
    .where('auditValue.eventSequence', '=', sequence)
    .orderBy('auditValue.personId')
    .orderBy('auditValue.field')
    .limit(MOST_VALUES)
    .execute();
  const values = rows.map(({ isProtected, ...value }) => hidePlace(value, isProtected));
  const { all } = await db
    .selectFrom('auditValue')
    .select((count) => count.fn.countAll<number>().as('all'))
    .where('eventSequence', '=', sequence)
    .executeTakeFirstOrThrow();
  const erased = await db
    .selectFrom('auditValueErasure')
    .select('erasedBy')
    .where('eventSequence', '=', sequence)
    .orderBy('erasedBy')
    .execute();
  return { values, all: Number(all), erasedBy: erased.map(({ erasedBy }) => erasedBy) };
}

/** A person of the register by id, as the record's pages name them. Throws NotFound. */
export async function getSubject(db: Database, id: number) {
  const person = await db
    .selectFrom('person')
    .select(['id', 'residentNumber', 'name', 'kana'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (person === undefined)
    throw new NotFound('この対象者は台帳にありません。住民番号で調べ直してください。');
  return person;
}

/** The id behind a resident number as it was typed, with or without its leading zeros. */
export async function findSubjectId(db: Database, typed: string): Promise<number | undefined> {
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
  if (!/^\d{1,15}$/.test(digits)) return undefined;
  const person = await db
    .selectFrom('person')
    .select('id')
    .where('residentNumber', '=', digits.padStart(15, '0'))
    .executeTakeFirst();
  return person?.id;
}

/** Everybody who ever had an account, for choosing one. */
export async function listActors(db: Database) {
  return await db
    .selectFrom('account')
    .select(['id', 'loginName', 'displayName'])
    .orderBy('loginName')
    .execute();
}
