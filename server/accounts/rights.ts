// Who may do what: rights × roles in one table (権限一覧表). A route names its right; what is not
// granted here is refused.

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
  'register.edit': { label: '連絡先の変更', roles: ['clerk', 'supervisor'] },
  'pass.issue': { label: '申請の記録・入浴証の交付', roles: ['clerk', 'supervisor'] },
  'letter.print': { label: '送付状の印刷', roles: ['clerk', 'supervisor'] },
  'daily-list.view': { label: '日別処理状況リスト', roles: ['clerk', 'supervisor', 'auditor'] },
  'setting.change': { label: '設定の変更', roles: ['administrator'] },
  'import.view': { label: '取込結果の照会', roles: ['clerk', 'supervisor', 'administrator', 'auditor'] },
} as const satisfies Record<string, { label: string; roles: readonly Role[] }>;

export type Right = keyof typeof RIGHTS;

/** Whether a role holds a right. */
export function mayDo(role: Role, right: Right): boolean {
  return (RIGHTS[right].roles as readonly Role[]).includes(role);
}
