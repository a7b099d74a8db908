import { EVENT_KINDS, type EventKind, kindOf } from './event.ts';

type FieldName = { [K in EventKind]: keyof (typeof EVENT_KINDS)[K]['fields'] }[EventKind];

/** How the fields of events are called on screens and in the inventory; a new field needs its line here. */
const FIELD_LABELS: Readonly<Record<FieldName, string>> = {
  personId: '対象者',
  passId: '入浴証',
  subjectAccountId: '対象の職員アカウント',
  loginName: '利用者ID',
  displayName: '職員氏名',
  officeCode: '所属',
  role: '役割',
  validFromOn: '有効期間の初日',
  validUntilOn: '有効期間の末日',
  field: '項目',
  from: '変更前',
  to: '変更後',
  ground: '根拠',
  terminals: '端末数',
  accountRightId: '追加した権限の番号',
  right: '権限',
  startsOn: '初日',
  endsOn: '末日',
  reason: '理由',
  path: '画面',
  found: '該当件数',
  personIds: '一覧に出た対象者',
  inquiryId: '照会番号',
  askedBy: '照会者',
  answer: '回答',
  fiscalYear: '年度',
  passNumber: '整理番号',
  applicationKind: '申請の種類',
  deliveryMethod: '交付方法',
  letterId: '送付状番号',
  serial: '発行番号',
  problem: '支障',
  batchId: '一括印刷番号',
  leftOut: '除いた人数',
  list: '一覧',
  fromOn: '期間の初日',
  toOn: '期間の末日',
  untilOn: '期間の末日',
  letters: '通数',
  printRunId: '印刷番号',
  paper: '帳票',
  alerts: '確認した注意',
  returnedOn: '返戻日',
  stage: '返戻の段階',
  circumstanceId: '個別事由番号',
  circumstance: '個別事由の種類',
  releaseId: '一時解除番号',
  stockRangeId: '用紙の登録番号',
  firstNumber: '最初の整理番号',
  lastNumber: '最後の整理番号',
  files: 'ファイル数',
  addressees: '宛名の数',
  letterKind: '文面の種類',
  version: '版',
  senderId: '差出人番号',
  change: '変更',
  printerId: 'プリンター番号',
  down: '下への移動',
  format: '様式',
  month: '月',
  rows: '行数',
  purpose: '目的',
  day: '対象日',
  form: '形式',
  name: '設定',
  importRunId: '取込番号',
  baseOn: '抽出基準日',
  read: '読込',
  new: '新規',
  changed: '変更',
  returned: '復活',
  gone: '消滅',
  ended: '資格喪失',
  same: '同一',
  rejected: '不備',
  sha256: 'ファイルのSHA-256',
  guards: '保留の理由',
  comparison: '比較の要約',
  restored: '元に戻した人数',
  excluded: '除外した人数',
  toCheck: '要確認の人数',
  leftAlone: '触れなかった人数',
  decision: '判断',
  code: '文字コード',
  sequenceAsked: '照会した通し番号',
  accountIdAsked: '照会した職員アカウント',
  kindAsked: '照会した操作の種類',
  view: '見たもの',
  before: 'この日より前',
  events: '操作の件数',
  values: '値の件数',
  digest: '消去一覧のハッシュ',
  formerValues: '前の氏名・住所などの件数',
  inquiries: '電話照会の件数',
  acts: '処理の件数',
  headSequence: '操作記録の末尾の通し番号',
  headHash: '操作記録の末尾のハッシュ',
  conditions: '条件',
  page: 'ページ',
};

const LABELS_OF_KIND: Readonly<Partial<Record<EventKind, Readonly<Record<string, string>>>>> = {
  'letter.printer-changed': { right: '右への移動' },
};

/** How a field of a kind is called; its own name for one this version does not know. */
export function fieldLabel(kind: string, field: string): string {
  const labels: Readonly<Record<string, string>> = FIELD_LABELS;
  return LABELS_OF_KIND[kind as EventKind]?.[field] ?? labels[field] ?? field;
}

/** How a kind is called; its own name for one this version does not know. */
export function kindLabel(kind: string): string {
  return kindOf(kind)?.label ?? kind;
}

/** All kinds with their labels, as a list to choose from. */
export const KIND_CHOICES = Object.entries(EVENT_KINDS).map(([kind, { label }]) => [kind, label] as const);

const NAMED_BY_ACCOUNT: ReadonlySet<string> = new Set(['subjectAccountId', 'accountIdAsked']);

/**
 * The fields of an event as words, in the order in which they were recorded; empty ones are left out, and
 * accounts go by their name in `accountNames`.
 */
export function describeDetails(
  kind: string,
  details: string,
  accountNames: ReadonlyMap<number, string> = new Map(),
): [label: string, text: string][] {
  const types = kindOf(kind)?.fields ?? {};
  const fields = Object.entries(JSON.parse(details) as Record<string, unknown>);
  return fields
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => {
      const type = types[name];
      if (typeof type === 'object') return [fieldLabel(kind, name), type[String(value)] ?? String(value)];
      if (name === 'kindAsked') return [fieldLabel(kind, name), kindLabel(String(value))];
      const account = NAMED_BY_ACCOUNT.has(name) ? accountNames.get(Number(value)) : undefined;
      return [fieldLabel(kind, name), account ?? String(value)];
    });
}
