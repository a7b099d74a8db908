import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { readSetting } from './queries.ts';
import { boundsOf, isWithinBounds, type NumberSetting, SETTINGS, type SettingName } from './setting.ts';

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
  if (!isSettingName(name)) throw new Refused('この設定はありません。設定の画面を開き直してください。');
  const setting: NumberSetting = SETTINGS[name];
  const typed = value.normalize('NFKC').trim();
  const number = /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!isWithinBounds(number, setting)) {
    throw new Invalid({
      value: `${setting.label}に「${typed}」は使えません。${boundsOf(setting)}${setting.isYesOrNo ? 'を選んで' : 'の整数で入力して'}ください。`,
    });
  }
  try {
    await inTransaction(db, (trx) => writeSetting(trx, actor, name, String(number), seen));
  } catch (error) {
    if (isDuplicate(error)) throw new Refused(changedMeanwhile('ほかの値'));
    throw error;
  }
}

async function writeSetting(
  trx: Trx,
  actor: Actor,
  name: SettingName,
  to: string,
  seen: string,
): Promise<void> {
  const from = String(await readSetting(trx, name));
  if (from !== seen) throw new Refused(changedMeanwhile(from));
  if (from === to) return;
  const row = await trx.selectFrom('setting').select('version').where('name', '=', name).executeTakeFirst();
  const changes = { value: to, changedAt: actor.at.toISOString(), changedBy: actor.accountId };
  if (row === undefined) {
    await trx
      .insertInto('setting')
      .values({ name, ...changes })
      .execute();
  } else {
    const { numUpdatedRows } = await trx
      .updateTable('setting')
      .set({ ...changes, version: row.version + 1 })
      .where('name', '=', name)
      .where('version', '=', row.version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Refused(changedMeanwhile('ほかの値'));
  }
  recordEvent(trx, actor, { kind: 'setting.changed', name, from, to });
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

const changedMeanwhile = (value: string) =>
  `ほかの職員がこの設定を${value}に変えたため、変更しませんでした。確かめてからもう一度変更してください。`;
