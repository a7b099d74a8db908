import { type Dialect, MssqlDialect } from 'kysely';
import mssql from 'mssql';
import * as tarn from 'tarn';
import * as tedious from 'tedious';

/** Where a SQL Server is and how to speak to it, read from DATABASE_URL. */
export interface MssqlTarget {
  server: string;
  port: number;
  database: string;
  user: string;
  password: string;
  encrypt: boolean;
  trustServerCertificate: boolean;
}

const POOL_SIZE = 20;
const ACQUIRE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Reads `mssql://user:password@host:1433/database?encrypt=false&trustServerCertificate=true` or an ADO
 * connection string. Encryption and verification of the certificate are on unless said otherwise.
 * Throws a TypeError that does not repeat the text, which may hold a password.
 */
export function readMssqlUrl(text: string): MssqlTarget {
  const target = text.startsWith('mssql://') ? fromUrl(text) : fromAdo(text);
  if (target.server === '' || target.database === '') {
    throw new TypeError('the SQL Server address names no server or no database');
  }
  return target;
}

function fromUrl(text: string): MssqlTarget {
  const url = new URL(text);
  const flag = (name: string, unsaid: boolean) => {
    const value = url.searchParams.get(name);
    return value === null ? unsaid : value === 'true';
  };
  return {
    server: url.hostname,
    port: url.port === '' ? 1433 : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    encrypt: flag('encrypt', true),
    trustServerCertificate: flag('trustServerCertificate', false),
  };
}

function fromAdo(text: string): MssqlTarget {
  const config = mssql.ConnectionPool.parseConnectionString(text);
  return {
    server: config.server,
    port: config.port ?? 1433,
    database: config.database ?? '',
    user: config.user ?? '',
    password: config.password ?? '',
    encrypt: String(config.options?.encrypt ?? true) === 'true',
    trustServerCertificate: config.options?.trustServerCertificate ?? false,
  };
}

/** A connection that breaks without telling the console and without being lost to the pool. */
class PooledConnection extends tedious.Connection {
  readonly #onError: (error: unknown) => void;

  constructor(config: tedious.ConnectionConfiguration, onError: (error: unknown) => void) {
    super(config);
    this.#onError = onError;
  }

  // Kysely's listener writes the error, with the server's name in it, to the console: it goes to the log instead.
  override emit(event: string, ...values: unknown[]): boolean {
    const emit = super.emit as (event: string, ...values: unknown[]) => boolean;
    if (event !== 'error') return emit.call(this, event, ...values);
    const print = console.error;
    console.error = this.#onError;
    try {
      return emit.call(this, event, ...values);
    } finally {
      console.error = print;
    }
  }

  // Kysely gives a connection back to the pool only when it could be reset. One that cannot is closed and given
  // back; the pool finds it closed and makes another. Otherwise each broken one would take a place for ever.
  override reset(done: (error?: Error | null) => void): void {
    super.reset((error) => {
      if (error) this.close();
      done();
    });
  }
}

/**
 * Kysely's SQL Server dialect over tedious and tarn.
 * `requestTimeoutMs` bounds one statement: seconds for a page, most of an hour for an import.
 */
export function mssqlDialect(
  target: MssqlTarget,
  requestTimeoutMs: number,
  onConnectionError: (error: unknown) => void,
): Dialect {
  return new MssqlDialect({
    // A pooled connection must not carry one request's isolation level or temporary state to the next.
    resetConnectionsOnRelease: true,
    tarn: {
      ...tarn,
      options: {
        min: 0,
        max: POOL_SIZE,
        acquireTimeoutMillis: ACQUIRE_TIMEOUT_MS,
        propagateCreateError: true,
      },
    },
    tedious: {
      ...tedious,
      connectionFactory: () =>
        new PooledConnection(
          {
            server: target.server,
            authentication: {
              type: 'default',
              options: { userName: target.user, password: target.password },
            },
            options: {
              port: target.port,
              database: target.database,
              encrypt: target.encrypt,
              trustServerCertificate: target.trustServerCertificate,
              appName: 'fureai-bathing-pass-register',
              connectTimeout: CONNECT_TIMEOUT_MS,
              requestTimeout: requestTimeoutMs,
              useUTC: true,
              // XACT_ABORT: a failed statement ends its transaction instead of leaving half of it open.
              abortTransactionOnError: true,
            },
          },
          onConnectionError,
        ),
    },
  });
}

/** A pool of the mssql package, for its bulk load. The caller closes it. */
export async function openBulkPool(
  target: MssqlTarget,
  requestTimeoutMs: number,
): Promise<mssql.ConnectionPool> {
  const { encrypt, trustServerCertificate, ...address } = target;
  const pool = new mssql.ConnectionPool({
    ...address,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    pool: { min: 0, max: 1 },
    options: { encrypt, trustServerCertificate, useUTC: true },
  });
  return await pool.connect();
}
