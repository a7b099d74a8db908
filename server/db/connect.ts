import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type Dialect, Kysely, type KyselyPlugin } from 'kysely';
import { type Engine, engineWords } from './dialect.ts';
import type { MssqlTarget } from './mssql.ts';
import { rowShapes } from './row-shapes.ts';
import type { Database, Tables } from './schema.ts';
import { nodeSqliteDialect } from './sqlite.ts';

/** Which database a connection leads to. */
export type Origin = { engine: 'sqlite'; path: string } | { engine: 'mssql'; target: MssqlTarget };

type Known = Origin & { url: string; requestTimeoutMs: number };

const origins = new WeakMap<object, Known>();

/** What speaks to SQL Server takes 27 MiB and a fifth of a second to load: only where there is one. */
const sqlServer = (): typeof import('./mssql.ts') => createRequire(import.meta.url)('./mssql.ts');

/** Reads DATABASE_URL: `sqlite:PATH`, `mssql://…` or an ADO connection string. Throws a TypeError otherwise. */
export function readDatabaseUrl(url: string): Origin {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path === '') throw new TypeError('sqlite: is followed by the path of a file');
    return { engine: 'sqlite', path: resolve(path) };
  }
  if (url.startsWith('mssql://') || /(^|;)\s*(server|data source)\s*=/i.test(url)) {
    return { engine: 'mssql', target: sqlServer().readMssqlUrl(url) };
  }
  throw new TypeError('it begins neither with sqlite: nor with mssql://, nor is it an ADO connection string');
}

interface ConnectOptions {
  /** How long one statement may take on SQL Server; 15 s unless said otherwise. */
  requestTimeoutMs?: number;
  /** Sees every query as it was written, before it is put into one engine's words. */
  observer?: KyselyPlugin;
  /** Puts something around the engine's own dialect: a fault, in a trial. */
  around?: (dialect: Dialect) => Dialect;
  /** Told of a connection to SQL Server that broke; whatever ran on it fails by itself. */
  onConnectionError?: (error: unknown) => void;
}

/** Opens the database that `url` names. Connections are made when they are first needed. */
export function connect(
  url: string,
  {
    requestTimeoutMs = 15_000,
    observer,
    around = (own) => own,
    onConnectionError = () => {},
  }: ConnectOptions = {},
): Database {
  const origin = readDatabaseUrl(url);
  const dialect =
    origin.engine === 'sqlite'
      ? nodeSqliteDialect(origin.path)
      : sqlServer().mssqlDialect(origin.target, requestTimeoutMs, onConnectionError);
  const plugins = [...(observer === undefined ? [] : [observer]), engineWords(origin.engine), rowShapes];
  const db = new Kysely<Tables>({ dialect: around(dialect), plugins });
  origins.set(db, { ...origin, url, requestTimeoutMs });
  return db;
}

/** Which database `db` was connected to. Throws for a transaction, which has no origin of its own. */
export function originOf(db: Database): Known {
  const origin = origins.get(db);
  if (origin === undefined) throw new TypeError('not a connection made by connect()');
  return origin;
}

export function engineOf(db: Database): Engine {
  return originOf(db).engine;
}
