import { formatWarekiShort } from '../calendar/wareki.ts';

// The chart of changes per run over the year: stacked columns, drawn as plain SVG so that it needs no
// script. The same figures stand in the table below it, for whoever does not see it.

const WIDTH = 960;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 40;
const TOP = 12;
const GAP = 0.35;

export const CHART_KINDS = ['new', 'changed', 'returned', 'gone', 'ended'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

interface Counted {
  id: number;
  baseOn: string | null;
  newCount: number;
  changedCount: number;
  returnedCount: number;
  goneCount: number;
  endedCount: number;
}

export interface Chart {
  width: number;
  height: number;
  columns: { id: number; x: number; label: string; words: string; parts: Part[] }[];
  scale: { y: number; label: string }[];
  /** Of a column, in the units of the drawing. */
  columnWidth: number;
}

interface Part {
  kind: ChartKind;
  y: number;
  height: number;
}

/** Lays the chart out; undefined when there are fewer than two runs to compare. The first load is left out. */
export function chartOf(runs: readonly Counted[]): Chart | undefined {
  const shown = runs.filter(
    (run) => run.changedCount + run.goneCount + run.endedCount + run.returnedCount > 0,
  );
  if (shown.length < 2) return undefined;
  const most = niceAbove(
    Math.max(...shown.map((run) => countsOf(run).reduce((sum, [, count]) => sum + count, 0))),
  );
  const step = (WIDTH - LEFT) / shown.length;
  const drawn = HEIGHT - BOTTOM - TOP;
  const columns = shown.map((run, at) => {
    let y = HEIGHT - BOTTOM;
    const parts = countsOf(run).map(([kind, count]) => {
      const height = (count / most) * drawn;
      y -= height;
      return { kind, y: round(y), height: round(height) };
    });
    const [, changed, returned, gone, ended] = countsOf(run).map(([, count]) => count);
    const label = run.baseOn === null ? '' : formatWarekiShort(run.baseOn).replace(/^[^.]+\./, '');
    const words = `${label} 新規${run.newCount} 変更${changed} 復活${returned} 消滅${gone} 資格喪失${ended}`;
    return { id: run.id, x: round(LEFT + step * (at + GAP / 2)), label, words, parts };
  });
  const scale = [0, 0.5, 1].map((share) => ({
    y: round(HEIGHT - BOTTOM - share * drawn),
    label: (most * share).toLocaleString('ja-JP'),
  }));
  return { width: WIDTH, height: HEIGHT, columns, scale, columnWidth: round(step * (1 - GAP)) };
}

function countsOf(run: Counted): [ChartKind, number][] {
  return [
    ['new', run.newCount],
    ['changed', run.changedCount],
    ['returned', run.returnedCount],
    ['gone', run.goneCount],
    ['ended', run.endedCount],
  ];
}

/** The next of 2, 4, 10, 20, 40, 100 … at or above. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [2, 4, 10].map((one) => one * power).find((one) => one >= value)!;
}

const round = (value: number) => Math.round(value * 10) / 10;
