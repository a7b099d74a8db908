// The pass (入浴証): its states and the moves between them. One valid pass a person and fiscal year.

export const PASS_STATUSES = ['valid', 'lost', 'damaged', 'surrendered', 'revoked'] as const;
export type PassStatus = (typeof PASS_STATUSES)[number];

export const PASS_STATUS_NAMES: Readonly<Record<PassStatus, string>> = {
  valid: '有効',
  lost: '紛失',
  damaged: '汚損',
  surrendered: '返還',
  revoked: '交付取消',
};

export const DELIVERY_METHODS = ['counter', 'post'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];
export const DELIVERY_METHOD_NAMES: Readonly<Record<DeliveryMethod, string>> = {
  counter: '窓口',
  post: '郵送',
};

export const APPLICATION_KINDS = ['new', 'reissue_lost', 'reissue_damaged'] as const;
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];
export const APPLICATION_KIND_NAMES: Readonly<Record<ApplicationKind, string>> = {
  new: '新規',
  reissue_lost: '再交付（紛失）',
  reissue_damaged: '再交付（汚損）',
};

/** A lost pass is replaced once in a fiscal year; a damaged one is exchanged without limit (ward's rule). */
export const REISSUES_FOR_LOSS_A_YEAR = 1;

export interface PassOfYear {
  id: number;
  status: PassStatus;
}

/** What becomes of the pass that an application replaces. */
export const REPLACED_STATUS = { reissue_lost: 'lost', reissue_damaged: 'damaged' } as const;

/**
 * Why an application of this kind cannot lead to a pass, given the person's passes of the same fiscal
 * year, as a sentence; undefined when it can.
 */
export function applicationProblem(kind: ApplicationKind, ofYear: readonly PassOfYear[]): string | undefined {
  const valid = ofYear.find(({ status }) => status === 'valid');
  if (kind === 'new') {
    if (valid === undefined) return undefined;
    return 'この年度の有効な入浴証がすでにあるため、新規の交付はできません。紛失・汚損のときは再交付を選んでください。';
  }
  if (valid === undefined) {
    return 'この年度の有効な入浴証がないため、再交付はできません。新規の交付を選んでください。';
  }
  if (kind === 'reissue_damaged') return undefined;
  const lost = ofYear.filter(({ status }) => status === 'lost').length;
  if (lost < REISSUES_FOR_LOSS_A_YEAR) return undefined;
  return `紛失による再交付は年度内に${REISSUES_FOR_LOSS_A_YEAR}回までで、すでに行っているため交付できません。次の年度の入浴証を案内してください。`;
}
