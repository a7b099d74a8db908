import { parseArgs } from 'node:util';
import { createAccount } from '../server/accounts/create-account.ts';
import { issueNewCode } from '../server/accounts/new-code.ts';
import { listAccounts, noAccount } from '../server/accounts/queries.ts';
import { ROLES } from '../server/accounts/rights.ts';
import type { Actor } from '../server/audit/record-event.ts';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import type { Database } from '../server/db/schema.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';

// node jobs/create-account.ts --login NAME --name 職員氏名 [--role administrator] [--office 00]
// node jobs/create-account.ts --login NAME --new-code
// Prints the one-time code with which the owner chooses a password. The second form is for the only
// administrator who has forgotten the own one; the others ask an administrator.

await runJob(async () => {
  const { values } = parseArgs({
    options: {
      login: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string', default: 'administrator' },
      office: { type: 'string', default: '00' },
      'new-code': { type: 'boolean', default: false },
    },
  });
  const { login, name, role, office: officeCode } = values;
  if (login === undefined || (name === undefined) !== values['new-code']) {
    console.error(
      `usage: create-account.ts --login NAME --name 職員氏名 [--role ${ROLES.join('|')}] [--office 00]\n       create-account.ts --login NAME --new-code`,
    );
    return 1;
  }
  const { db, clock } = openJobContext();
  try {
    await requireCurrentSchema(db);
    const actor = jobActor('create-account', clock.now());
    const code =
      name === undefined
        ? await renewCode(db, actor, login)
        : (await createAccount(db, actor, { loginName: login, displayName: name, role, officeCode })).code;
    console.log(`利用者ID: ${login}\nコード: ${code}（72時間有効、一回限り）`);
    console.log(
      'サインイン画面の「初回コード・再設定コードをお持ちの方」から、パスワードを設定してください。',
    );
    return 0;
  } finally {
    await db.destroy();
  }
});

async function renewCode(db: Database, actor: Actor, loginName: string): Promise<string> {
  const account = (await listAccounts(db)).find((one) => one.loginName === loginName);
  if (account === undefined) throw noAccount();
  return await issueNewCode(db, actor, { accountId: account.id, version: account.version });
}
