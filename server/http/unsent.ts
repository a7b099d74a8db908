import type { Request } from 'express';
import type { AppContext } from '../context.ts';
import { seal, unseal } from './seal.ts';

declare module 'express-session' {
  interface SessionData {
    /** Whose session this was before it ran out; it lets nobody in. */
    endedAccountId?: number;
    /** A form that came too late (入力の保管): sealed, for the same account only, and never sent by itself. */
    unsent?: { accountId: number; at: string; sealed: string };
  }
}

export interface UnsentForm {
  path: string;
  fields: Record<string, string>;
}

const KEPT_MS = 30 * 60_000;
const PURPOSE = 'unsent form';
/** What is never kept: a secret, and forms that are about the session itself. */
const SECRET = /password|^code$/i;

/** Keeps what was posted into a session that had run out, until its owner signs in again. */
export function keepUnsent(request: Request, { clock, config }: AppContext): void {
  const { endedAccountId } = request.session;
  if (request.method !== 'POST' || endedAccountId === undefined || request.path === '/sign-out') return;
  const { _csrf, ...fields } = { ...(request.body as Record<string, string>) };
  if (Object.keys(fields).some((name) => SECRET.test(name))) return;
  const form: UnsentForm = { path: request.path, fields };
  const sealed = seal(config.sessionSecret, PURPOSE, form);
  request.session.unsent = { accountId: endedAccountId, at: clock.now().toISOString(), sealed };
}

/** What of a session goes on into the one its owner begins: a form kept for this account not too long ago. */
export function unsentFor(request: Request, accountId: number, { clock }: Pick<AppContext, 'clock'>) {
  const { unsent } = request.session;
  if (unsent === undefined || unsent.accountId !== accountId) return {};
  return clock.now().getTime() - Date.parse(unsent.at) > KEPT_MS ? {} : { unsent };
}

/** The form kept for the account of this request; undefined when there is none or it is too old. */
export function readUnsent(request: Request, { clock, config }: AppContext): UnsentForm | undefined {
  const { unsent } = unsentFor(request, request.account?.id ?? 0, { clock });
  if (unsent === undefined) return undefined;
  return unseal(config.sessionSecret, PURPOSE, unsent.sealed) as UnsentForm | undefined;
}

/** Forgets the kept form. */
export function forgetUnsent(request: Request): void {
  delete request.session.unsent;
}

const ACTS: readonly [RegExp, string][] = [
  [/^\/people\/\d+\/passes$/, '入浴証の交付'],
  [/^\/people\/\d+\/phone$/, '電話番号の変更'],
  [/^\/people\/\d+\/circumstances$/, '個別事由の登録'],
  [/^\/circumstances\/\d+$/, '個別事由の変更'],
  [/^\/circumstances\/\d+\/end$/, '個別事由の終了'],
  [/^\/people\/\d+\/exclusion/, '除外'],
  [/^\/passes\/\d+\/returned-mail$/, '返戻の登録'],
  [/^\/passes\/\d+\/return-stage$/, '返戻の段階'],
  [/^\/passes\/\d+\/surrender$/, '返還の記録'],
  [/^\/passes\/\d+\/revoke$/, '交付の取消'],
  [/^\/settings$/, '設定の変更'],
];

/** How an act is called by the address of its form. */
export function actOf(path: string): string {
  return ACTS.find(([pattern]) => pattern.test(path))?.[1] ?? '入力した画面の内容';
}

const LABELS: Readonly<Record<string, string>> = {
  phone: '電話番号',
  appliedOn: '申請日',
  issuedOn: '交付日',
  returnedOn: '返戻日',
  startsOn: '開始日',
  endsOn: '終了日',
  reviewOn: '見直しの日',
  on: '日付',
  proxyName: '代理人の氏名',
  proxyRelation: '続柄',
  documentSeen: '確認書類',
  documentNote: '確認書類の補足',
  passNumber: '整理番号',
  overrideReason: '上限を超える理由',
  reprintReason: '再発行の理由',
  reason: '理由',
  ground: '事由・申出の内容',
  endGround: '終了の理由',
  note: '補足',
  addressee: '宛名',
  postalCode: '郵便番号',
  address: '住所',
  building: '方書',
  displayName: '職員氏名',
  value: '値',
};

/** What was typed, in words a clerk knows; codes and hidden fields go along unseen. */
export function describeUnsent({ fields }: UnsentForm): [label: string, text: string][] {
  return Object.entries(fields)
    .filter(([name, text]) => LABELS[name] !== undefined && text !== '' && !/^[a-z_]+$/.test(text))
    .map(([name, text]) => [LABELS[name]!, text]);
}
