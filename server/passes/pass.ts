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

export interface PassOfYear {
  id: number;
  status: PassStatus;
}
