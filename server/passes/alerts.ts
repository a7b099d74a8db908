import type { ApplicationKind, DeliveryMethod } from './pass.ts';

// Errors cannot be; alerts (注意) can, but a clerk confirms having seen them. Each says what, why and what to do.

export const ALERT_CODES = [
  'protected',
  'caution',
  'returned',
  'mailing-address',
  'mailing-stopped',
  'march',
  'second-reissue',
  'hand-back',
  'no-phone',
  'gaiji',
  'same-birth',
] as const;
export type AlertCode = (typeof ALERT_CODES)[number];

/** With which choices of the form an alert has to be confirmed. */
export type AlertWhen = 'always' | 'post' | 'lost' | 'damaged';

export interface Alert {
  code: AlertCode;
  when: AlertWhen;
  what: string;
  why: string;
  todo: string;
}

/** What of a person and the passes of the years in question calls for care. */
export interface AlertFacts {
  isProtected: boolean;
  hasCaution: boolean;
  isReturned: boolean;
  hasMailingAddress: boolean;
  isMailingStopped: boolean;
  isNextYearOpen: boolean;
  /** How many passes of the present year were replaced already. */
  reissues: number;
  hasPhone: boolean;
  hasGaiji: boolean;
  /** Whether somebody of the same family name and birth date lives at the same address. */
  sharesBirth: boolean;
}

const TEXTS: Readonly<Record<AlertCode, Omit<Alert, 'code'>>> = {
  protected: {
    when: 'always',
    what: '支援措置等の対象の人です。',
    why: '住所が漏れると、本人に危険が及びます。',
    todo: '来た人が本人であることを書類で確かめ、住所を口にしないでください。代理・郵送は、係長の判断を受けてください。',
  },
  caution: {
    when: 'always',
    what: '注意の個別事由があります。',
    why: '取扱いに決まりのある人です。',
    todo: '個人票の個別事由を読んでから交付してください。',
  },
  returned: {
    when: 'always',
    what: '返戻された入浴証があります。',
    why: '台帳の住所に届いていません。',
    todo: '今の住所を本人に確かめ、返戻された入浴証があれば、それを渡してください。',
  },
  'mailing-address': {
    when: 'post',
    what: '送付先変更の申出があります。',
    why: '送付状は台帳の住所でなく、申出の送付先に出ます。',
    todo: '申出が今も有効かを確かめてください。',
  },
  'mailing-stopped': {
    when: 'always',
    what: '返還または利用中止により、一斉発送を止めています。',
    why: '交付すると、翌年度からまた発送されます。',
    todo: 'また利用することを本人に確かめてください。',
  },
  march: {
    when: 'always',
    what: '翌年度の入浴証も交付できる時期です。',
    why: '今年度の入浴証は3月31日までしか使えません。',
    todo: '今年度・翌年度・両方のどれが要るかを確かめ、年度を選んでください。',
  },
  'second-reissue': {
    when: 'lost',
    what: 'この年度に再交付をしています。',
    why: '紛失による再交付には年度内の上限があります。',
    todo: '前の入浴証が本当に見つからないかを確かめてください。',
  },
  'hand-back': {
    when: 'damaged',
    what: '汚損は、前の入浴証と引き換えです。',
    why: '前の入浴証が手元に残ると、二重に使えます。',
    todo: '前の入浴証を受け取ってから印を付けてください。受け取れないときは、紛失による再交付です。',
  },
  'no-phone': {
    when: 'post',
    what: '電話番号の登録がありません。',
    why: '郵便が返戻されたときに連絡できません。',
    todo: '電話番号を聞いて下の欄に入力してください。教えてもらえないときは、このまま進めます。',
  },
  gaiji: {
    when: 'post',
    what: '氏名か住所に外字があります。',
    why: '送付状に印字できないことがあります。',
    todo: '送付状の文字を、渡す前・出す前に目で確かめてください。',
  },
  'same-birth': {
    when: 'always',
    what: '同じ住所に、姓と生年月日の同じ人がいます。',
    why: '双子など、人を取り違えるおそれがあります。',
    todo: '名まで読み上げて、本人であることを確かめてください。',
  },
};

/** The alerts of a person, in the order of ALERT_CODES. */
export function findAlerts(facts: AlertFacts): Alert[] {
  const holds: Record<AlertCode, boolean> = {
    protected: facts.isProtected,
    caution: facts.hasCaution,
    returned: facts.isReturned,
    'mailing-address': facts.hasMailingAddress,
    'mailing-stopped': facts.isMailingStopped,
    march: facts.isNextYearOpen,
    'second-reissue': facts.reissues > 0,
    'hand-back': true,
    'no-phone': !facts.hasPhone,
    gaiji: facts.hasGaiji,
    'same-birth': facts.sharesBirth,
  };
  return ALERT_CODES.filter((code) => holds[code]).map((code) => ({ code, ...TEXTS[code] }));
}

/** Whether an alert has to be confirmed for what is being done. */
export function isAsked(
  { when }: Pick<Alert, 'when'>,
  { kind, deliveryMethod }: { kind: ApplicationKind; deliveryMethod: DeliveryMethod },
): boolean {
  if (when === 'post') return deliveryMethod === 'post';
  if (when === 'lost') return kind === 'reissue_lost';
  if (when === 'damaged') return kind === 'reissue_damaged';
  return true;
}

/** The form field in which an alert is confirmed. */
export function confirmField(code: AlertCode): `confirm-${AlertCode}` {
  return `confirm-${code}`;
}
