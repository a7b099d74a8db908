import type { MunicipalityFont } from '../../config.ts';
import { pdfBytes } from '../render-letter.ts';
import { drawLabels, type LabelRun } from './label-run.ts';
import { drawPostcards, type PostcardRun } from './postcard-run.ts';

const AUTHOR = '新宿区福祉部 地域包括ケア推進課';

/** The PDF of labels or postcards as they were printed at `printedAt`; the same run gives the same bytes. */
export async function renderRun(
  run: LabelRun | PostcardRun,
  title: string,
  printedAt: Date,
  ownFont: MunicipalityFont,
): Promise<Buffer> {
  return await pdfBytes({ title, author: AUTHOR, createdAt: printedAt, ownFont }, (pen) => {
    if (run.kind === 'labels') drawLabels(pen, run);
    else drawPostcards(pen, run, ownFont);
  });
}
