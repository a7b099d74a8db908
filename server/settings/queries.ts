import type { Database, Trx } from '../db/schema.ts';
import { SETTINGS, type SettingName, type Settings } from './setting.ts';

/** Every setting as it stands, its default where nobody has changed it. */
export async function readSettings(db: Database | Trx): Promise<Settings> {
  const changed = await db.selectFrom('setting').select(['name', 'value']).execute();
  const values = new Map(changed.map(({ name, value }) => [name, Number(value)]));
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(
    names.map((name) => [name, values.get(name) ?? SETTINGS[name].unsaid]),
  ) as Settings;
}

/** One setting as it stands. */
export async function readSetting(db: Database | Trx, name: SettingName): Promise<number> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return row === undefined ? SETTINGS[name].unsaid : Number(row.value);
}
