import type { Anchor } from '../audit/chain.ts';
import { businessDay, businessTime } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { MunicipalityFont } from '../config.ts';
import { PAPER_WIDTH, type Paper, type PaperTable } from './paper.ts';
import type { DailyAct, DailyList } from './queries.ts';
import { renderPaper } from './render-paper.ts';

/** The columns of the list, on paper and as CSV. */
export const ACT_HEADINGS = [
  '番号',
  '時刻',
  '場所',
  '担当',
  '処理',
  '住民番号',
  '氏名',
  '内容',
  '変更前 → 変更後',
];
const WIDTHS = [14, 17, 32, 24, 27, 29, 30, 49, 51];

/** One act as the cells of its line. */
export function cellsOf(act: DailyAct): string[] {
  return [
    String(act.sequence),
    businessTime(new Date(act.occurredAt)),
    act.officeName,
    act.actorName,
    act.kindName,
    act.residentNumber,
    act.personName,
    act.what,
    act.changes,
  ];
}

/** Who confirmed a list, and when. */
export interface Confirmation {
  name: string;
  at: Date;
}

export interface DayPaper {
  list: DailyList;
  /** Which acts, when not all of the day. */
  conditions: string;
  checked?: Confirmation | undefined;
  closed?: Confirmation | undefined;
  /** When it is made. */
  at: Date;
  ownFont: MunicipalityFont;
}

/** The daily list on A4: totals, every act, who checked and closed it, and where the record stood. */
export async function dayPaper(paper: DayPaper): Promise<Buffer> {
  return await renderPaper(layOut(paper));
}

function layOut({ list, conditions, checked, closed, at, ownFont }: DayPaper): Paper {
  const made = closed ?? { at };
  const state = closed === undefined ? '（締めていないリスト）' : '';
  return {
    title: `日別処理状況リスト　${formatWareki(list.day)}${state}`,
    author: 'ふれあい入浴証管理システム',
    head: [
      `条件　${conditions}　　件数　${list.count.toLocaleString('ja-JP')}件（操作記録の処理の件数と一致）`,
      `作成　${formatWareki(businessDay(made.at))} ${businessTime(made.at)}`,
      `操作記録の末尾　通し番号 ${list.upTo.sequence}　ハッシュ ${list.upTo.hash}`,
    ],
    stamps: [stampOf('照合', checked), stampOf('締め', closed)],
    tables: list.count === 0 ? [NONE] : [totalsTable(list), actsTable(list)],
    foot: `日別処理状況リスト ${list.day}　${list.count}件　${anchorText(list.upTo)}`,
    createdAt: made.at,
    ownFont,
  };
}

const NONE: PaperTable = { caption: 'この条件の処理はありません。', columns: [], rows: [] };

const anchorText = ({ sequence, hash }: Anchor) => `操作記録 ${sequence} ${hash.slice(0, 16)}…`;

function stampOf(label: string, confirmation: Confirmation | undefined) {
  if (confirmation === undefined) return { label: `${label}者`, lines: [] };
  const { name, at } = confirmation;
  return { label: `${label}者`, lines: [name, `${formatWareki(businessDay(at))}`, businessTime(at)] };
}

function totalsTable({ totals, offices, count }: DailyList): PaperTable {
  const across = Math.min(24, (PAPER_WIDTH - 46) / (offices.length + 1));
  const ofOffice = (code: string) => totals.reduce((sum, { byOffice }) => sum + (byOffice[code] ?? 0), 0);
  return {
    caption: '処理と場所ごとの件数',
    columns: [
      { heading: '処理', width: 46 },
      ...offices.map(({ name }) => ({ heading: name, width: across, isNumber: true })),
      { heading: '計', width: across, isNumber: true },
    ],
    rows: [
      ...totals.map(({ kindName, byOffice, all }) => [
        kindName,
        ...offices.map(({ code }) => String(byOffice[code] ?? 0)),
        String(all),
      ]),
      ['計', ...offices.map(({ code }) => String(ofOffice(code))), String(count)],
    ],
  };
}

function actsTable({ acts }: DailyList): PaperTable {
  return {
    caption: '処理の一覧',
    columns: ACT_HEADINGS.map((heading, at) => ({ heading, width: WIDTHS[at]!, isNumber: at === 0 })),
    rows: acts.map(cellsOf),
  };
}
