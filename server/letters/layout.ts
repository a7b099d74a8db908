// Where things stand on the A4 sheet, in millimetres from its upper left corner. The sheet is folded in
// three and goes into a window envelope of size 長形3号 (120 × 235 mm).

export const SHEET = { width: 210, height: 297 } as const;

/** Folded at thirds; short marks at the left edge show where. */
export const FOLDS = [99, 198] as const;
export const FOLD_MARK = { left: 4, length: 5 } as const;

/** The window in the envelope: its distance from the left and upper edge, its size, how far the sheet slides. */
export interface EnvelopeWindow {
  left: number;
  top: number;
  width: number;
  height: number;
  slideRight: number;
  slideDown: number;
}

export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The part of the sheet that is seen through the window wherever the sheet lies in the envelope: between the sheet
 * pushed to the left and upper edge and the sheet that has slid as far as it can.
 */
export function alwaysSeen(window: EnvelopeWindow): Rectangle {
  return {
    left: window.left,
    top: window.top,
    width: window.width - window.slideRight,
    height: window.height - window.slideDown,
  };
}

export const SENDER = { left: 122, top: 40, width: 66 } as const;
export const BODY = { left: 25, top: 103, width: 160 } as const;

const POINTS_PER_MM = 72 / 25.4;
export const MM_PER_POINT = 1 / POINTS_PER_MM;

/** Millimetres as the points that PDF counts in. */
export function points(millimetres: number): number {
  return millimetres * POINTS_PER_MM;
}
