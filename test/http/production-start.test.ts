import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigFault, readConfig, requireServable } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { testContext } from '../support/app.ts';
import { importPeople, makePerson } from '../support/people.ts';
import { startServer } from '../support/process.ts';

const SECRET = randomBytes(48).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'fnt-production-'));
const written = (name: string, contents: string, mode = 0o600) => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  chmodSync(path, mode);
  return path;
};

function faultsOf(environment: Record<string, string>): string[] {
  try {
    requireServable(readConfig({ APP_MODE: 'production', TRUSTED_PROXY_HOPS: '1', ...environment }));
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults.map((fault) => fault.split(':')[0]!);
    throw error;
  }
}

describe('a production start', () => {
  test('takes settings that are sound', () => {
    expect(faultsOf({ SESSION_SECRET: SECRET })).toEqual([]);
    expect(faultsOf({ SESSION_SECRET: SECRET, DATABASE_URL: 'mssql://app:x@db.example/fnt' })).toEqual([]);
  });

  test.each([
    ['a secret of one letter', { SESSION_SECRET: 'a'.repeat(64) }, 'SESSION_SECRET'],
    [
      'a secret that repeats itself',
      { SESSION_SECRET: 'only for tests, only for tests, only' },
      'SESSION_SECRET',
    ],
    ['a secret out of a manual', { SESSION_SECRET: 'change-me-to-32-random-letters-0123' }, 'SESSION_SECRET'],
    ['no secret', {}, 'SESSION_SECRET'],
    ['neither TLS nor a proxy', { SESSION_SECRET: SECRET, TRUSTED_PROXY_HOPS: '0' }, 'TLS'],
    ['cookies without TLS', { SESSION_SECRET: SECRET, COOKIE_SECURE: 'false' }, 'COOKIE_SECURE'],
    ['half a certificate', { SESSION_SECRET: SECRET, TLS_CERT_FILE: '/x' }, 'TLS_CERT_FILE, TLS_KEY_FILE'],
    ['no log', { SESSION_SECRET: SECRET, LOG_LEVEL: 'silent' }, 'LOG_LEVEL'],
    [
      'SQL Server in plain text',
      { SESSION_SECRET: SECRET, DATABASE_URL: 'mssql://a:b@db/f?encrypt=false' },
      'DATABASE_URL',
    ],
    [
      'SQL Server unverified',
      { SESSION_SECRET: SECRET, DATABASE_URL: 'Server=db;Database=f;TrustServerCertificate=true' },
      'DATABASE_URL',
    ],
  ])('refuses %s', (_name, environment, at) => {
    expect(faultsOf(environment as Record<string, string>)).toEqual([at]);
  });

  test('takes an unverified SQL Server only where that was said', () => {
    const url = 'mssql://a:b@db/f?encrypt=false';
    expect(
      faultsOf({ SESSION_SECRET: SECRET, DATABASE_URL: url, ALLOW_UNVERIFIED_DATABASE: 'true' }),
    ).toEqual([]);
  });

  test('refuses a register file or a key that others on the machine may read', () => {
    const register = written('open.sqlite', '', 0o644);
    const [certificate, key] = [written('cert.pem', '', 0o644), written('key.pem', '', 0o644)];
    const tls = { TLS_CERT_FILE: certificate, TLS_KEY_FILE: key };
    const faults = faultsOf({ SESSION_SECRET: SECRET, DATABASE_URL: `sqlite:${register}`, ...tls });
    expect(faults).toEqual(['TLS_KEY_FILE', 'DATABASE_URL']);
  });

  test('names every weakness at once and repeats no secret', async () => {
    const path = join(folder, 'dummy.sqlite');
    const db = connect(`sqlite:${path}`);
    await migrate(db, () => '2026-04-01T00:00:00.000Z');
    expect(statSync(path).mode & 0o077, 'a new register is its owner’s alone').toBe(0);
    await importPeople(testContext(db), 20);
    await db.destroy();
    chmodSync(path, 0o644);
    const server = await startServer({
      APP_MODE: 'production',
      DATABASE_URL: `sqlite:${path}`,
      SESSION_SECRET: 'hush '.repeat(10),
      COOKIE_SECURE: 'false',
      LOG_LEVEL: 'silent',
    });
    expect(await server.ended).toBe(1);
    for (const part of ['SESSION_SECRET', 'TLS', 'COOKIE_SECURE', 'LOG_LEVEL', 'chmod', 'dummy data']) {
      expect(server.output()).toContain(part);
    }
    expect(server.output()).not.toContain('hush');
  });

  test('is not taken for a trial: outside production a register of real people is not served', async () => {
    const path = join(folder, 'real.sqlite');
    const db = connect(`sqlite:${path}`);
    await migrate(db, () => '2026-04-01T00:00:00.000Z');
    await makePerson(testContext(db), { residentNumber: '000100000000010' });
    await db.destroy();
    for (const mode of ['demo', 'test']) {
      const server = await startServer({
        APP_MODE: mode,
        DATABASE_URL: `sqlite:${path}`,
        SESSION_SECRET: SECRET,
      });
      expect([mode, await server.ended]).toEqual([mode, 1]);
      expect(server.output()).toContain('not dummy data');
    }
  });

  test('tells a database that cannot be reached without its host or its secret', async () => {
    const server = await startServer({
      APP_MODE: 'test',
      DATABASE_URL: 'mssql://app:hunter2@127.0.0.1:9/fnt',
      SESSION_SECRET: SECRET,
    });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain('DATABASE_URL: cannot be reached');
    expect(server.output()).not.toMatch(/hunter2|127\.0\.0\.1/);
  });
});

describe('secrets', () => {
  test('come from files, and never from the command line', async () => {
    const files = {
      SESSION_SECRET_FILE: written('secret', `${SECRET}\n`),
      DATABASE_URL_FILE: written('url', 'mssql://app:hunter2@db.example/fnt\n'),
    };
    const config = readConfig(files);
    expect([config.sessionSecret, config.databaseUrl]).toEqual([
      SECRET,
      'mssql://app:hunter2@db.example/fnt',
    ]);
    expect(() => readConfig({ ...files, SESSION_SECRET: SECRET })).toThrow(/give one of them/);
    expect(() => readConfig({ SESSION_SECRET_FILE: '/nowhere/secret' })).toThrow(/cannot be read \(ENOENT\)/);
  });

  test('do not stand in the argument list of the running server', async () => {
    const db = connect(`sqlite:${join(folder, 'args.sqlite')}`);
    await migrate(db, () => '2026-04-01T00:00:00.000Z');
    await db.destroy();
    const server = await startServer({
      DATABASE_URL: `sqlite:${join(folder, 'args.sqlite')}`,
      SESSION_SECRET_FILE: written('secret2', SECRET),
    });
    const visible = readFileSync(`/proc/${server.child.pid}/cmdline`, 'utf8');
    const environment = readFileSync(`/proc/${server.child.pid}/environ`, 'utf8');
    server.child.kill('SIGTERM');
    await server.ended;
    expect(visible).toContain('server/main.ts');
    expect(visible + environment + server.output()).not.toContain(SECRET);
  });
});
