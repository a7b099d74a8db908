import { parseArgs } from 'node:util';
import { createAccount } from '../server/accounts/create-account.ts';
import { ROLES } from '../server/accounts/rights.ts';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';

// node jobs/create-account.ts --login NAME --name 職員氏名 [--role administrator] [--office 00]
// Prints the one-time code with which the owner chooses a password at the first sign-in.

await runJob(async () => {
  const { values } = parseArgs({
    options: {
      login: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string', default: 'administrator' },
      office: { type: 'string', default: '00' },
    },
  });
  if (values.login === undefined || values.name === undefined) {
    console.error(
      `usage: create-account.ts --login NAME --name 職員氏名 [--role ${ROLES.join('|')}] [--office 00]`,
    );
    return 1;
  }
  const { db, clock } = openJobContext();
  try {
    await requireCurrentSchema(db);
    const { code } = await createAccount(db, jobActor('create-account', clock.now()), {
      loginName: values.login,
      displayName: values.name,
      role: values.role,
      officeCode: values.office,
    });
    console.log(`利用者ID: ${values.login}\n初回コード: ${code}（72時間有効、一回限り）`);
    console.log('サインイン画面の「初回コードをお持ちの方」から、パスワードを設定してください。');
    return 0;
  } finally {
    await db.destroy();
  }
});
