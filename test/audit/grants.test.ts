import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../../server/db/connect.ts';
import { migrate, readScripts, statementsOf } from '../../server/db/migrate.ts';
import { createDatabase, databases } from '../support/databases.ts';

// The rights of the application's account on SQL Server, and that they hold where there is one to try.

const GRANTS = readFileSync(new URL('../../sql/sqlserver-operations/grants.sql', import.meta.url), 'utf8');
const RECORD = ['audit_event', 'audit_head', 'audit_value', 'audit_value_erasure', 'audit_value_salt'];

const tables = readScripts('mssql').flatMap(({ text }) =>
  [...text.matchAll(/create table (\w+)/g)].map(([, table]) => table!),
);

function granted(role: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, rights, table] of GRANTS.matchAll(new RegExp(`^grant (.+) on (\\w+) to ${role};$`, 'gm'))) {
    found.set(table!, [...(found.get(table!) ?? []), ...rights!.split(', ')]);
  }
  return found;
}

test('every table is named, and the record only with what adds to it', () => {
  const app = granted('register_app');
  expect([...app.keys()].sort()).toEqual([...tables, 'schema_version'].sort());
  for (const table of RECORD) {
    const rights = table === 'audit_head' ? ['select', 'update'] : ['select', 'insert'];
    expect([table, app.get(table)]).toEqual([table, rights]);
  }
  expect(app.get('schema_version')).toEqual(['select']);
  expect(Object.fromEntries(granted('register_eraser'))).toEqual({
    audit_value: ['delete'],
    audit_value_salt: ['delete'],
  });
  expect([...granted('register_reader').values()].every((rights) => rights.join() === 'select')).toBe(true);
  expect(GRANTS).not.toMatch(/schema::|db_owner to|with grant option/i);
});

test.runIf(databases.includes('mssql'))(
  'on the server the application can add, not change or remove',
  async () => {
    const { url, drop } = await createDatabase('mssql');
    const owner = connect(url);
    const login = `fnt_probe_${process.pid}`;
    const password = 'Probe-12345-fureai';
    try {
      await migrate(owner, () => '2026-04-01T00:00:00.000Z');
      for (const statement of statementsOf(GRANTS)) await sql.raw(statement).execute(owner);
      for (const statement of statementsOf(GRANTS)) await sql.raw(statement).execute(owner);
      await sql.raw(`create login ${login} with password = '${password}'`).execute(owner);
      await sql.raw(`create user ${login} for login ${login}`).execute(owner);
      await sql.raw(`alter role register_app add member ${login}`).execute(owner);
      const target = new URL(url);
      target.username = login;
      target.password = password;
      const app = connect(target.href);
      try {
        expect((await app.selectFrom('auditHead').selectAll().execute()).length).toBe(1);
        await sql`update audit_head set last_sequence = 0`.execute(app);
        for (const statement of [
          'update audit_event set actor = actor',
          'delete from audit_event',
          'update audit_value set new_value = new_value',
          'delete from audit_value',
          'delete from audit_value_salt',
          'delete from audit_value_erasure',
          'delete from audit_head',
          'drop table audit_event',
          'alter table audit_event add more int',
          "update schema_version set digest = 'x'",
        ]) {
          await expect(sql.raw(statement).execute(app), statement).rejects.toThrow(/permission|owner/i);
        }
      } finally {
        await app.destroy();
      }
    } finally {
      await sql
        .raw(`drop user if exists ${login}`)
        .execute(owner)
        .catch(() => {});
      await owner.destroy();
      await drop();
      const admin = connect(process.env.TEST_SQLSERVER_URL!);
      await sql
        .raw(`drop login ${login}`)
        .execute(admin)
        .catch(() => {});
      await admin.destroy();
    }
  },
);
