import type { LocalDate } from '../calendar/local-date.ts';
import { businessDay, businessTime } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';

// The print log (印刷記録): every act of printing, searched by day, kind and words of its own.

export const RUN_KINDS = ['letter', 'batch', 'labels', 'postcards'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const RUN_KIND_NAMES: Readonly<Record<RunKind, string>> = {
  letter: '送付状',
  batch: '送付状（一括）',
  labels: '宛名ラベル',
  postcards: 'はがき',
};

export interface LogFilter {
  fromOn: LocalDate;
  untilOn: LocalDate;
  kind?: RunKind;
  /** Of an issue number, a file name, a reason, a user ID, a terminal or a printer. */
  words: string;
}

export const MOST_LISTED = 300;
const PAGE = 500;

function selectRuns(db: Database, { fromOn, untilOn, kind, words }: LogFilter) {
  let query = db
    .selectFrom('printRun')
    .innerJoin('office', 'office.code', 'printRun.officeCode')
    .leftJoin('account', 'account.id', 'printRun.printedBy')
    .select(['printRun.id', 'printRun.kind', 'printRun.title', 'printRun.fileName', 'printRun.pages'])
    .select(['printRun.addressees', 'printRun.templateVersion', 'printRun.sha256', 'printRun.reason'])
    .select(['printRun.printerName', 'printRun.printedAt', 'printRun.actor', 'printRun.terminal'])
    .select(['office.name as officeName', 'account.displayName as printedByName'])
    .where('printRun.printedOn', '>=', fromOn)
    .where('printRun.printedOn', '<=', untilOn);
  if (kind !== undefined) query = query.where('printRun.kind', '=', kind);
  if (words !== '') {
    const spellings = new Set([words, words.normalize('NFKC')]);
    const parts = [...spellings].map((spelling) => `%${spelling.replace(/[%_[\\]/g, '')}%`);
    const places = ['fileName', 'reason', 'actor', 'terminal', 'printerName'] as const;
    query = query.where((where) =>
      where.or(places.flatMap((place) => parts.map((part) => where(`printRun.${place}`, 'like', part)))),
    );
  }
  return query.orderBy('printRun.id', 'desc');
}

export type LoggedRun = Awaited<ReturnType<ReturnType<typeof selectRuns>['execute']>>[number];

/** Acts of printing, newest first; `isCut` says that there are more. */
export async function listRuns(
  db: Database,
  filter: LogFilter,
): Promise<{ runs: LoggedRun[]; isCut: boolean }> {
  const runs = await selectRuns(db, filter)
    .limit(MOST_LISTED + 1)
    .execute();
  return { runs: runs.slice(0, MOST_LISTED), isCut: runs.length > MOST_LISTED };
}

export const LOG_HEADINGS = [
  '番号',
  '日付',
  '時刻',
  '帳票',
  '表題',
  'ファイル名',
  'ページ数',
  '宛名の数',
  '文面の版',
  '再発行・印刷の理由',
  'プリンター',
  '場所',
  '利用者ID',
  '職員氏名',
  '端末',
  'SHA-256',
] as const;

/** The whole log of a filter as rows for a CSV file, page by page. */
export async function* readLogRows(db: Database, filter: LogFilter): AsyncGenerator<string[][]> {
  let before: number | undefined;
  for (;;) {
    let query = selectRuns(db, filter).limit(PAGE);
    if (before !== undefined) query = query.where('printRun.id', '<', before);
    const runs = await query.execute();
    if (runs.length === 0) return;
    yield runs.map(cells);
    before = runs.at(-1)!.id;
  }
}

/** How many rows a filter gives. */
export async function countRuns(db: Database, filter: LogFilter): Promise<number> {
  const { runs } = await selectRuns(db, filter)
    .clearSelect()
    .clearOrderBy()
    .select((count) => count.fn.countAll<number>().as('runs'))
    .executeTakeFirstOrThrow();
  return runs;
}

function cells(run: LoggedRun): string[] {
  const at = new Date(run.printedAt);
  return [
    String(run.id),
    businessDay(at),
    businessTime(at),
    RUN_KIND_NAMES[run.kind],
    run.title,
    run.fileName,
    String(run.pages),
    String(run.addressees),
    run.templateVersion === null ? '' : String(run.templateVersion),
    run.reason,
    run.printerName,
    run.officeName,
    run.actor,
    run.printedByName ?? '',
    run.terminal,
    run.sha256,
  ];
}

/** One act of printing with what it printed. Throws NotFound. */
export async function getRun(db: Database, id: number) {
  const run = await db.selectFrom('printRun').selectAll().where('id', '=', id).executeTakeFirst();
  if (run === undefined) throw new NotFound('この印刷は記録にありません。印刷記録から選び直してください。');
  return run;
}
