import { sql } from 'kysely';
import { perEngine } from './dialect.ts';
import type { Trx } from './schema.ts';

/**
 * Runs `work`, which writes a great many rows into an empty table, with the table's indexes put aside on
 * SQLite and built anew afterwards: sorted once instead of at every row. Unique ones and those of a few rows
 * (with a condition) stay. SQL Server sorts such an insert by itself. All of it is in the transaction, the indexes with it.
 */
export async function withIndexesRebuilt<T>(trx: Trx, table: string, work: () => Promise<T>): Promise<T> {
  const { rows } = await perEngine<{ name: string; definition: string }>({
    sqlite: sql`select name, sql as definition from sqlite_master
      where type = 'index' and tbl_name = ${table} and sql is not null and sql not like 'create unique%' and sql not like '% where %'`,
    mssql: sql`select name, N'' as definition from sys.indexes where 1 = 0`,
  }).execute(trx);
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(trx);
  const result = await work();
  for (const { definition } of rows) await sql.raw(definition).execute(trx);
  return result;
}
