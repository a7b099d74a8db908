/** What the ward takes as proof at its counters (区の案内). */
export const DOCUMENTS = [
  'マイナンバーカード',
  '健康保険の資格確認書',
  '障害者手帳',
  '児童育成手当認定兼支払通知書',
  'その他',
] as const;
