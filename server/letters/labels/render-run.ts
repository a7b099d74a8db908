import type { MunicipalityFont } from '../../config.ts';
import { drawBeside } from '../draw-beside.ts';
import { drawRun } from './draw-run.ts';
import type { LabelRun } from './label-run.ts';
import type { PostcardRun } from './postcard-run.ts';

/** From here on a run is drawn in a thread: a thousand postcards take a second. */
const CARDS_FOR_A_THREAD = 100;

/** The PDF of labels or postcards as they were printed at `printedAt`; the same run gives the same bytes. */
export async function renderRun(
  run: LabelRun | PostcardRun,
  title: string,
  printedAt: Date,
  ownFont: MunicipalityFont,
): Promise<Buffer> {
  const cards = run.kind === 'labels' ? run.labels : run.cards;
  const printed = { run, title, printedAt, ownFont };
  if (cards.length < CARDS_FOR_A_THREAD) return await drawRun(printed);
  return await drawBeside(new URL('./run-thread.ts', import.meta.url), printed);
}
