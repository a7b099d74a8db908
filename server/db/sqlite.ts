import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { DatabaseUnavailable } from './unavailable.ts';

// Kysely's own SQLite driver has one connection, held by whoever is in a transaction. This one has
// a few connections to one file, so that a page can be read while another one writes. SQLite allows one
// writer; a transaction that has to wait does so without holding up the process (a busy timeout would).

const READERS_AND_WRITER = 4;
const WAIT_FOR_WRITER_MS = 15_000;
const WAIT_FOR_CONNECTION_MS = 10_000;
const MOST_WAITING = 500;

/** Whether an error is SQLite's "somebody else is writing". */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === 5;
}

class SqliteFileDriver implements Driver {
  readonly #path: string;
  readonly #idle: SqliteConnection[] = [];
  readonly #all = new Set<SqliteConnection>();
  readonly #waiting = new Set<(connection: SqliteConnection) => void>();
  #writer: Promise<void> = Promise.resolve();
  readonly #releaseWriter = new WeakMap<SqliteConnection, () => void>();
  readonly reader: SqliteReader;

  constructor(path: string) {
    this.#path = path;
    this.reader = new SqliteReader(path, () => this.#requireFile());
  }

  async init(): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    closeSync(openSync(this.#path, 'a', 0o600));
  }

  async acquireConnection(): Promise<SqliteConnection> {
    const fileId = this.#requireFile();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.fileId === fileId) return idle;
      this.#drop(idle);
    }
    if (this.#all.size < READERS_AND_WRITER) {
      const connection = new SqliteConnection(this.#path, fileId);
      this.#all.add(connection);
      return connection;
    }
    return await this.#waitForConnection();
  }

  /**
   * SQLite goes on with a file that was moved away or replaced: what is written then is read by nobody.
   * Neither is a missing file made anew, which would be an empty register.
   */
  #requireFile(): number {
    const file = statSync(this.#path, { throwIfNoEntry: false });
    if (file === undefined) throw new DatabaseUnavailable('missing');
    return file.ino;
  }

  async #waitForConnection(): Promise<SqliteConnection> {
    if (this.#waiting.size >= MOST_WAITING) throw new DatabaseUnavailable('busy');
    const { promise, resolve, reject } = Promise.withResolvers<SqliteConnection>();
    this.#waiting.add(resolve);
    const giveUp = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(new DatabaseUnavailable('busy'));
    }, WAIT_FOR_CONNECTION_MS);
    return await promise.finally(() => clearTimeout(giveUp));
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    const before = this.#writer;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writer = promise;
    if (!(await endsWithin(before, WAIT_FOR_WRITER_MS))) {
      before.then(resolve);
      throw new DatabaseUnavailable('busy');
    }
    try {
      await whenFree(() => connection.execute('begin immediate'), WAIT_FOR_WRITER_MS);
      this.#releaseWriter.set(connection, resolve);
    } catch (error) {
      resolve();
      throw error;
    }
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    this.reader.endTurn();
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
    const [next] = this.#waiting;
    if (next === undefined) return void this.#idle.push(connection);
    this.#waiting.delete(next);
    next(connection);
  }

  #drop(connection: SqliteConnection): void {
    this.#all.delete(connection);
    connection.close();
  }

  async destroy(): Promise<void> {
    this.reader.close();
    for (const connection of this.#all) this.#drop(connection);
    this.#idle.length = 0;
  }
}

/** Whether `work`, which never fails, ends in time. */
async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  const late = new AbortController();
  const ended = await Promise.race([
    work.then(() => true),
    sleep(ms, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  return ended;
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

/** Kysely lets one query at a time through to SQLite unless it is told that there are several connections. */
export class ManyConnections extends SqliteAdapter {
  /** For what is read outside of a transaction and is not worth a place in the queue for a connection. */
  readonly reader: SqliteReader;

  constructor(reader: SqliteReader) {
    super();
    this.reader = reader;
  }

  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Kysely's SQLite dialect over node:sqlite; `path` is a file, made with its folder when missing. */
export function nodeSqliteDialect(path: string): Dialect {
  const driver = new SqliteFileDriver(path);
  return {
    createDriver: () => driver,
    createAdapter: () => new ManyConnections(driver.reader),
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
