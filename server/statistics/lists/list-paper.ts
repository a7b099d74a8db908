import { businessDay, businessTime } from '../../calendar/local-date.ts';
import { formatWareki } from '../../calendar/wareki.ts';
import type { MunicipalityFont } from '../../config.ts';
import { renderPaper } from '../../daily-lists/render-paper.ts';
import type { AnyList } from './list.ts';

export interface ListHead {
  list: AnyList;
  /** What was asked, in words. */
  words: string;
  rows: number;
  at: Date;
  /** Who makes it. */
  by: string;
}

/** What stands at the head of a list on paper and in a file. */
export function headLines({ words, rows, at, by }: ListHead): [label: string, text: string][] {
  return [
    ['条件', words],
    ['件数', `${rows.toLocaleString('ja-JP')}件`],
    ['作成', `${formatWareki(businessDay(at))} ${businessTime(at).slice(0, 5)}　${by}`],
  ];
}

/** A list on A4. */
export async function listPaper(
  head: ListHead,
  cells: readonly (readonly string[])[],
  ownFont: MunicipalityFont,
): Promise<Buffer> {
  const { list, at } = head;
  // What a column reads out of a row stays here: a long list is drawn in another thread.
  const columns = list.columns.map(({ of: _, ...column }) => column);
  return await renderPaper({
    title: list.title,
    author: 'ふれあい入浴証管理システム',
    head: headLines(head).map(([label, text]) => `${label}　${text}`),
    stamps: [],
    tables: [{ caption: list.title, columns, rows: cells }],
    foot: `${list.title}　個人情報を含みます。取扱いに注意してください。`,
    createdAt: at,
    ownFont,
  });
}
