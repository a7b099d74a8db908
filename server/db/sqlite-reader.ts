import { SqliteConnection } from './sqlite-connection.ts';

/**
 * The connection of a file on which nothing is ever written. Since SQLite answers at once, whatever is read in one
 * turn of the event loop can share it, and one snapshot: to begin and end one for each query, and to look each time
 * whether the file is still there, took longer than most queries.
 */
export class SqliteReader {
  readonly #path: string;
  readonly #requireFile: () => number;
  #connection: SqliteConnection | undefined;
  #isInTurn = false;

  /** `requireFile` gives the id of the file that lies at `path` now, and throws when there is none. */
  constructor(path: string, requireFile: () => number) {
    this.#path = path;
    this.#requireFile = requireFile;
  }

  /** To read from, in this turn of the event loop only. */
  connection(): SqliteConnection {
    if (this.#connection !== undefined && this.#isInTurn) return this.#connection;
    const fileId = this.#requireFile();
    if (this.#connection?.fileId !== fileId) this.close();
    this.#connection ??= new SqliteConnection(this.#path, fileId);
    this.#connection.execute('begin');
    this.#isInTurn = true;
    setImmediate(() => this.endTurn());
    return this.#connection;
  }

  /** What is read from here on is what is in the file by then; before a commit, so that it can tidy up its log. */
  endTurn(): void {
    if (!this.#isInTurn) return;
    this.#isInTurn = false;
    try {
      this.#connection?.execute('commit');
    } catch {
      this.close();
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#isInTurn = false;
  }
}
