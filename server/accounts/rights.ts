// Who may do what: rights × roles in one table (権限一覧表). A route names its right; what is not
// granted here is refused. Some rights are to a field or an output (住所, 注意表示, 書き出し): views and
// exports ask for them with `mayDo`.

export const ROLES = ['clerk', 'supervisor', 'branch', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  clerk: '担当者',
  supervisor: '係長・承認者',
  branch: '特別出張所',
  administrator: 'システム管理者',
  auditor: '監査担当',
};

export const RIGHTS = {
  'register.search': { label: '台帳の検索', roles: ['clerk', 'supervisor'] },
  'register.view': { label: '個人票の照会', roles: ['clerk', 'supervisor'] },
  'lookup.answer': { label: '電話照会', roles: ['clerk', 'supervisor', 'branch'] },
  'register.edit': { label: '連絡先の変更', roles: ['clerk', 'supervisor'] },
  'person.address': { label: '住所の全部の表示', roles: ['clerk', 'supervisor'] },
  'person.protected-mark': { label: '支援措置等の注意表示', roles: ['clerk', 'supervisor'] },
  'person.circumstance': { label: '個別事由の登録・変更・終了', roles: ['clerk', 'supervisor'] },
  'person.exclude': { label: '除外と除外の解除', roles: ['clerk', 'supervisor'] },
  'person.protect': { label: '支援措置等の登録・変更・終了', roles: ['supervisor'] },
  'person.protected-address': { label: '支援措置等の人の住所の表示', roles: ['supervisor'] },
  'letter.protected': { label: '支援措置等の人の送付状の申請・印刷', roles: ['supervisor'] },
  'letter.protected-approve': { label: '支援措置等の人の送付状の承認', roles: ['supervisor'] },
  'pass.issue': { label: '申請の記録・入浴証の交付', roles: ['clerk', 'supervisor'] },
  'pass.move': { label: '返還・返戻の記録', roles: ['clerk', 'supervisor'] },
  'pass.revoke': { label: '交付の取消', roles: ['clerk', 'supervisor'] },
  'pass.override': { label: '上限を超えた再交付', roles: ['supervisor'] },
  'pass.stock': { label: '印字済み用紙の登録', roles: ['supervisor'] },
  'letter.print': { label: '送付状の印刷', roles: ['clerk', 'supervisor'] },
  'letter.batch': { label: '送付状の一括印刷', roles: ['clerk', 'supervisor'] },
  'letter.log': { label: '印刷記録の照会', roles: ['clerk', 'supervisor', 'auditor'] },
  'letter.template': { label: '文面・差出人・プリンターの変更', roles: ['administrator'] },
  'daily-list.view': { label: '日別処理状況リスト', roles: ['clerk', 'supervisor', 'auditor'] },
  'daily-list.check': { label: '日別処理状況リストの照合', roles: ['clerk', 'supervisor'] },
  'daily-list.close': { label: '日別処理状況リストの締め', roles: ['supervisor'] },
  'list.view': { label: '一覧の照会', roles: ['clerk', 'supervisor'] },
  'statistics.view': { label: '統計の照会', roles: ['clerk', 'supervisor', 'administrator', 'auditor'] },
  'import.run': { label: '取込の実行', roles: ['clerk', 'supervisor'] },
  'import.values': { label: '取込の差分・不備の内容の照会', roles: ['clerk', 'supervisor'] },
  'import.approve': { label: '保留した取込の承認・却下と、取込の取消', roles: ['supervisor'] },
  'gone.settle': { label: '消滅・要確認の人の確認', roles: ['clerk', 'supervisor'] },
  'gaiji.edit': { label: '外字の置き換えの変更', roles: ['clerk', 'supervisor'] },
  'import.view': { label: '取込結果の照会', roles: ['clerk', 'supervisor', 'administrator', 'auditor'] },
  export: { label: '個人情報の一覧の書き出し', roles: ['supervisor'] },
  'account.manage': { label: '職員アカウントの管理', roles: ['administrator'] },
  'account.view-rights': {
    label: '権限一覧表の照会・印刷',
    roles: ['supervisor', 'administrator', 'auditor'],
  },
  'setting.change': { label: '設定の変更', roles: ['administrator'] },
  'audit.view': { label: '操作記録の照会・分析', roles: ['supervisor', 'administrator', 'auditor'] },
  'audit.values': { label: '操作記録の値の控えの照会', roles: ['supervisor', 'auditor'] },
  'audit.export': { label: '操作記録の書き出し', roles: ['supervisor', 'auditor'] },
} as const satisfies Record<string, { label: string; roles: readonly Role[] }>;

export type Right = keyof typeof RIGHTS;

type Area = Right extends infer Name ? (Name extends `${infer Head}.${string}` ? Head : Name) : never;

/** The headings of the table, by the part of a right's name before its dot. */
export const AREA_NAMES: Readonly<Record<Area, string>> = {
  register: '台帳',
  lookup: '電話照会',
  person: '台帳の項目',
  pass: '入浴証',
  letter: '送付状',
  'daily-list': '日別処理状況リスト',
  list: '一覧',
  statistics: '統計',
  import: 'ホスト取込',
  gone: '消滅・要確認',
  gaiji: '外字',
  export: '書き出し',
  account: '職員アカウント',
  setting: '設定',
  audit: '操作記録',
};

/** Whoever holds rights: a role, and the rights added to the one account that are in force today. */
export interface RightsHolder {
  role: Role;
  addedRights: readonly Right[];
}

/** Whether somebody holds a right, by role or by an addition in force. */
export function mayDo({ role, addedRights }: RightsHolder, right: Right): boolean {
  return roleMayDo(role, right) || addedRights.includes(right);
}

/** Whether a role holds a right by itself. */
export function roleMayDo(role: Role, right: Right): boolean {
  return (RIGHTS[right].roles as readonly Role[]).includes(role);
}

/** Whether a name, such as one out of the database or a form, is a right of today's table. */
export function isRight(name: string): name is Right {
  return Object.hasOwn(RIGHTS, name);
}

/** Whether a right may be added to one account: what only administrators hold comes with the role alone. */
export function mayBeAdded(right: Right): boolean {
  return RIGHTS[right].roles.some((role: Role) => role !== 'administrator');
}

/** The table by headings, in the order of RIGHTS. */
export function rightsByArea(): { area: string; rights: Right[] }[] {
  const groups = Map.groupBy(Object.keys(RIGHTS) as Right[], (right) => right.split('.')[0] as Area);
  return [...groups].map(([area, rights]) => ({ area: AREA_NAMES[area], rights }));
}
