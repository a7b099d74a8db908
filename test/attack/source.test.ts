import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const server = tracked.filter((file) => /^server\/.*\.ts$/.test(file));
const found = (files: readonly string[], pattern: RegExp) => files.filter((file) => pattern.test(read(file)));

describe.skipIf(tracked.length === 0)('the source', () => {
  test('starts no other programs and evaluates no text', () => {
    expect(server.length).toBeGreaterThan(50);
    // The view engine makes functions of the views of this repository, as EJS itself does; never of data.
    const others = server.filter((file) => file !== 'server/http/view-engine.ts');
    expect(found(others, /child_process|\beval\(|new Function\(|node:vm/)).toEqual([]);
    expect(found(server, /child_process/)).toEqual([]);
  });

  test('draws nothing from a guessable source', () => {
    expect(found(server, /Math\.random/)).toEqual([]);
    expect(found(server, /createHash\('(?:md5|sha1)'\)|hash\('(?:md5|sha1)'/)).toEqual([]);
  });

  test('builds no SQL out of values: raw text only where a whole script is run', () => {
    // migrate.ts runs the scripts of sql/, rebuild-indexes.ts the definitions the database itself keeps of
    // them. (sql.lit writes a literal of ours and quotes it.)
    expect(found(server, /sql\.raw\(/)).toEqual(['server/db/migrate.ts', 'server/db/rebuild-indexes.ts']);
    expect(found(server, /RawNode\.createWithSql\(/)).toEqual(['server/db/dialect.ts']);
    expect(found(server, /\.(?:exec|prepare)\(`[^`]*\$\{/)).toEqual([]);
  });

  test('has no switch that leaves an act unrecorded', () => {
    const writers = ['server/audit/record-event.ts', 'server/audit/chain.ts', 'server/db/transaction.ts'];
    expect(found(writers, /config|process\.env|settings?\//i)).toEqual([]);
    const variables = [...read('server/config.ts').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name!);
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((name) => /AUDIT|RECORD|EVENT/.test(name))).toEqual([]);
    const settings = [
      ...read('server/settings/setting.ts').matchAll(/name: '([^']+)'|^ {2}'?([\w.-]+)'?: \{/gm),
    ];
    expect(settings.length).toBeGreaterThan(3);
    expect(
      settings.map(([, one, other]) => one ?? other!).filter((name) => /audit|record/i.test(name)),
    ).toEqual([]);
  });

  test('verifies certificates everywhere', () => {
    expect(found(server, /rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/)).toEqual([]);
  });

  test('takes no secret from a command line', () => {
    const jobs = tracked.filter((file) => /^jobs\/.*\.ts$/.test(file));
    const options = jobs.flatMap((file) => [
      ...read(file).matchAll(/^\s*'?([\w-]+)'?: \{ type: '(?:string|boolean)'/gm),
    ]);
    expect(options.length).toBeGreaterThan(0);
    expect(
      options.map(([, name]) => name).filter((name) => /pass(?!es)|secret|token|key|url/i.test(name!)),
    ).toEqual([]);
    expect(found([...server, ...jobs], /process\.argv.*(?:SECRET|DATABASE_URL)/)).toEqual([]);
  });

  test('holds no secret: keys, tokens, passwords in addresses, and nothing a register is made of', () => {
    const texts = tracked.filter((file) =>
      /\.(?:ts|mjs|js|json|ejs|css|md|sql|csv|ya?ml|sh|npmrc)$|^\.\w+$/.test(file),
    );
    const secret =
      /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abp]-\w+|_authToken=|\bnpm_\w{30,}|\beyJ[\w-]{20,}\.eyJ/;
    expect(
      found(
        texts.filter((file) => file !== 'test/attack/source.test.ts'),
        secret,
      ),
    ).toEqual([]);
    const passwords = texts.flatMap((file) =>
      [...read(file).matchAll(/\b(?:mssql|postgres|https?):\/\/[^\s:@/'"`]+:([^\s@/'"`$]+)@([\w.-]+)/g)]
        .filter(([, , host]) => !/^(?:db|host|db\.example|localhost|127\.0\.0\.1|\w+\.example)$/.test(host!))
        .map(() => file),
    );
    expect(passwords).toEqual([]);
    expect(tracked.filter((file) => /\.(?:sqlite|pem|key|pfx|p12|env)$|^data\//.test(file))).toEqual([]);
  });
});
