import { CompiledQuery } from 'kysely';
import { originOf } from './connect.ts';
import type { Database, Tables, Trx } from './schema.ts';
import type { Cell, RowsQuery } from './sqlite-connection.ts';

export type { Cell };

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export interface BulkLoad {
  /** Adds rows, their cells in the order of the columns: in `trx` on SQLite, at once on SQL Server. */
  add(trx: Trx, rows: readonly (readonly Cell[])[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Loads many rows into a table that nobody else is writing, `columns` in camelCase, chunk by chunk:
 * one statement run for each row on SQLite, the bulk load of TDS on SQL Server.
 */
export async function openBulkLoad(
  db: Database,
  table: keyof Tables,
  columns: readonly string[],
): Promise<BulkLoad> {
  const origin = originOf(db);
  const names = columns.map(snakeCase);
  if (origin.engine === 'sqlite') return sqliteLoad(snakeCase(table), names);
  const { mssqlLoad } = await import('./mssql-bulk.ts');
  return await mssqlLoad(db, origin.target, origin.requestTimeoutMs, snakeCase(table), names);
}

function sqliteLoad(table: string, columns: string[]): BulkLoad {
  const values = columns.map(() => '?').join(', ');
  const insert = CompiledQuery.raw(`insert into ${table} (${columns.join(', ')}) values (${values})`);
  return {
    async add(trx, rows) {
      await trx.executeQuery({ ...insert, rows } as RowsQuery);
    },
    close: () => Promise.resolve(),
  };
}
