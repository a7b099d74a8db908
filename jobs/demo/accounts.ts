import { createAccount } from '../../server/accounts/create-account.ts';
import type { Role } from '../../server/accounts/rights.ts';
import { setPasswordWithCode } from '../../server/accounts/set-password.ts';
import type { Actor } from '../../server/audit/record-event.ts';
import type { Database } from '../../server/db/schema.ts';

/** The password of every demo account; there are no such accounts anywhere else. */
export const DEMO_PASSWORD = 'demo-yu-ni-tsukaru-2026';

const ACCOUNTS: readonly { loginName: string; displayName: string; role: Role; officeCode: string }[] = [
  { loginName: 'tanto', displayName: '見本　花子', role: 'clerk', officeCode: '00' },
  { loginName: 'kakaricho', displayName: '見本　太郎', role: 'supervisor', officeCode: '00' },
  { loginName: 'shucchojo', displayName: '見本　四谷', role: 'branch', officeCode: '01' },
  { loginName: 'kanri', displayName: '見本　管理', role: 'administrator', officeCode: '00' },
  { loginName: 'kansa', displayName: '見本　監査', role: 'auditor', officeCode: '00' },
];

/** Makes the demo accounts that are missing, through the real functions. */
export async function makeDemoAccounts(db: Database, actor: Actor): Promise<void> {
  for (const account of ACCOUNTS) {
    const known = await db
      .selectFrom('account')
      .select('id')
      .where('loginName', '=', account.loginName)
      .executeTakeFirst();
    if (known !== undefined) continue;
    const { code } = await createAccount(db, actor, account);
    await setPasswordWithCode(db, actor, account.loginName, code, DEMO_PASSWORD);
  }
}
