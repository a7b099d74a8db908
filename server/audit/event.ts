// The closed list of what is recorded (操作記録). An act that is not here cannot be recorded, and the
// fields of each are fixed. Values of residents never stand in these fields: they go beside the chain
// as values (see record-event.ts).

interface Subject {
  personId: number;
}
interface PassSubject extends Subject {
  passId: number;
}
interface ImportCounts {
  importRunId: number;
  baseOn: string;
  read: number;
  new: number;
  changed: number;
  returned: number;
  gone: number;
  ended: number;
  same: number;
  rejected: number;
}

export interface EventFields {
  'account.created': { subjectAccountId: number; role: string };
  'account.password-set': { subjectAccountId: number };
  'session.signed-in': { subjectAccountId: number };
  'session.signed-out': { subjectAccountId: number };
  'session.refused': { reason: 'unknown' | 'password' | 'locked' | 'stopped' | 'code' };
  'right.refused': { right: string; path: string };
  'person.searched': { found: number };
  'person.viewed': Subject;
  'person.contact-changed': Subject;
  'pass.issued': PassSubject & {
    fiscalYear: number;
    passNumber: number;
    applicationKind: 'new' | 'reissue_lost' | 'reissue_damaged';
    deliveryMethod: 'counter' | 'post';
  };
  'letter.printed': PassSubject & { letterId: number; serial: string };
  'letter.viewed': PassSubject & { letterId: number };
  'daily-list.viewed': { day: string; form: 'screen' | 'pdf' | 'csv'; rows: number };
  'setting.changed': { name: string; from: string; to: string };
  'import.applied': ImportCounts;
  'import.refused': { importRunId: number; reason: string };
  'import.viewed': { importRunId: number };
}

export type EventKind = keyof EventFields;
export type AuditEvent = { [K in EventKind]: { kind: K } & EventFields[K] }[EventKind];

/** How each kind is called on screens, and whether the daily processing list carries it as an act. */
export const EVENT_KINDS: Readonly<Record<EventKind, { label: string; isAct: boolean }>> = {
  'account.created': { label: 'アカウント登録', isAct: false },
  'account.password-set': { label: 'パスワード設定', isAct: false },
  'session.signed-in': { label: 'サインイン', isAct: false },
  'session.signed-out': { label: 'サインアウト', isAct: false },
  'session.refused': { label: 'サインイン拒否', isAct: false },
  'right.refused': { label: '権限外の操作', isAct: false },
  'person.searched': { label: '検索', isAct: false },
  'person.viewed': { label: '台帳照会', isAct: false },
  'person.contact-changed': { label: '連絡先の変更', isAct: true },
  'pass.issued': { label: '交付', isAct: true },
  'letter.printed': { label: '送付状の印刷', isAct: true },
  'letter.viewed': { label: '送付状の表示', isAct: false },
  'daily-list.viewed': { label: '日別処理状況リストの出力', isAct: false },
  'setting.changed': { label: '設定の変更', isAct: false },
  'import.applied': { label: 'ホスト取込', isAct: true },
  'import.refused': { label: 'ホスト取込の拒否', isAct: true },
  'import.viewed': { label: '取込結果の照会', isAct: false },
};

/** The kinds the daily processing list counts. */
export const ACTS = (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => EVENT_KINDS[kind].isAct);
