import { describe, expect, test } from 'vitest';
import { ConfigFault, readConfig, requireServable } from '../server/config.ts';
import { readDatabaseUrl } from '../server/db/connect.ts';

const SECRET = 'k3yboard-cat-of-at-least-32-letters!';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

describe('the settings of the process', () => {
  test('report every fault at once', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      APP_MODE: 'live',
      DATABASE_URL: 'oracle:x',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'APP_MODE',
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
    ]);
  });

  test('never repeat a secret', () => {
    const told = faultsOf({ SESSION_SECRET: 'hush', DATABASE_URL: 'mssql://sa:TopSecret@' }).join('\n');
    expect(told).not.toMatch(/hush|TopSecret/);
    expect(told).toMatch(/SESSION_SECRET/);
  });

  test('refuse a production server without a secret', () => {
    expect(() => requireServable(readConfig({}))).toThrow(/SESSION_SECRET/);
  });

  test('lead to SQL Server with encryption and a verified certificate unless said otherwise', () => {
    const target = {
      encrypt: true,
      trustServerCertificate: false,
      server: 'db.example',
      database: 'fnt',
      port: 1433,
    };
    const urls = [
      'mssql://app:pass%40word@db.example/fnt',
      'Server=db.example;Database=fnt;User Id=app;Password=pass@word',
    ];
    for (const url of urls) {
      expect(readDatabaseUrl(url)).toMatchObject({
        engine: 'mssql',
        target: { ...target, user: 'app', password: 'pass@word' },
      });
    }
    const loose = readDatabaseUrl(
      'mssql://app:x@localhost:1533/fnt?encrypt=false&trustServerCertificate=true',
    );
    expect(loose).toMatchObject({ target: { encrypt: false, trustServerCertificate: true, port: 1533 } });
  });

  test('take a secret that is long enough', () => {
    expect(readConfig({ SESSION_SECRET: SECRET, APP_MODE: 'test' }).sessionSecret).toBe(SECRET);
  });
});
