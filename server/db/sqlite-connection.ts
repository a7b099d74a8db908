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

interface Named {
  statement: StatementSync;
  names: readonly string[];
}

/** One connection to the file, with its prepared statements kept. */
export class SqliteConnection implements DatabaseConnection {
  /** Which file was opened: another may lie under the same path by now. */
  readonly fileId: number;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  readonly #named = new Map<string, Named>();

  constructor(path: string, fileId: number) {
    this.fileId = fileId;
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    // 5 MiB of pages (more made no page and no import faster, see decision 013), a log of 64 MiB before it is tidied up.
    this.#database.exec(`
      pragma busy_timeout = 5000;
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma temp_store = file;
      pragma cache_size = -5120;
      pragma wal_autocheckpoint = 16000;
      pragma busy_timeout = 0;
    `);
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    const prepared = { statement, reads: statement.columns().length > 0 };
    keep(this.#statements, text, prepared);
    return prepared;
  }

  /** Runs a statement now. Returns the rows it reads or gives back, their columns called as `nameOf` says. */
  run(sql: string, values: readonly Cell[], nameOf: (column: string) => string): Record<string, unknown>[] {
    let known = this.#named.get(sql);
    if (known === undefined) {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      known = { statement, names: statement.columns().map(({ name }) => nameOf(name)) };
      keep(this.#named, sql, known);
    }
    const { statement, names } = known;
    if (names.length > 0)
      return (statement.all(...values) as unknown[]).map((row) => rowOf(names, row as Cell[]));
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
    this.#named.clear();
    this.#database.close();
  }
}

function keep<T>(statements: Map<string, T>, text: string, one: T): void {
  if (statements.size >= CACHED_STATEMENTS) statements.delete(statements.keys().next().value!);
  statements.set(text, one);
}

function rowOf(names: readonly string[], cells: readonly Cell[]): Record<string, Cell> {
  const row: Record<string, Cell> = {};
  for (let at = 0; at < names.length; at += 1) row[names[at]!] = cells[at]!;
  return row;
}
