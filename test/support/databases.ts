import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { connect } from '../../server/db/connect.ts';
import { ENGINES, type Engine } from '../../server/db/dialect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { readMssqlUrl } from '../../server/db/mssql.ts';
import type { Database } from '../../server/db/schema.ts';
import { tSqlObserver } from './t-sql.ts';

// Every test of the application runs on each engine it can reach: SQLite always, SQL Server when
// TEST_SQLSERVER_URL names a server on which databases may be created.

const sqlServerUrl = process.env.TEST_SQLSERVER_URL;

export const databases: readonly Engine[] = ENGINES.filter((engine) => engine === 'sqlite' || sqlServerUrl);

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A new, empty database of its own. */
export async function createDatabase(engine: Engine): Promise<TestDatabase> {
  const name = `fnt_test_${randomBytes(6).toString('hex')}`;
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), `${name}-`));
    return {
      url: `sqlite:${join(folder, 'register.sqlite')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const { server, port, user, password, encrypt, trustServerCertificate } = readMssqlUrl(sqlServerUrl!);
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const url = `mssql://${login}@${server}:${port}/${name}?encrypt=${encrypt}&trustServerCertificate=${trustServerCertificate}`;
  await onServer(async (admin) => void (await sql.raw(`create database ${name}`).execute(admin)));
  return {
    url,
    drop: () => onServer(async (admin) => void (await sql.raw(`drop database ${name}`).execute(admin))),
  };
}

async function onServer(work: (admin: Database) => Promise<void>): Promise<void> {
  const admin = connect(sqlServerUrl!);
  try {
    await work(admin);
  } finally {
    await admin.destroy();
  }
}

/** A migrated database for the tests of a `describe` block; made before them and dropped after. */
export function useDatabase(engine: Engine): { readonly db: Database; readonly url: string } {
  let made: TestDatabase | undefined;
  let db: Database | undefined;
  beforeAll(async () => {
    made = await createDatabase(engine);
    const migrating = connect(made.url);
    await migrate(migrating, () => '2026-04-01T00:00:00.000Z');
    await migrating.destroy();
    db = connect(made.url, { observer: tSqlObserver });
  });
  afterAll(async () => {
    await db?.destroy();
    await made?.drop();
  });
  return {
    get db() {
      return db!;
    },
    get url() {
      return made!.url;
    },
  };
}
