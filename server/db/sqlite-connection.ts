import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';

const CACHED_STATEMENTS = 300;

export type Cell = string | number | null;

/** A statement to be run once for each row of values: what Kysely does for one costs more than the row. */
export interface RowsQuery extends CompiledQuery {
  readonly rows: readonly (readonly Cell[])[];
}

interface Prepared {
  statement: StatementSync;
  reads: boolean;
}

/** One connection to the file, with its prepared statements kept. */
export class SqliteConnection implements DatabaseConnection {
  /** Which file was opened: another may lie under the same path by now. */
  readonly fileId: number;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(path: string, fileId: number) {
    this.fileId = fileId;
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    this.#database.exec(`
      pragma busy_timeout = 5000;
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma temp_store = file;
      pragma cache_size = -32768;
      pragma wal_autocheckpoint = 8000;
      pragma busy_timeout = 0;
    `);
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    const prepared = { statement, reads: statement.columns().length > 0 };
    if (this.#statements.size >= CACHED_STATEMENTS) {
      this.#statements.delete(this.#statements.keys().next().value!);
    }
    this.#statements.set(text, prepared);
    return prepared;
  }

  /** Runs a statement; the rows it reads or gives back. */
  run<R>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): R[] {
    const { statement, reads } = this.#prepare(sql);
    const values = parameters as Cell[];
    if (reads) return statement.all(...values) as R[];
    statement.run(...values);
    return [];
  }

  async executeQuery<R>(query: CompiledQuery | RowsQuery): Promise<QueryResult<R>> {
    const { statement, reads } = this.#prepare(query.sql);
    if ('rows' in query) {
      for (const row of query.rows) statement.run(...row);
      return { rows: [] };
    }
    const values = query.parameters as Cell[];
    if (reads) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<R>(
    { sql, parameters }: CompiledQuery,
    chunkSize: number,
  ): AsyncIterableIterator<QueryResult<R>> {
    // A statement of its own: the cached one could be run again while this one is being read.
    const statement = this.#database.prepare(sql);
    let rows: R[] = [];
    for (const row of statement.iterate(...(parameters as Cell[]))) {
      rows.push(row as R);
      if (rows.length >= chunkSize) {
        yield { rows };
        rows = [];
      }
    }
    if (rows.length > 0) yield { rows };
  }

  execute(text: string): void {
    this.#database.exec(text);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
