import * as tarn from 'tarn';

/** No connection could be had in time: the file is gone, or all connections are taken. Nothing was written. */
export class DatabaseUnavailable extends Error {
  readonly code: 'missing' | 'busy';

  constructor(code: 'missing' | 'busy') {
    super(`the database is ${code}`);
    this.code = code;
  }
}

// https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
const SQLITE = new Set([5, 6, 8, 10, 11, 13, 14, 26]);
// Codes of tedious: the connection could not be made, was cut, or the answer did not come in time.
const TEDIOUS = new Set([
  'ESOCKET',
  'ECONNCLOSED',
  'ECONNRESET',
  'EINVALIDSTATE',
  'ENOTOPEN',
  'ETIMEOUT',
  'ELOGIN',
  'ECLOSE',
  'EINSTLOOKUP',
]);
// Numbers of SQL Server: no space (1101, 1105, 9002), deadlock and lock time-out after the last try (1205, 1222),
// the database is being started, restored or shut down (911, 921, 922, 926, 927, 942, 945, 6005, 18401).
const SQL_SERVER = new Set([
  1101, 1105, 9002, 1205, 1222, 3960, 911, 921, 922, 926, 927, 942, 945, 6005, 18401,
]);

/** Whether an error says that the database cannot work just now, rather than that we asked it wrongly. */
export function isUnavailable(thrown: unknown): boolean {
  const first: unknown = Array.isArray(thrown) ? thrown[0] : thrown;
  if (first instanceof DatabaseUnavailable || first instanceof tarn.TimeoutError) return true;
  if (!(first instanceof Error)) return false;
  const error: Error & { errcode?: number; number?: number; code?: string } = first;
  return (
    SQLITE.has((error.errcode ?? 0) & 0xff) ||
    SQL_SERVER.has(error.number ?? 0) ||
    TEDIOUS.has(error.code ?? '') ||
    error.message === ENDED_EARLY ||
    (error.cause !== undefined && isUnavailable(error.cause))
  );
}

// Kysely's own words when a server closes a connection before the sign-in is through.
const ENDED_EARLY = 'The connection ended without ever completing the connection';
