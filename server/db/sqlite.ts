import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

// Kysely's own SQLite driver has one connection, held by whoever is in a transaction. This one has
// a few connections to one file, so that a page can be read while another one writes. SQLite allows one
// writer; a transaction that has to wait does so without holding up the process (a busy timeout would).

const READERS_AND_WRITER = 4;
const CACHED_STATEMENTS = 300;
const WAIT_FOR_WRITER_MS = 20_000;

interface Prepared {
  statement: StatementSync;
  reads: boolean;
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    this.#database.exec(`
      pragma busy_timeout = 5000;
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma temp_store = file;
      pragma cache_size = -65536;
      pragma mmap_size = 268435456;
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

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, reads } = this.#prepare(sql);
    const values = parameters as (string | number | null)[];
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
    for (const row of statement.iterate(...(parameters as (string | number | null)[]))) {
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

/** Whether an error is SQLite's "somebody else is writing". */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === 5;
}

class SqliteFileDriver implements Driver {
  readonly #path: string;
  readonly #idle: SqliteConnection[] = [];
  readonly #all: SqliteConnection[] = [];
  readonly #waiting: ((connection: SqliteConnection) => void)[] = [];
  #writer: Promise<void> = Promise.resolve();
  readonly #releaseWriter = new WeakMap<SqliteConnection, () => void>();

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
  }

  async acquireConnection(): Promise<SqliteConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < READERS_AND_WRITER) {
      const connection = new SqliteConnection(this.#path);
      this.#all.push(connection);
      return connection;
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    const before = this.#writer;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writer = promise;
    await before;
    try {
      await whenFree(() => connection.execute('begin immediate'), WAIT_FOR_WRITER_MS);
      this.#releaseWriter.set(connection, resolve);
    } catch (error) {
      resolve();
      throw error;
    }
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    connection.execute('commit');
    this.#endWriting(connection);
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    try {
      connection.execute('rollback');
    } finally {
      this.#endWriting(connection);
    }
  }

  #endWriting(connection: SqliteConnection): void {
    this.#releaseWriter.get(connection)?.();
    this.#releaseWriter.delete(connection);
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }

  async destroy(): Promise<void> {
    for (const connection of this.#all.splice(0)) connection.close();
    this.#idle.length = 0;
  }
}

/** Tries until nobody else holds the file, without blocking this process; throws SQLite's "busy" after `waitMs`. */
async function whenFree(attempt: () => void, waitMs: number): Promise<void> {
  const until = performance.now() + waitMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, 25)) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await sleep(pause);
    }
  }
}

/** Kysely's SQLite dialect over node:sqlite; `path` is a file, made with its folder when missing. */
export function nodeSqliteDialect(path: string): Dialect {
  return {
    createDriver: () => new SqliteFileDriver(path),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/**
 * Holds a lock among processes while `work` runs, and gives it up if this process dies: an exclusive
 * transaction on a small file at `path` is a lock of the operating system.
 * Returns `otherwise` when another process still holds it after `waitMs`.
 */
export async function withFileLock<T, U>(
  path: string,
  work: () => Promise<T>,
  waitMs: number,
  otherwise: U,
): Promise<T | U> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    try {
      await whenFree(() => lock.exec('begin exclusive'), waitMs);
    } catch (error) {
      if (isBusy(error)) return otherwise;
      throw error;
    }
    return await work();
  } finally {
    lock.close();
  }
}
