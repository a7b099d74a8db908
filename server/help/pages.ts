/** A page of help: its name under views/help, its title, and the addresses of the screens it is about. */
export interface HelpPage {
  name: string;
  title: string;
  screens: RegExp;
}

/** Every page of help, in the order of the work; of several that fit an address the first is meant. */
export const HELP_PAGES: readonly HelpPage[] = [
  { name: 'search', title: '台帳の検索', screens: /^\/search/ },
  { name: 'lookup', title: '電話照会', screens: /^\/lookup/ },
  { name: 'issue', title: '入浴証の交付', screens: /^\/people\/\d+\/passes/ },
  { name: 'circumstances', title: '個別事由', screens: /^(\/people\/\d+)?\/circumstances/ },
  { name: 'exclusion', title: '除外', screens: /^\/people\/\d+\/exclusion/ },
  { name: 'person', title: '個人票', screens: /^\/people\// },
  { name: 'pass', title: '入浴証の処理', screens: /^\/passes\// },
  { name: 'returned', title: '返戻', screens: /^\/returned-mail/ },
  { name: 'protected', title: '支援措置等の見直しと承認', screens: /^\/(protected|letter-releases)/ },
  { name: 'stock', title: '印字済みの用紙', screens: /^\/pass-stock/ },
  { name: 'held-letters', title: '印刷保留の一覧', screens: /^\/letters\/held/ },
  { name: 'letters', title: '印刷', screens: /^\/letters/ },
  { name: 'letter-batches', title: '送付状の一括印刷', screens: /^\/letter-batches/ },
  { name: 'labels', title: '宛名ラベル・はがき', screens: /^\/(labels|postcards|print-runs)/ },
  { name: 'print-log', title: '印刷記録', screens: /^\/print-log/ },
  {
    name: 'letter-templates',
    title: '文面・差出人・プリンター',
    screens: /^\/(letter-templates|sender-titles|printers)/,
  },
  { name: 'daily-lists', title: '日別処理状況リスト', screens: /^\/daily-lists/ },
  { name: 'lists', title: '一覧', screens: /^\/lists/ },
  { name: 'statistics', title: '統計', screens: /^\/statistics/ },
  { name: 'imports', title: 'ホスト取込', screens: /^\/imports/ },
  { name: 'gone', title: '消滅・要確認', screens: /^\/gone/ },
  { name: 'gaiji', title: '外字の置き換え', screens: /^\/gaiji/ },
  { name: 'accounts', title: '職員アカウント', screens: /^\/accounts/ },
  { name: 'rights', title: '権限一覧表', screens: /^\/rights/ },
  { name: 'settings', title: '設定', screens: /^\/settings/ },
  { name: 'year-rules', title: '年度の決まり', screens: /^\/year-rules/ },
  { name: 'audit', title: '操作記録', screens: /^\/audit/ },
  { name: 'password', title: 'パスワードの変更', screens: /^\/password/ },
  { name: 'unsent', title: '送られていない入力', screens: /^\/unsent/ },
  { name: 'sign-in', title: 'サインイン', screens: /^\/(sign-in|first-password)/ },
];

/** The page of help for a screen; the general one, home, when none is about it. */
export function helpFor(path: string): string {
  return HELP_PAGES.find(({ screens }) => screens.test(path))?.name ?? 'home';
}
