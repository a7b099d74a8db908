import type { LocalDate } from '../calendar/local-date.ts';
import type { Comparison } from './compare.ts';
import type { Staged } from './stage.ts';

export const OUTCOMES = ['applied', 'held', 'nothing', 'dry-run', 'refused', 'failed'] as const;

/** What became of a run, as the job prints it and the screens show it. */
export interface ImportOutcome {
  outcome: (typeof OUTCOMES)[number];
  runId: number;
  baseDate: LocalDate | null;
  read: number;
  new: number;
  changed: number;
  returned: number;
  gone: number;
  ended: number;
  same: number;
  rejected: number;
  warnings: number;
  reason: string;
}

/** How a job ends: 0 done or nothing to do · 2 refused · 3 held for approval · 1 failed. */
export const EXIT: Readonly<Record<ImportOutcome['outcome'], number>> = {
  applied: 0,
  nothing: 0,
  'dry-run': 0,
  refused: 2,
  held: 3,
  failed: 1,
};

/** What became of a run, as a heading. */
export const HEADLINES: Readonly<Record<ImportOutcome['outcome'], string>> = {
  applied: '取り込みました',
  held: '承認を待っています',
  nothing: '取り込むものはありません',
  'dry-run': '試行しました（反映していません）',
  refused: '取り込みませんでした',
  failed: '取込に失敗しました',
};

/** The outcome of a run as far as it came. */
export function outcomeOf(
  outcome: ImportOutcome['outcome'],
  reason: string,
  runId: number,
  staged: Staged | undefined,
  comparison: Comparison | undefined,
): ImportOutcome {
  return {
    outcome,
    runId,
    baseDate: staged?.header.baseOn ?? null,
    read: staged?.summary.counted.rows ?? 0,
    new: comparison?.new ?? 0,
    changed: comparison?.changed ?? 0,
    returned: comparison?.returned ?? 0,
    gone: comparison?.gone ?? 0,
    ended: comparison?.ended ?? 0,
    same: comparison?.same ?? 0,
    rejected: staged?.summary.rejected ?? 0,
    warnings: staged?.summary.warnings ?? 0,
    reason,
  };
}
