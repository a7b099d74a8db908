import { CompiledQuery, sql } from 'kysely';
import mssql from 'mssql';
import { originOf } from './connect.ts';
import { openBulkPool } from './mssql.ts';
import type { Database, Tables } from './schema.ts';

export type Cell = string | number | null;

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// Many rows in one statement save time, very many cost it again (measured; SQLite's limit is 32,766).
const SQLITE_PARAMETERS = 5_000;

export interface BulkLoad {
  /** Adds rows: their cells one row behind the other, each in the order of the columns. */
  add(cells: readonly Cell[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Loads many rows into a table that nobody else is writing, `columns` in camelCase, chunk by chunk:
 * many-row inserts on SQLite, the bulk load of TDS on SQL Server.
 */
export async function openBulkLoad(
  db: Database,
  table: keyof Tables,
  columns: readonly string[],
): Promise<BulkLoad> {
  const origin = originOf(db);
  const names = columns.map(snakeCase);
  return origin.engine === 'sqlite'
    ? sqliteLoad(db, snakeCase(table), names)
    : await mssqlLoad(db, snakeCase(table), names);
}

function sqliteLoad(db: Database, table: string, columns: string[]): BulkLoad {
  const perStatement = Math.floor(SQLITE_PARAMETERS / columns.length);
  const row = `(${columns.map(() => '?').join(', ')})`;
  const texts = new Map<number, string>();
  const textFor = (count: number) => {
    let text = texts.get(count);
    if (text === undefined) {
      text = `insert into ${table} (${columns.join(', ')}) values ${Array(count).fill(row).join(', ')}`;
      texts.set(count, text);
    }
    return text;
  };
  return {
    add: (cells) =>
      db.transaction().execute(async (trx) => {
        const most = perStatement * columns.length;
        for (let from = 0; from < cells.length; from += most) {
          const part = cells.slice(from, from + most);
          await trx.executeQuery(CompiledQuery.raw(textFor(part.length / columns.length), part));
        }
      }),
    close: () => Promise.resolve(),
  };
}

const MSSQL_TYPES: Record<string, (length: number) => mssql.ISqlType | (() => mssql.ISqlType)> = {
  int: () => mssql.Int,
  tinyint: () => mssql.TinyInt,
  date: () => mssql.Date,
  nvarchar: (length) => mssql.NVarChar(length < 0 ? mssql.MAX : length),
};

async function mssqlLoad(db: Database, table: string, columns: string[]): Promise<BulkLoad> {
  const { rows: described } = await sql<{ name: string; type: string; length: number; nullable: string }>`
    select column_name as name, data_type as type, character_maximum_length as length, is_nullable as nullable
    from information_schema.columns where table_name = ${table}`.execute(db);
  const origin = originOf(db);
  if (origin.engine !== 'mssql') throw new TypeError('bulk load is for SQL Server');
  const pool = await openBulkPool(origin.target, origin.requestTimeoutMs);
  const dates = columns.map((name) => name.endsWith('_on'));
  return {
    async add(cells) {
      const load = new mssql.Table(table);
      load.create = false;
      for (const name of columns) {
        const column = described.find((one) => one.name === name);
        const type = column && MSSQL_TYPES[column.type];
        if (!type) throw new TypeError(`${table}.${name} is of no type the bulk load knows`);
        load.columns.add(name, type(column.length) as mssql.ISqlType, {
          nullable: column.nullable === 'YES',
        });
      }
      for (let from = 0; from < cells.length; from += columns.length) {
        const row = cells.slice(from, from + columns.length);
        load.rows.add(
          ...row.map((cell, at) => (dates[at] && cell !== null ? new Date(`${cell}T00:00:00Z`) : cell)),
        );
      }
      // With its checks on, a bulk load needs no right to alter the table.
      await pool.request().bulk(load, { checkConstraints: true });
    },
    close: () => pool.close(),
  };
}
