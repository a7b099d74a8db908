import type { Request } from 'express';
import type { AppContext } from '../context.ts';
import { FIELD_NAMES } from './columns.ts';
import { countOutcomes, listDifferences, listLeftAlone, type RunDifference } from './difference-queries.ts';
import { countFaults } from './fault-queries.ts';
import { GUARD_NAMES } from './guard-names.ts';
import type { GuardFigure } from './plausibility.ts';
import { getRun, isNewestApplied } from './queries.ts';
import type { RunReport } from './run-row.ts';

/** How each state of a run is called. */
export const STATUS_NAMES = {
  running: '取込中',
  applied: '取込済み',
  held: '承認待ち',
  rejected: '却下',
  undone: '取消済み',
  nothing: '取込なし',
  refused: '拒否',
  failed: '失敗',
  dry_run: '試行',
} as const;

/** How each kind of difference is called. */
export const OUTCOME_NAMES: Readonly<Record<string, string>> = {
  new: '新規',
  changed: '変更',
  returned: '復活',
  gone: '消滅（要確認）',
  ended: '資格喪失',
  undone: '取消',
};

export const LEFT_ALONE_NAMES: Readonly<Record<string, string>> = {
  host: 'ホストの項目',
  state: '消滅・除外の状態',
  all: 'ホストの項目と、消滅・除外の状態',
};

const SAMPLES = 3;

/** Everything the page of one run shows; residents' values only to whoever may see them. */
export async function runPage(context: AppContext, request: Request, id: number) {
  const { db } = context;
  const run = await getRun(db, id);
  const report = JSON.parse(run.report) as RunReport;
  const figures = report.figures ?? [];
  return {
    title: `取込番号${run.id}`,
    run,
    report,
    figures: figures.map((figure) => ({ ...figure, ...GUARD_NAMES[figure.guard] })),
    samples: run.status === 'held' ? await samplesOf(context, run, figures) : [],
    outcomes: await countOutcomes(db, run),
    faults: await countFaults(db, id),
    leftAlone: run.status === 'undone' ? await listLeftAlone(db, id) : [],
    mayUndo: await isNewestApplied(db, id),
    isStarter: run.accountId !== null && run.accountId === request.account?.id,
    statusNames: STATUS_NAMES,
    outcomeNames: OUTCOME_NAMES,
    leftAloneNames: LEFT_ALONE_NAMES,
    fieldNames: FIELD_NAMES,
    typed: { reason: '' },
    errors: {},
    message: undefined as string | undefined,
  };
}

/** A few of the differences behind each figure that is over its limit: the evidence. */
async function samplesOf(
  { db }: AppContext,
  run: Awaited<ReturnType<typeof getRun>>,
  figures: readonly GuardFigure[],
): Promise<{ label: string; rows: RunDifference[] }[]> {
  const samples = [];
  for (const { guard } of figures.filter(({ isOver }) => isOver)) {
    const { label, fields } = GUARD_NAMES[guard];
    if (fields.length === 0) continue;
    const [field] = fields as [string];
    const only = field === 'outcome' ? { outcome: 'gone' } : {};
    const rows = await listDifferences(db, run, { fields: [field], ...only, limit: SAMPLES });
    if (rows.length > 0) samples.push({ label, rows });
  }
  return samples;
}
