import type { Updateable } from 'kysely';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AccountTable, Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { listOffices } from '../offices/queries.ts';
import { type AccountDetails, detailFaults, isRole } from './account.ts';
import { lockAdministrators, requireAdministrator } from './last-administrator.ts';
import { noAccount } from './queries.ts';

const FIELDS = ['displayName', 'officeCode', 'role', 'validFromOn', 'validUntilOn'] as const;

/** Which account, and in which version the administrator saw it. */
export interface SeenAccount {
  accountId: number;
  version: number;
}

/**
 * Changes an account's name, office, role or period, each field an event of its own; it holds from the
 * owner's next click. Throws Invalid, NotFound, and Refused when a colleague changed it in between or no
 * administrator would be left.
 */
export async function changeAccount(
  db: Database,
  actor: Actor,
  seen: SeenAccount,
  given: AccountDetails,
): Promise<void> {
  const { role } = given;
  const faults = detailFaults(given);
  if (Object.keys(faults).length > 0 || !isRole(role)) throw new Invalid(faults);
  await inTransaction(db, async (trx) => {
    await lockAdministrators(trx);
    const before = await trx
      .selectFrom('account')
      .select(FIELDS)
      .where('id', '=', seen.accountId)
      .executeTakeFirst();
    if (before === undefined) throw noAccount();
    // An office that is no longer in use may be kept, but not newly chosen.
    if (given.officeCode !== before.officeCode) await requireOffice(trx, given.officeCode);
    const after = { ...given, displayName: given.displayName.trim(), role };
    await updateSeen(trx, seen, after);
    for (const field of FIELDS) {
      const [from, to] = [before[field] ?? '', after[field] ?? ''];
      if (from === to) continue;
      recordEvent(trx, actor, {
        kind: 'account.changed',
        subjectAccountId: seen.accountId,
        field,
        from,
        to,
      });
    }
    await requireAdministrator(trx, businessDay(actor.at));
  });
}

async function requireOffice(trx: Trx, officeCode: string): Promise<void> {
  const isKnown = (await listOffices(trx)).some(({ code }) => code === officeCode);
  if (!isKnown) throw new Invalid({ officeCode: '所属を選んでください。' });
}

/** Writes changes of an account if it still stands as it was seen. Throws Refused when it does not. */
export async function updateSeen(
  trx: Trx,
  { accountId, version }: SeenAccount,
  changes: Omit<Updateable<AccountTable>, 'version'>,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('account')
    .set({ ...changes, version: version + 1 })
    .where('id', '=', accountId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  throw new Refused(
    '表示してから今までの間に、ほかの職員がこのアカウントを変えたため、変更しませんでした。今の内容を確かめてから、もう一度操作してください。',
  );
}
