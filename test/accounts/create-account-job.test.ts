import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { getAccount } from '../../server/accounts/queries.ts';
import { setPasswordWithCode } from '../../server/accounts/set-password.ts';
import { TEST_PASSWORD, testActor, testContext } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';

const JOB = join(import.meta.dirname, '../../jobs/create-account.ts');
const CODE = /[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}/;
const used = useDatabase('sqlite');

/** Runs the job as an operator does. Returns its exit code and everything it wrote. */
async function run(...args: string[]): Promise<{ code: number; told: string }> {
  const env = { ...process.env, APP_MODE: 'test', DATABASE_URL: used.url };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [JOB, ...args], { env });
    return { code: 0, told: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, told: stdout + stderr };
  }
}

test('a fresh installation has no account; the first administrator is made by the job, and so is a way back in', async () => {
  const accounts = await used.db.selectFrom('account').select('id').execute();
  expect(accounts).toEqual([]);
  const made = await run('--login', 'kanri', '--name', '管理　花子');
  expect(made.code).toBe(0);
  const context = { ...testContext(used.db), clock: { now: () => new Date() } } as ReturnType<
    typeof testContext
  >;
  const actor = testActor(context);
  const firstCode = CODE.exec(made.told)![0];
  await setPasswordWithCode(used.db, actor, 'kanri', firstCode, TEST_PASSWORD);
  expect(await getAccount(used.db, 1)).toMatchObject({ role: 'administrator', hasPassword: true });

  const renewed = await run('--login', 'kanri', '--new-code');
  expect([renewed.code, CODE.test(renewed.told)]).toEqual([0, true]);
  expect(await getAccount(used.db, 1)).toMatchObject({ hasPassword: false });
});

test('what cannot be is told in a sentence, with exit code 1', async () => {
  expect(await run('--login', 'x', '--name', 'あ')).toMatchObject({
    code: 1,
    told: expect.stringContaining('利用者ID'),
  });
  expect(await run('--login', 'nobody', '--new-code')).toMatchObject({
    code: 1,
    told: expect.stringContaining('ありません'),
  });
  expect(await run('--login', 'kanri')).toMatchObject({ code: 1, told: expect.stringContaining('usage') });
});
