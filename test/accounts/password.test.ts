import { argon2Sync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashPassword, isPassword, needsRehash } from '../../server/accounts/password.ts';
import { signIn } from '../../server/accounts/sign-in.ts';
import { makeAccount, TEST_PASSWORD, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** A hash as a weaker setting of former times would have made it. */
function weakHash(password: string): string {
  const nonce = randomBytes(16);
  const message = password.normalize('NFKC');
  const parameters = { message, nonce, parallelism: 1, tagLength: 32, memory: 1024, passes: 1 };
  const tag = argon2Sync('argon2id', parameters);
  return `$argon2id$v=19$m=1024,t=1,p=1$${nonce.toString('base64url')}$${tag.toString('base64url')}`;
}

test('a stored hash has at least the parameters of OWASP, its own salt and nothing of the password', async () => {
  const [one, other] = [await hashPassword(TEST_PASSWORD), await hashPassword(TEST_PASSWORD)];
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(one!)!;
  expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
  expect(Number(passes)).toBeGreaterThanOrEqual(2);
  expect(Number(parallelism)).toBe(1);
  expect(Buffer.from(salt!, 'base64url').length).toBe(16);
  expect(Buffer.from(tag!, 'base64url').length).toBe(32);
  expect(one).not.toBe(other);
});

test('no password, a broken hash and a wrong password are all no', async () => {
  const stored = await hashPassword(TEST_PASSWORD);
  expect(await isPassword(TEST_PASSWORD, stored)).toBe(true);
  expect(await isPassword(`${TEST_PASSWORD} `, stored)).toBe(false);
  expect(await isPassword(TEST_PASSWORD.slice(0, -1), stored)).toBe(false);
  expect(await isPassword('', null)).toBe(false);
  expect(await isPassword(TEST_PASSWORD, null)).toBe(false);
  expect(await isPassword(TEST_PASSWORD, 'plain text')).toBe(false);
});

describe.each(databases)('a hash of former times on %s', (engine) => {
  const used = useDatabase(engine);

  test('is renewed by the next sign-in, and only by one that succeeds', async () => {
    const context = testContext(used.db);
    const { id, loginName } = await makeAccount(context, 'clerk');
    const stored = async () =>
      (
        await used.db
          .selectFrom('account')
          .select('passwordHash')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).passwordHash!;
    const weak = weakHash(TEST_PASSWORD);
    await used.db.updateTable('account').set({ passwordHash: weak }).where('id', '=', id).execute();
    expect(needsRehash(await stored())).toBe(true);
    await signIn(used.db, testActor(context), loginName, 'ちがう パスワード').catch(() => undefined);
    expect(await stored()).toBe(weak);
    await signIn(used.db, testActor(context), loginName, TEST_PASSWORD);
    expect(needsRehash(await stored())).toBe(false);
    expect(await isPassword(TEST_PASSWORD, await stored())).toBe(true);
  });
});
