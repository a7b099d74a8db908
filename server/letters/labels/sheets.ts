// Label sheets (宛名ラベル用紙) on A4, in mm as their makers print them on the box.

export interface LabelSheet {
  name: string;
  columns: number;
  rows: number;
  /** Of one label. */
  width: number;
  height: number;
  /** Of the first label from the edges of the sheet. */
  left: number;
  top: number;
  /** From one label to the next. */
  stepRight: number;
  stepDown: number;
}

export const LABEL_SHEETS = {
  'a4-12': {
    name: 'A4 12面（86.4×42.3mm）',
    columns: 2,
    rows: 6,
    width: 86.4,
    height: 42.3,
    left: 18.6,
    top: 21.5,
    stepRight: 86.4,
    stepDown: 42.3,
  },
  'a4-10': {
    name: 'A4 10面（86.4×50.8mm）',
    columns: 2,
    rows: 5,
    width: 86.4,
    height: 50.8,
    left: 18.6,
    top: 21.5,
    stepRight: 86.4,
    stepDown: 50.8,
  },
  'a4-24': {
    name: 'A4 24面（66×33.9mm、バーコードなし）',
    columns: 3,
    rows: 8,
    width: 66,
    height: 33.9,
    left: 6,
    top: 12.9,
    stepRight: 66,
    stepDown: 33.9,
  },
} as const satisfies Record<string, LabelSheet>;

export type LabelFormat = keyof typeof LABEL_SHEETS;
export const LABEL_FORMATS = Object.keys(LABEL_SHEETS) as LabelFormat[];

/** Where the n-th label lies, counted in rows from 0, and on which page. */
export function labelPlace(sheet: LabelSheet, position: number): { page: number; left: number; top: number } {
  const onPage = position % (sheet.columns * sheet.rows);
  return {
    page: Math.floor(position / (sheet.columns * sheet.rows)),
    left: sheet.left + (onPage % sheet.columns) * sheet.stepRight,
    top: sheet.top + Math.floor(onPage / sheet.columns) * sheet.stepDown,
  };
}
