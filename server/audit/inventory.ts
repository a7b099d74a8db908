import { EVENT_KINDS, type FieldType, type KindOfEvent } from './event.ts';
import { fieldLabel } from './field-labels.ts';

const TYPE_NAMES: Readonly<Record<Extract<FieldType, string>, string>> = {
  id: '番号',
  'id?': '番号または空',
  ids: '番号の並び',
  count: '0以上の整数',
  day: '日付',
  'day?': '日付または空',
  text: '文字',
};

/** The inventory of what is recorded (操作記録の一覧), as docs/audit-events.md holds it. */
export function describeEvents(): string {
  const kinds: [string, KindOfEvent][] = Object.entries(EVENT_KINDS);
  return `${[
    '# 操作記録に残す操作の一覧',
    '',
    '`server/audit/event.ts` から作ったもので、手で直さない（`npx vitest run test/audit/inventory.test.ts -u` で作り直す）。',
    '',
    'どの操作にも、通し番号、日時（UTC）、業務日、操作者、処理した課・特別出張所、端末、要求番号、対象者と入浴証の内部番号、値の控えのハッシュ、一つ前の行のハッシュ、その行のハッシュが付く。ここにない項目は記録できず、ここにある項目は欠かせない。住民の値は項目に入れず、値の控えに置く。',
    '',
    '| 種類 | 呼び名 | 日別処理状況リスト | 分析 | 項目 |',
    '|---|---|---|---|---|',
    ...kinds.map(([kind, { label, isAct, watched, fields }]) => {
      const shown = watched === undefined ? '' : watched === 'export' ? '出力' : '保護項目の表示';
      const list = Object.entries(fields).map(([name, type]) => describeField(kind, name, type));
      return `| \`${kind}\` | ${label} | ${isAct ? '載せる' : ''} | ${shown} | ${list.join('<br>') || 'なし'} |`;
    }),
  ].join('\n')}\n`;
}

function describeField(kind: string, name: string, type: FieldType): string {
  const of =
    typeof type === 'string'
      ? TYPE_NAMES[type]
      : Object.entries(type)
          .map(([code, text]) => `${code} ${text}`)
          .join('・');
  return `\`${name}\` ${fieldLabel(kind, name)}（${of}）`;
}
