import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { engineOf } from './connect.ts';
import { type Engine, perEngine } from './dialect.ts';
import { HELD_ELSEWHERE, withLock } from './lock.ts';
import type { Database, Instant } from './schema.ts';
import { inTransaction } from './transaction.ts';

const SQL_FOLDER = join(import.meta.dirname, '../../sql');
const FOLDER_OF: Record<Engine, string> = { sqlite: 'sqlite', mssql: 'sqlserver' };
const WAIT_FOR_LOCK_MS = 60_000;

export interface Script {
  number: number;
  name: string;
  text: string;
  digest: string;
}

/** The numbered scripts of one engine, in order. */
export function readScripts(engine: Engine): Script[] {
  const folder = join(SQL_FOLDER, FOLDER_OF[engine]);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return {
        number: Number(file.slice(0, 3)),
        name: file.slice(4, -'.sql'.length),
        text,
        digest: createHash('sha256').update(text).digest('hex'),
      };
    });
}

/** The statements of a script: each ends with a semicolon at the end of a line (a trigger with `end;`). */
export function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*(?:--[^\n]*)?\n(?!end;)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '');
}

/**
 * Applies the scripts the database lacks, each in a transaction of its own, one process at a time.
 * Returns the names applied. Throws when the database knows a script this version does not (a newer
 * schema), or when a script was altered after it had been applied.
 */
export async function migrate(db: Database, now: () => Instant): Promise<string[]> {
  const applied = await withLock(db, 'migrate', () => applyMissing(db, now), WAIT_FOR_LOCK_MS);
  if (applied === HELD_ELSEWHERE) throw new Error('another process has been migrating for a minute');
  return applied;
}

async function applyMissing(db: Database, now: () => Instant): Promise<string[]> {
  const scripts = readScripts(engineOf(db));
  await createVersionTable(db);
  const pending = await missingScripts(db, scripts);
  const collation = await findCollation(db);
  for (const script of pending) {
    await inTransaction(db, async (trx) => {
      for (const statement of statementsOf(script.text)) {
        await sql.raw(statement.replaceAll(COLLATION, collation)).execute(trx);
      }
      const { number, name, digest } = script;
      await trx.insertInto('schemaVersion').values({ number, name, digest, appliedAt: now() }).execute();
    });
  }
  return pending.map(({ number, name }) => `${String(number).padStart(3, '0')}-${name}`);
}

/** Throws unless the database stands exactly where this version of the scripts does. */
export async function requireCurrentSchema(db: Database): Promise<void> {
  const pending = await missingScripts(db, readScripts(engineOf(db)));
  if (pending.length > 0) {
    throw new Error(`the database lacks ${pending.length} schema scripts; run jobs/migrate.ts first`);
  }
}

// Text is compared by code point, so that 斉 and 齊, 葛 and 葛󠄀, A and a are different everywhere.
const COLLATION = 'Japanese_XJIS_140_BIN2';
const OLDER_COLLATION = 'Latin1_General_100_BIN2';

/** The collation of the scripts, or on a server older than SQL Server 2017 one that compares alike. */
async function findCollation(db: Database): Promise<string> {
  if (engineOf(db) === 'sqlite') return COLLATION;
  const { rows } = await sql<{ name: string }>`
    select name from sys.fn_helpcollations() where name = ${COLLATION}`.execute(db);
  return rows.length > 0 ? COLLATION : OLDER_COLLATION;
}

async function missingScripts(db: Database, scripts: Script[]): Promise<Script[]> {
  const applied = await db.selectFrom('schemaVersion').selectAll().orderBy('number').execute();
  for (const row of applied) {
    const script = scripts.find(({ number }) => number === row.number);
    if (script === undefined) {
      throw new Error(
        `the database has schema script ${row.number} (${row.name}), which this version does not know; ` +
          'it was made by a newer version, so run that one',
      );
    }
    if (script.digest !== row.digest) {
      throw new Error(`schema script ${row.number} (${row.name}) was altered after it had been applied`);
    }
  }
  const known = new Set(applied.map(({ number }) => number));
  return scripts.filter(({ number }) => !known.has(number));
}

async function createVersionTable(db: Database): Promise<void> {
  await perEngine({
    sqlite: sql`create table if not exists schema_version (
      number integer not null primary key, name text not null, digest text not null, applied_at text not null
    ) strict`,
    mssql: sql`if object_id(N'schema_version') is null create table schema_version (
      number int not null primary key, name nvarchar(100) not null, digest nvarchar(64) not null,
      applied_at datetime2(3) not null)`,
  }).execute(db);
}
