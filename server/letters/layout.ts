// Where things stand on the A4 sheet, in millimetres from its upper left corner. The sheet is folded in
// three and goes into a window envelope of size 長形3号 (120 × 235 mm).

export const SHEET = { width: 210, height: 297 } as const;

/** Folded at thirds; short marks at the left edge show where. */
export const FOLDS = [99, 198] as const;
export const FOLD_MARK = { left: 4, length: 5 } as const;

/** The part of the sheet that shows through a 90 × 45 mm window (20 mm from the left, 12 mm from the top). */
export const WINDOW = { left: 20, top: 12, width: 90, height: 45 } as const;

/** A sheet of 99 mm slides up and down in an envelope of 120 mm; the text keeps this far inside the window. */
export const WINDOW_MARGIN = 4;

/** The address block, inside the window however the sheet slides. */
export const ADDRESS_BLOCK = {
  left: WINDOW.left + WINDOW_MARGIN,
  top: WINDOW.top + WINDOW_MARGIN,
  width: WINDOW.width - 2 * WINDOW_MARGIN,
  height: WINDOW.height - 2 * WINDOW_MARGIN,
} as const;

export const SENDER = { left: 125, top: 30, width: 65 } as const;
export const BODY = { left: 25, top: 103, width: 160 } as const;

const POINTS_PER_MM = 72 / 25.4;

/** Millimetres as the points that PDF counts in. */
export function points(millimetres: number): number {
  return millimetres * POINTS_PER_MM;
}
