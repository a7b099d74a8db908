import type { StatTable } from './tables.ts';

// Columns side by side, drawn as plain SVG on the server. Two series differ by pattern, not by colour alone; the
// table with the same figures stands below.

const WIDTH = 960;
const HEIGHT = 260;
const LEFT = 64;
const TOP = 16;
const BOTTOM = 48;
const GAP = 0.25;
const LONGEST_LABEL = 7;
const MOST_WHOLE_LABELS = 14;

export interface Chart {
  title: string;
  /** The figures in words, for whoever has the chart read aloud. */
  description: string;
  width: number;
  height: number;
  left: number;
  columnWidth: number;
  series: string[];
  groups: {
    label: string;
    middle: number;
    columns: { series: number; x: number; y: number; height: number }[];
  }[];
  scale: { y: number; label: string }[];
}

/** Draws some columns of a table, by the places of their cells; rows of totals are left out. */
export function chartOf(table: StatTable, places: readonly number[]): Chart | undefined {
  const rows = table.rows.filter(({ isTotal }) => isTotal === undefined);
  const figureOf = (cells: StatTable['rows'][number]['cells'], place: number) => Number(cells[place]);
  const highest = Math.max(0, ...rows.flatMap(({ cells }) => places.map((place) => figureOf(cells, place))));
  if (highest === 0) return undefined;
  const most = niceAbove(highest);
  const step = (WIDTH - LEFT) / rows.length;
  const columnWidth = (step * (1 - GAP)) / places.length;
  const room = HEIGHT - TOP - BOTTOM;
  const groups = rows.map(({ head, cells }, at) => {
    const from = LEFT + step * (at + GAP / 2);
    const columns = places.map((place, series) => {
      const height = round((figureOf(cells, place) / most) * room);
      return { series, x: round(from + series * columnWidth), y: round(HEIGHT - BOTTOM - height), height };
    });
    return { label: shorten(head, rows.length), middle: round(LEFT + step * (at + 0.5)), columns };
  });
  const series = places.map((place) => table.headings[place + 1]!);
  const words = rows.map(({ head, cells }) => {
    const figures = places.map(
      (place, at) => `${series[at]} ${figureOf(cells, place).toLocaleString('ja-JP')}`,
    );
    return `${head.trim()} ${figures.join('、')}`;
  });
  return {
    title: `${table.title}（${series.join('・')}）`,
    description: `${words.join('。')}。`,
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    columnWidth: round(columnWidth),
    series,
    groups,
    scale: [0, 0.5, 1].map((share) => ({
      y: round(HEIGHT - BOTTOM - share * room),
      label: (most * share).toLocaleString('ja-JP'),
    })),
  };
}

/** What of a table is worth a chart, by its name. */
export const CHARTED: Readonly<Record<string, readonly number[]>> = {
  ages: [3, 7],
  districts: [0, 3],
  months: [0, 1, 2],
};

/** A label that fits under its columns: an office without what all are called, an age by its lower end when many. */
function shorten(head: string, groups: number): string {
  const label = head.trim().replace(/特別出張所$/, '');
  const age = groups > MOST_WHOLE_LABELS ? /^(\d+)(〜|歳以上)/.exec(label) : null;
  if (age !== null) return `${age[1]}〜`;
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 1)}…`;
}

/** The next of 2, 4, 6, 10, 20, 40, 60, 100 … at or above. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 2)));
  return [2, 4, 6, 10].map((one) => one * power).find((one) => one >= value)!;
}

const round = (value: number) => Math.round(value * 10) / 10;
