// The settings of a municipality: each with its bounds, so that no value can switch a safeguard off.

export interface NumberSetting {
  label: string;
  /** What it does, for whoever changes it. */
  help: string;
  unit: string;
  least: number;
  most: number;
  unsaid: number;
}

export const SETTINGS = {
  'password.least-length': {
    label: 'パスワードの最低文字数',
    help: '新しく決めるパスワードに求める文字数です。',
    unit: '文字',
    least: 12,
    most: 64,
    unsaid: 15,
  },
} as const satisfies Record<string, NumberSetting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = Readonly<Record<SettingName, number>>;
