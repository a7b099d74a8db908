// The settings of a municipality: each with its bounds, so that no value can switch a safeguard off.

import { IMPORT_SETTINGS } from './import-settings.ts';

export interface NumberSetting {
  label: string;
  /** What it does, for whoever changes it. */
  help: string;
  unit: string;
  least: number;
  most: number;
  unsaid: number;
  /** Whether 0 may be said as well, which means that the rule is not in use. */
  mayBeOff?: true;
  /** Whether it is chosen as yes (1) or no (0) and not typed. */
  isYesOrNo?: true;
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
  'password.expiry-days': {
    label: 'パスワードの有効日数',
    help: '決めた日からこの日数を過ぎると、サインインの後に変更を求めます。0は期限なしです。期限を設けると推測されやすいパスワードが増えるため、ふつうは0にします。',
    unit: '日',
    least: 30,
    most: 1095,
    unsaid: 0,
    mayBeOff: true,
  },
  'sign-in.free-failures': {
    label: 'サインインの失敗を許す回数',
    help: '同じ利用者IDと端末でこの回数続けて失敗すると、その端末からのサインインを一時止めます。ほかの端末には影響しません。',
    unit: '回',
    least: 3,
    most: 10,
    unsaid: 5,
  },
  'sign-in.first-pause-seconds': {
    label: '最初の一時停止の長さ',
    help: '失敗が続くたびに倍になり、長くても15分です。',
    unit: '秒',
    least: 10,
    most: 300,
    unsaid: 30,
  },
  'session.idle-minutes': {
    label: '操作がないときにサインアウトするまでの時間',
    help: '席を離れた端末が使われないための時間です。次の操作から効きます。',
    unit: '分',
    least: 5,
    most: 120,
    unsaid: 45,
  },
  'session.hours': {
    label: 'サインインし直すまでの時間',
    help: '操作を続けていても、サインインからこの時間がたつとサインインし直します。次の操作から効きます。',
    unit: '時間',
    least: 1,
    most: 12,
    unsaid: 10,
  },
  ...IMPORT_SETTINGS,
  'letter.window-left': {
    label: '窓付き封筒: 窓の左端',
    help: '封筒の左端から窓の左端までです。封筒を替えたときに変え、位置調整用紙で確かめます。',
    unit: 'mm',
    least: 5,
    most: 120,
    unsaid: 20,
  },
  'letter.window-top': {
    label: '窓付き封筒: 窓の上端',
    help: '封筒の上端から窓の上端までです。',
    unit: 'mm',
    least: 5,
    most: 60,
    unsaid: 12,
  },
  'letter.window-width': {
    label: '窓付き封筒: 窓の幅',
    help: '窓の左右の長さです。',
    unit: 'mm',
    least: 80,
    most: 130,
    unsaid: 90,
  },
  'letter.window-height': {
    label: '窓付き封筒: 窓の高さ',
    help: '窓の上下の長さです。',
    unit: 'mm',
    least: 45,
    most: 70,
    unsaid: 45,
  },
  'letter.slide-right': {
    label: '窓付き封筒: 用紙が左右に動く幅',
    help: '三つ折りの用紙が封筒の中で左右に動く長さです。長形3号では最大25mmで、宛名はどこに動いても窓から見える所に印字します。',
    unit: 'mm',
    least: 0,
    most: 25,
    unsaid: 25,
  },
  'letter.slide-down': {
    label: '窓付き封筒: 用紙が上下に動く幅',
    help: '同じく上下に動く長さです。長形3号では最大21mmです。',
    unit: 'mm',
    least: 0,
    most: 21,
    unsaid: 21,
  },
  'protected.release-minutes': {
    label: '支援措置等の一時解除の長さ',
    help: '住所の表示と、承認した送付状の印刷は、この時間で自動的に元に戻ります。',
    unit: '分',
    least: 5,
    most: 120,
    unsaid: 15,
  },
  'letter.barcode': {
    label: '送付状にカスタマバーコードを印字する',
    help: '窓の中に周囲2mmの余白を取れるときだけ印字します。宛名ラベルとはがきには、この設定にかかわらず印字します。',
    unit: '',
    least: 0,
    most: 1,
    unsaid: 0,
    isYesOrNo: true,
  },
  'letter.chunk-size': {
    label: '一括印刷の1ファイルの通数',
    help: '一括印刷のPDFをこの通数ごとに分けます。',
    unit: '通',
    least: 50,
    most: 1000,
    unsaid: 500,
  },
  'letter.keep-file-days': {
    label: '一括印刷のファイルを保管する日数',
    help: 'この日数を過ぎたPDFを夜間処理で消去し記録します。送付状の内容は残り、同じファイルを作り直せます。',
    unit: '日',
    least: 1,
    most: 400,
    unsaid: 30,
  },
  'letter.second-person-from': {
    label: '一括印刷で別の職員の確認を求める通数',
    help: 'この通数以上の一括印刷は、作成した職員とは別の職員でなければ始められません。',
    unit: '通',
    least: 2,
    most: 5000,
    unsaid: 100,
  },
  'daily-list.close-hour': {
    label: '日別処理状況リストを当日に締められる時刻',
    help: '締めた日には、夜間のホスト取込を含め、処理を記録できなくなります。24は翌日から締められることを表します。夜間の処理がないときだけ早めます。',
    unit: '時',
    least: 15,
    most: 24,
    unsaid: 24,
  },
  'list.purpose-from': {
    label: '一覧の書き出しに目的の入力を求める行数',
    help: 'この行数以上の一覧をPDFやCSVにするとき、目的の入力を求めます。目的は操作記録に残ります。',
    unit: '行',
    least: 1,
    most: 1000,
    unsaid: 50,
  },
  'list.most-paper-rows': {
    label: '一覧をPDFにできる行数',
    help: 'これより多い一覧は、条件で絞るか、CSVで保存します。1ページに30行ほど入ります。',
    unit: '行',
    least: 100,
    most: 30000,
    unsaid: 10000,
  },
} as const satisfies Record<string, NumberSetting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = Readonly<Record<SettingName, number>>;

type Area = SettingName extends infer Name ? (Name extends `${infer Head}.${string}` ? Head : never) : never;

/** The headings of the settings page, by the part of a setting's name before its dot. */
const AREA_NAMES: Readonly<Record<Area, string>> = {
  password: 'パスワードとサインイン',
  'sign-in': 'パスワードとサインイン',
  session: 'パスワードとサインイン',
  import: 'ホスト取込',
  letter: '送付状',
  protected: '支援措置等',
  'daily-list': '日別処理状況リスト・一覧',
  list: '日別処理状況リスト・一覧',
};

/** The settings by headings, in the order of SETTINGS. */
export function settingsByArea(): { area: string; settings: [SettingName, NumberSetting][] }[] {
  const all = Object.entries(SETTINGS) as [SettingName, NumberSetting][];
  const groups = Map.groupBy(all, ([name]) => AREA_NAMES[name.split('.')[0] as Area]);
  return [...groups].map(([area, settings]) => ({ area, settings }));
}

/** What is chosen of a setting that is yes or no, as it is sent and as it is read. */
export const YES_OR_NO: readonly (readonly [value: string, word: string])[] = [
  ['1', 'する'],
  ['0', 'しない'],
];

/** The values a setting takes, for its page and its refusals. */
export function boundsOf({ least, most, unit, mayBeOff, isYesOrNo }: NumberSetting): string {
  if (isYesOrNo) return YES_OR_NO.map(([, word]) => word).join('または');
  const range = `${least}から${most}まで`;
  return `${mayBeOff ? '0（なし）または' : ''}${range}${unit === '' ? '' : `（${unit}）`}`;
}

/** Whether a number is within a setting's bounds. */
export function isWithinBounds(value: number, { least, most, mayBeOff }: NumberSetting): boolean {
  return Number.isInteger(value) && ((value >= least && value <= most) || (mayBeOff === true && value === 0));
}
