// The wording of letters (文面): a title and a body with placeholders in braces, written by the administrator.
// A line of the body is a paragraph; a line with ｜ is a row of the table, its label before the ｜; a line that
// begins with 【 opens the contact lines at the foot.

export const LETTER_KINDS = ['new', 'reissue', 'resend', 'annual'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];
export const TEMPLATE_KINDS = [...LETTER_KINDS, 'postcard'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

export const TEMPLATE_KIND_NAMES: Readonly<Record<TemplateKind, string>> = {
  new: '新規交付の送付状',
  reissue: '再交付の送付状',
  resend: '再発送の送付状（返戻後）',
  annual: '年度更新の送付状',
  postcard: '60歳到達者へのはがき',
};

/** What may stand in braces, and an example for the preview. */
export const PLACEHOLDERS = {
  年度: '令和8年度',
  整理番号: '26-000123',
  氏名: '新宿　花子',
  有効期間: '令和8年4月1日から令和9年3月31日まで',
  交付日: '令和8年11月20日',
  返戻日: '令和8年11月10日',
  印刷日: '令和8年11月20日',
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;
export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

export interface TemplateText {
  title: string;
  body: string;
}

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'row'; label: string; value: string }
  | { kind: 'contact'; text: string };

const BRACES = /\{([^{}]*)\}/gu;

/** What is wrong with a wording, a sentence each; none when it can be used. */
export function templateProblems({ title, body }: TemplateText): string[] {
  const problems: string[] = [];
  if (title.trim() === '') problems.push('表題を入力してください。');
  if (body.trim() === '') problems.push('本文を入力してください。');
  const text = `${title}\n${body}`;
  const known = Object.keys(PLACEHOLDERS);
  const unknown = [...text.matchAll(BRACES)].map(([, name]) => name!).filter((name) => !known.includes(name));
  for (const name of new Set(unknown)) {
    const may = known.map((one) => `{${one}}`).join('、');
    problems.push(`差し込み項目{${name}}はありません。使えるのは${may}です。`);
  }
  if (/[{}]/.test(text.replace(BRACES, ''))) problems.push('「{」と「}」の組が合っていません。');
  return problems;
}

/** The title and body with the values of one letter in the place of the placeholders. */
export function fillTemplate(
  { title, body }: TemplateText,
  values: PlaceholderValues,
): { title: string; blocks: Block[] } {
  const fill = (text: string) => text.replace(BRACES, (_all, name: Placeholder) => values[name]);
  let isContact = false;
  const blocks = body
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line): Block => {
      if (line.startsWith('【')) isContact = true;
      if (isContact) return { kind: 'contact', text: fill(line) };
      const bar = line.indexOf('｜');
      if (bar < 0) return { kind: 'paragraph', text: fill(line) };
      return { kind: 'row', label: fill(line.slice(0, bar).trim()), value: fill(line.slice(bar + 1).trim()) };
    });
  return { title: fill(title), blocks };
}
