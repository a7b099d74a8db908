// The closed list of what is recorded (操作記録): one entry a kind, its fields exact, checked when it is
// compiled and again when it is recorded. An act that is not here cannot be recorded. Values of residents
// never stand in fields: they go beside the chain as values (see record-event.ts).
// After a change here: `vitest run test/audit/inventory.test.ts -u` renews docs/audit-events.md.

/** What a field may hold; an object is a closed list of codes, each with what it is called on screens. */
export type FieldType = keyof FieldTypes | Readonly<Record<string, string>>;

interface FieldTypes {
  /** The id of a row: a positive whole number. */
  id: number;
  'id?': number | null;
  /** A whole number from 0. */
  count: number;
  /** YYYY-MM-DD. */
  day: string;
  'day?': string | null;
  /** Ids of rows, as many as a page shows. */
  ids: readonly number[];
  /** Text that is not a resident's: a name of a setting, an office, a reason for a refusal. */
  text: string;
}

export interface KindOfEvent {
  label: string;
  /** Whether the daily processing list carries it as an act. */
  isAct: boolean;
  /** Beyond the ordinary: the analyses list personal data taken out, and protected data shown. */
  watched?: 'export' | 'unmasking';
  fields: Readonly<Record<string, FieldType>>;
}

const PERSON = { personId: 'id' } as const;
const PASS = { personId: 'id', passId: 'id' } as const;
const CIRCUMSTANCE = {
  ...PERSON,
  circumstanceId: 'id',
  circumstance: { mailing_address: '送付先変更', protected: '支援措置等', caution: '注意', other: 'その他' },
} as const;
const PAPERS = { letter: '送付状', labels: '宛名ラベル', postcards: 'はがき' } as const;
const ACCOUNT = { subjectAccountId: 'id' } as const;
/** What somebody asked of the record itself; `kindAsked` is empty for all kinds. */
const ASKED = {
  personId: 'id?',
  sequenceAsked: 'id?',
  accountIdAsked: 'id?',
  kindAsked: 'text',
  fromOn: 'day?',
  toOn: 'day?',
} as const;
const ACCOUNT_RIGHT = {
  ...ACCOUNT,
  accountRightId: 'id',
  right: 'text',
  startsOn: 'day',
  endsOn: 'day',
  ground: 'text',
} as const;

export const EVENT_KINDS = {
  'account.created': {
    label: 'アカウント登録',
    isAct: false,
    fields: {
      ...ACCOUNT,
      loginName: 'text',
      displayName: 'text',
      officeCode: 'text',
      role: 'text',
      validFromOn: 'day',
      validUntilOn: 'day?',
    },
  },
  'account.changed': {
    label: 'アカウント変更',
    isAct: false,
    fields: {
      ...ACCOUNT,
      field: {
        displayName: '職員氏名',
        officeCode: '所属',
        role: '役割',
        validFromOn: '有効期間の初日',
        validUntilOn: '有効期間の末日',
      },
      from: 'text',
      to: 'text',
    },
  },
  'account.stopped': { label: 'アカウント停止', isAct: false, fields: { ...ACCOUNT, ground: 'text' } },
  'account.resumed': { label: 'アカウント再開', isAct: false, fields: { ...ACCOUNT, ground: 'text' } },
  'account.code-issued': { label: '再設定コード発行', isAct: false, fields: ACCOUNT },
  'account.pause-lifted': {
    label: 'サインイン一時停止の解除',
    isAct: false,
    fields: { ...ACCOUNT, terminals: 'count' },
  },
  'account.right-granted': { label: '権限の追加', isAct: false, fields: ACCOUNT_RIGHT },
  'account.right-ended': { label: '追加した権限の取消', isAct: false, fields: ACCOUNT_RIGHT },
  'account.password-set': { label: 'パスワード設定', isAct: false, fields: ACCOUNT },
  'account.password-changed': { label: 'パスワード変更', isAct: false, fields: ACCOUNT },
  'account.password-refused': { label: 'パスワード変更の拒否', isAct: false, fields: ACCOUNT },
  'session.signed-in': { label: 'サインイン', isAct: false, fields: ACCOUNT },
  'session.signed-out': { label: 'サインアウト', isAct: false, fields: ACCOUNT },
  'session.refused': {
    label: 'サインイン拒否',
    isAct: false,
    fields: {
      subjectAccountId: 'id?',
      reason: {
        unknown: '利用者IDなし',
        password: 'パスワード違い',
        locked: '一時停止中',
        stopped: '停止または期間外',
        code: '初回コード違い',
      },
    },
  },
  'right.refused': { label: '権限外の操作', isAct: false, fields: { right: 'text', path: 'text' } },
  'person.searched': { label: '検索', isAct: false, fields: { found: 'count', personIds: 'ids' } },
  'person.viewed': { label: '台帳照会', isAct: false, fields: PERSON },
  'person.address-shown': {
    label: '住所の表示',
    isAct: false,
    watched: 'unmasking',
    fields: {
      ...PERSON,
      inquiryId: 'id',
      reason: { identity: '本人確認', delivery: '送付先の確認', other: 'その他' },
    },
  },
  'lookup.answered': {
    label: '電話照会',
    isAct: false,
    fields: {
      personId: 'id?',
      inquiryId: 'id',
      askedBy: 'text',
      answer: {
        issuable: '交付可',
        issued: '交付済',
        'not-eligible': '対象外',
        'needs-check': '要確認',
        'not-found': '該当なし',
      },
    },
  },
  'person.contact-changed': { label: '連絡先の変更', isAct: true, fields: PERSON },
  'pass.issued': {
    label: '交付',
    isAct: true,
    fields: {
      ...PASS,
      fiscalYear: 'count',
      passNumber: 'count',
      applicationKind: { new: '新規', reissue_lost: '再交付（紛失）', reissue_damaged: '再交付（汚損）' },
      deliveryMethod: { counter: '窓口', post: '郵送' },
    },
  },
  'pass.limit-overridden': {
    label: '上限を超えた再交付',
    isAct: false,
    fields: { ...PASS, fiscalYear: 'count' },
  },
  'pass.alerts-confirmed': { label: '注意の確認', isAct: false, fields: { ...PASS, alerts: 'text' } },
  'pass.surrendered': {
    label: '返還',
    isAct: true,
    fields: {
      ...PASS,
      fiscalYear: 'count',
      passNumber: 'count',
      reason: { moved_out: '転出など', no_use: '利用の予定なし', other: 'その他' },
    },
  },
  'pass.revoked': {
    label: '交付取消',
    isAct: true,
    fields: { ...PASS, fiscalYear: 'count', passNumber: 'count' },
  },
  'pass.restored': { label: '前の入浴証の復活', isAct: false, fields: PASS },
  'pass.mail-returned': {
    label: '返戻',
    isAct: true,
    fields: {
      ...PASS,
      returnedOn: 'day',
      reason: {
        unknown_address: 'あて所に尋ねあたらず',
        moved: '転居先不明',
        refused: '受取拒絶',
        not_collected: '保管期間経過',
        other: 'その他',
      },
    },
  },
  'pass.return-advanced': {
    label: '返戻の処理',
    isAct: true,
    fields: {
      ...PASS,
      stage: {
        inquiry: '住所調査',
        address_confirmed: '住所確認',
        resent: '再送付・手渡し',
        given_up: '調査打切り',
        registered: '返戻登録',
      },
    },
  },
  'person.mailing-changed': {
    label: '一斉発送の停止・再開',
    isAct: false,
    fields: { ...PERSON, change: { stopped: '停止', resumed: '再開' } },
  },
  'person.excluded': {
    label: '除外',
    isAct: true,
    fields: {
      ...PERSON,
      reason: {
        moved_out: '転出',
        died: '死亡',
        not_eligible: '非該当',
        own_wish: '本人申出',
        other: 'その他',
      },
    },
  },
  'person.exclusion-lifted': { label: '除外の解除', isAct: true, fields: PERSON },
  'circumstance.added': { label: '個別事由の登録', isAct: true, fields: CIRCUMSTANCE },
  'circumstance.changed': { label: '個別事由の変更', isAct: true, fields: CIRCUMSTANCE },
  'circumstance.ended': { label: '個別事由の終了', isAct: true, fields: CIRCUMSTANCE },
  'protected.address-shown': {
    label: '支援措置等の人の住所の表示',
    isAct: false,
    watched: 'unmasking',
    fields: { ...PERSON, releaseId: 'id' },
  },
  'protected.letter-asked': {
    label: '支援措置等の人の送付状の申請',
    isAct: true,
    fields: { ...PASS, releaseId: 'id' },
  },
  'protected.letter-answered': {
    label: '支援措置等の人の送付状の承認',
    isAct: true,
    watched: 'unmasking',
    fields: { ...PASS, releaseId: 'id', decision: { approved: '承認', rejected: '却下' } },
  },
  'protected.listed': { label: '支援措置等の見直しの一覧', isAct: false, fields: { rows: 'count' } },
  'returned-mail.listed': { label: '返戻の一覧', isAct: false, fields: { rows: 'count' } },
  'stock.changed': {
    label: '印字済み用紙の登録・取消',
    isAct: false,
    fields: {
      stockRangeId: 'id',
      fiscalYear: 'count',
      firstNumber: 'count',
      lastNumber: 'count',
      officeCode: 'text',
      change: { added: '登録', removed: '取消' },
    },
  },
  'year-rule.changed': {
    label: '年度の決まりの変更',
    isAct: false,
    fields: {
      fiscalYear: 'count',
      field: {
        lossReissues: '紛失による再交付の上限',
        issueFromOn: '交付を始める日',
        ageRule: '年齢の到達日',
      },
      from: 'text',
      to: 'text',
    },
  },
  'letter.printed': {
    label: '送付状の印刷',
    isAct: true,
    fields: { ...PASS, letterId: 'id', serial: 'text' },
  },
  'letter.held': {
    label: '送付状・宛名ラベル・はがきの印刷保留',
    isAct: false,
    fields: { ...PERSON, passId: 'id?', paper: PAPERS, problem: 'text' },
  },
  'letter.held-settled': {
    label: '印刷保留の一覧から外す',
    isAct: false,
    fields: { ...PERSON, passId: 'id?', paper: PAPERS },
  },
  'letter.previewed': { label: '送付状の見本の表示', isAct: false, fields: PASS },
  'letter.batch-made': {
    label: '一括印刷の作成',
    isAct: false,
    fields: { batchId: 'id', list: 'text', fromOn: 'day', untilOn: 'day', letters: 'count' },
  },
  'letter.batch-remade': {
    label: '一括印刷のファイルの作り直し',
    isAct: false,
    fields: { batchId: 'id', printRunId: 'id', letters: 'count', leftOut: 'count', reason: 'text' },
  },
  'letter.batch-started': { label: '一括印刷の開始', isAct: false, fields: { batchId: 'id' } },
  'letter.batch-cancelled': { label: '一括印刷の中止', isAct: false, fields: { batchId: 'id' } },
  'letter.file-viewed': {
    label: '印刷ファイルの表示',
    isAct: false,
    watched: 'export',
    fields: { printRunId: 'id', addressees: 'count' },
  },
  'letter.files-purged': {
    label: '一括印刷のファイルの消去',
    isAct: false,
    fields: { before: 'day', files: 'count' },
  },
  'letter.template-changed': {
    label: '文面の変更',
    isAct: false,
    fields: { letterKind: 'text', version: 'count' },
  },
  'letter.sender-changed': {
    label: '差出人の変更',
    isAct: false,
    fields: { senderId: 'id', change: { added: '登録', removed: '取消' }, startsOn: 'day', endsOn: 'day?' },
  },
  'letter.printer-changed': {
    label: 'プリンターの位置調整',
    isAct: false,
    fields: { printerId: 'id', right: 'text', down: 'text' },
  },
  'labels.printed': {
    label: '宛名ラベルの印刷',
    isAct: false,
    watched: 'export',
    fields: { printRunId: 'id', format: 'text', addressees: 'count', reason: 'text' },
  },
  'postcards.printed': {
    label: '60歳到達者へのはがきの印刷',
    isAct: false,
    watched: 'export',
    fields: { printRunId: 'id', month: 'text', addressees: 'count', reason: 'text' },
  },
  'print-run.viewed': {
    label: '宛名ラベル・はがきの印刷の内容の照会',
    isAct: false,
    fields: { printRunId: 'id', rows: 'count' },
  },
  'print-log.viewed': { label: '印刷記録の照会', isAct: false, fields: { rows: 'count' } },
  'print-log.exported': {
    label: '印刷記録のCSV出力',
    isAct: false,
    watched: 'export',
    fields: { rows: 'count', purpose: 'text' },
  },
  'letter.held-viewed': { label: '印刷保留の一覧の照会', isAct: false, fields: { rows: 'count' } },
  'letter.viewed': { label: '送付状の表示', isAct: false, fields: { ...PASS, letterId: 'id' } },
  'daily-list.viewed': {
    label: '日別処理状況リストの出力',
    isAct: false,
    watched: 'export',
    fields: { day: 'day', form: { screen: '画面', pdf: 'PDF', csv: 'CSV' }, rows: 'count' },
  },
  'daily-list.checked': {
    label: '日別処理状況リストの照合',
    isAct: false,
    fields: { day: 'day', acts: 'count' },
  },
  'daily-list.closed': {
    label: '日別処理状況リストの締め',
    isAct: false,
    fields: { day: 'day', acts: 'count', headSequence: 'count', headHash: 'text', sha256: 'text' },
  },
  'list.viewed': {
    label: '一覧の照会',
    isAct: false,
    fields: { list: 'text', conditions: 'text', rows: 'count', page: 'count' },
  },
  'list.exported': {
    label: '一覧の書き出し',
    isAct: false,
    watched: 'export',
    fields: {
      list: 'text',
      conditions: 'text',
      form: { pdf: 'PDF', csv: 'CSV' },
      rows: 'count',
      purpose: 'text',
    },
  },
  'statistics.viewed': {
    label: '統計の出力',
    isAct: false,
    fields: { baseOn: 'day', fiscalYear: 'count', untilOn: 'day', form: { screen: '画面', csv: 'CSV' } },
  },
  'setting.changed': {
    label: '設定の変更',
    isAct: false,
    fields: { name: 'text', from: 'text', to: 'text' },
  },
  'import.applied': {
    label: 'ホスト取込',
    isAct: true,
    fields: {
      importRunId: 'id',
      baseOn: 'day',
      read: 'count',
      new: 'count',
      changed: 'count',
      returned: 'count',
      gone: 'count',
      ended: 'count',
      same: 'count',
      rejected: 'count',
    },
  },
  'import.refused': {
    label: 'ホスト取込の拒否',
    isAct: true,
    fields: { importRunId: 'id', reason: 'text' },
  },
  'import.viewed': { label: '取込結果の照会', isAct: false, fields: { importRunId: 'id' } },
  'import.received': {
    label: '抽出ファイルの受領',
    isAct: false,
    fields: { importRunId: 'id', sha256: 'text' },
  },
  'import.held': {
    label: 'ホスト取込の保留',
    isAct: true,
    fields: { importRunId: 'id', guards: 'text', comparison: 'text' },
  },
  'import.approved': {
    label: '保留した取込の承認',
    isAct: true,
    fields: { importRunId: 'id', comparison: 'text' },
  },
  'import.rejected': {
    label: '保留した取込の却下',
    isAct: true,
    fields: { importRunId: 'id', comparison: 'text' },
  },
  'import.undone': {
    label: 'ホスト取込の取消',
    isAct: true,
    fields: {
      importRunId: 'id',
      restored: 'count',
      excluded: 'count',
      toCheck: 'count',
      leftAlone: 'count',
    },
  },
  'import.differences-viewed': {
    label: '取込の差分の出力',
    isAct: false,
    watched: 'export',
    fields: { importRunId: 'id', form: { screen: '画面', csv: 'CSV' }, rows: 'count' },
  },
  'import.faults-viewed': {
    label: '取込の不備・外字一覧の出力',
    isAct: false,
    watched: 'export',
    fields: { importRunId: 'id', form: { screen: '画面', csv: 'CSV' }, rows: 'count' },
  },
  'import.original-erased': {
    label: '抽出ファイルの消去',
    isAct: false,
    fields: { importRunId: 'id', sha256: 'text' },
  },
  'gone.listed': { label: '消滅・要確認の一覧', isAct: false, fields: { rows: 'count' } },
  'gone.settled': {
    label: '消滅の確認',
    isAct: true,
    fields: {
      ...PERSON,
      decision: {
        moved_out: '転出',
        died: '死亡',
        not_eligible: '非該当',
        other: 'その他',
        eligible: '次の取込まで対象',
      },
    },
  },
  'gaiji.changed': { label: '外字の置き換えの変更', isAct: false, fields: { code: 'text', to: 'text' } },
  'audit.viewed': {
    label: '操作記録の照会',
    isAct: false,
    fields: {
      ...ASKED,
      view: {
        list: '一覧',
        event: '一件',
        'after-hours': '夜間・閉庁日の操作',
        'mass-views': '大量の検索・照会',
        failures: '続いた失敗',
        unmasking: '保護された項目の表示',
        exports: '出力',
      },
      rows: 'count',
    },
  },
  'audit.exported': {
    label: '操作記録のCSV出力',
    isAct: false,
    watched: 'export',
    fields: {
      ...ASKED,
      purpose: {
        inspection: '定期の点検',
        disclosure: '本人からの開示請求',
        incident: '事故・苦情の調査',
        audit: '監査',
        other: 'その他',
      },
      rows: 'count',
    },
  },
  'person.past-erased': {
    label: '前の氏名・住所と電話照会の消去',
    isAct: false,
    fields: { personId: 'id?', before: 'day?', ground: 'text', formerValues: 'count', inquiries: 'count' },
  },
  'audit.values-erased': {
    label: '値の控えの消去',
    isAct: false,
    fields: {
      personId: 'id?',
      before: 'day?',
      ground: 'text',
      events: 'count',
      values: 'count',
      digest: 'text',
    },
  },
} as const satisfies Readonly<Record<string, KindOfEvent>>;

type ValueOf<T> = T extends keyof FieldTypes ? FieldTypes[T] : keyof T;

export type EventKind = keyof typeof EVENT_KINDS;
export type EventFields = {
  [K in EventKind]: {
    -readonly [F in keyof (typeof EVENT_KINDS)[K]['fields']]: ValueOf<(typeof EVENT_KINDS)[K]['fields'][F]>;
  };
};
export type AuditEvent = { [K in EventKind]: { kind: K } & EventFields[K] }[EventKind];

/** The entry of a kind as it stands in the database; undefined for one this version does not know. */
export function kindOf(kind: string): KindOfEvent | undefined {
  return Object.hasOwn(EVENT_KINDS, kind) ? EVENT_KINDS[kind as EventKind] : undefined;
}

/** The kinds the daily processing list counts. */
export const ACTS = (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => EVENT_KINDS[kind].isAct);
