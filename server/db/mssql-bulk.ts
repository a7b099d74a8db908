import { sql } from 'kysely';
import mssql from 'mssql';
import type { BulkLoad } from './bulk.ts';
import { type MssqlTarget, openBulkPool } from './mssql.ts';
import type { Database } from './schema.ts';

const MSSQL_TYPES: Record<string, (length: number) => mssql.ISqlType | (() => mssql.ISqlType)> = {
  int: () => mssql.Int,
  tinyint: () => mssql.TinyInt,
  date: () => mssql.Date,
  nvarchar: (length) => mssql.NVarChar(length < 0 ? mssql.MAX : length),
};

/** The bulk load of TDS into a table; names as SQL has them. Over a connection of its own, opened with the first rows. */
export async function mssqlLoad(
  db: Database,
  target: MssqlTarget,
  requestTimeoutMs: number,
  table: string,
  columns: readonly string[],
): Promise<BulkLoad> {
  const { rows: described } = await sql<{ name: string; type: string; length: number; nullable: string }>`
    select column_name as name, data_type as type, character_maximum_length as length, is_nullable as nullable
    from information_schema.columns where table_name = ${table}`.execute(db);
  let pool: ReturnType<typeof openBulkPool> | undefined;
  const dates = columns.map((name) => name.endsWith('_on'));
  return {
    async add(_trx, rows) {
      if (rows.length === 0) return;
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
      for (const row of rows) {
        load.rows.add(
          ...row.map((cell, at) => (dates[at] && cell !== null ? new Date(`${cell}T00:00:00Z`) : cell)),
        );
      }
      // With its checks on, a bulk load needs no right to alter the table.
      pool ??= openBulkPool(target, requestTimeoutMs);
      await (await pool).request().bulk(load, { checkConstraints: true });
    },
    close: async () => await (await pool)?.close(),
  };
}
