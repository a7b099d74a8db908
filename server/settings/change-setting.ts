import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { SETTINGS, type SettingName } from './setting.ts';

export interface SettingChange {
  name: string;
  value: string;
  /** The value the administrator saw. */
  seen: string;
}

/**
 * Changes a setting within its bounds. Throws Invalid for a value out of them, Refused when a colleague
 * changed it in between.
 */
export async function changeSetting(
  db: Database,
  actor: Actor,
  { name, value, seen }: SettingChange,
): Promise<void> {
  if (!(name in SETTINGS)) throw new Refused('この設定はありません。設定の画面を開き直してください。');
  const setting = SETTINGS[name as SettingName];
  const number = Number(value.normalize('NFKC'));
  if (value.trim() === '' || !Number.isInteger(number) || number < setting.least || number > setting.most) {
    const bounds = `${setting.least}から${setting.most}まで`;
    throw new Invalid({
      value: `${setting.label}は${bounds}の整数で入力してください（単位は${setting.unit}）。`,
    });
  }
  await inTransaction(db, async (trx) => {
    const row = await trx.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
    const from = row?.value ?? String(setting.unsaid);
    if (from !== seen) {
      throw new Refused(
        `ほかの職員がこの設定を${from}に変えたため、変更しませんでした。確かめてからもう一度変更してください。`,
      );
    }
    const changes = { value: String(number), changedAt: actor.at.toISOString(), changedBy: actor.accountId };
    if (row === undefined)
      await trx
        .insertInto('setting')
        .values({ name, ...changes })
        .execute();
    else {
      await trx
        .updateTable('setting')
        .set((set) => ({ ...changes, version: set('version', '+', 1) }))
        .where('name', '=', name)
        .where('value', '=', from)
        .execute();
    }
    recordEvent(trx, actor, { kind: 'setting.changed', name, from, to: String(number) });
  });
}
