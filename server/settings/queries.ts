import type { ExpressionBuilder } from 'kysely';
import type { Database, Tables, Trx } from '../db/schema.ts';
import { isWithinBounds, SETTINGS, type SettingName, type Settings } from './setting.ts';

/** Every setting as it stands, its default where nobody has changed it. */
export async function readSettings(db: Database | Trx): Promise<Settings> {
  const changed = await db.selectFrom('setting').select(['name', 'value']).execute();
  const values = new Map(changed.map(({ name, value }) => [name, value]));
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, settingFrom(name, values.get(name))])) as Settings;
}

/** One setting as it stands. */
export async function readSetting(db: Database | Trx, name: SettingName): Promise<number> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return settingFrom(name, row?.value);
}

/**
 * A setting as a column of another query, for what every request needs: never stale and without a query of
 * its own. `settingFrom` makes a number of it.
 */
export function settingColumn<Alias extends string>(name: SettingName, alias: Alias) {
  return <DB extends Tables, TB extends keyof DB>(expression: ExpressionBuilder<DB, TB>) =>
    (expression as unknown as ExpressionBuilder<Tables, never>)
      .selectFrom('setting')
      .select('setting.value')
      .where('setting.name', '=', name)
      .as(alias);
}

/** The number a stored value stands for: its default when nobody has changed it, or when it is out of today's bounds. */
export function settingFrom(name: SettingName, stored: string | null | undefined): number {
  const value = Number(stored ?? Number.NaN);
  return isWithinBounds(value, SETTINGS[name]) ? value : SETTINGS[name].unsaid;
}
