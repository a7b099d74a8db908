// Returned mail (返戻) goes through stages until somebody has the pass, or the search is given up.

export const RETURN_STAGES = ['registered', 'inquiry', 'address_confirmed', 'resent', 'given_up'] as const;
export type ReturnStage = (typeof RETURN_STAGES)[number];

export const RETURN_STAGE_NAMES: Readonly<Record<ReturnStage, string>> = {
  registered: '返戻登録済み',
  inquiry: '住所調査中',
  address_confirmed: '住所確認済み',
  resent: '再送付済み',
  given_up: '調査打切り',
};

export const RETURN_REASONS = ['unknown_address', 'moved', 'refused', 'not_collected', 'other'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

export const RETURN_REASON_NAMES: Readonly<Record<ReturnReason, string>> = {
  unknown_address: 'あて所に尋ねあたらず',
  moved: '転居先不明',
  refused: '受取拒絶',
  not_collected: '保管期間経過',
  other: 'その他',
};

/** Which stages may follow which. A pass that comes back again after it was resent begins anew. */
export const RETURN_MOVES: Readonly<Record<ReturnStage, readonly ReturnStage[]>> = {
  registered: ['inquiry', 'address_confirmed', 'resent', 'given_up'],
  inquiry: ['address_confirmed', 'resent', 'given_up'],
  address_confirmed: ['resent', 'given_up'],
  resent: ['registered'],
  given_up: ['inquiry'],
};

/** The stages in which nobody has the pass: the verdict is 要確認. */
export const OPEN_RETURN_STAGES: readonly ReturnStage[] = [
  'registered',
  'inquiry',
  'address_confirmed',
  'given_up',
];

/** Why the stage cannot follow, as a sentence; undefined when it can. */
export function returnMoveProblem(from: ReturnStage | null, to: ReturnStage): string | undefined {
  const open = from === null ? (['registered'] as const) : RETURN_MOVES[from];
  if ((open as readonly ReturnStage[]).includes(to)) return undefined;
  const now = from === null ? '返戻の登録がありません' : `今は「${RETURN_STAGE_NAMES[from]}」です`;
  return `「${RETURN_STAGE_NAMES[to]}」にできませんでした。${now}。個人票を開き直して、今の段階を確かめてください。`;
}
