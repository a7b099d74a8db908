import { setImmediate } from 'node:timers/promises';
import type { SelectQueryBuilder } from 'kysely';
import type { Database, Tables } from '../../db/schema.ts';
import type { Conditions } from './conditions.ts';
import type { AnyList, Reader } from './list.ts';

export const ROWS_A_PAGE = 100;
const ROWS_AT_ONCE = 1000;

/** A list with what is asked of it and by whom. */
export interface AskedList {
  list: AnyList;
  conditions: Conditions;
  reader: Reader;
}

/** How many rows a list has. */
export async function countRows(db: Database, { list, conditions, reader }: AskedList): Promise<number> {
  const query = list.rows(db, conditions, reader) as unknown as SelectQueryBuilder<Tables, 'person', object>;
  const { rows } = await query
    .clearSelect()
    .clearOrderBy()
    .select((count) => count.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return Number(rows);
}

/** The cells of a page of a list, from 1, with the id of the person each row is of. */
export async function readPage(db: Database, { list, conditions, reader }: AskedList, page: number) {
  const query = list.rows(db, conditions, reader);
  const rows = await query
    .offset((page - 1) * ROWS_A_PAGE)
    .limit(ROWS_A_PAGE)
    .execute();
  return rows.map((row) => ({
    personId: (row as { personId: number }).personId,
    cells: cellsOf(list, row, reader),
  }));
}

/** The cells of a whole list, some rows at a time: never all of it in memory. */
export async function* readCells(
  db: Database,
  { list, conditions, reader }: AskedList,
): AsyncGenerator<string[][], void, void> {
  let some: string[][] = [];
  for await (const row of list.rows(db, conditions, reader).stream(ROWS_AT_ONCE)) {
    some.push(cellsOf(list, row, reader));
    if (some.length < ROWS_AT_ONCE) continue;
    yield some;
    some = [];
    // node:sqlite does not wait for anything: the other requests have their turn here.
    await setImmediate();
  }
  if (some.length > 0) yield some;
}

function cellsOf(list: AnyList, row: unknown, reader: Reader): string[] {
  return list.columns.map(({ of }) => of(row, reader));
}
