import type { MunicipalityFont } from '../../config.ts';
import { pdfBytes } from '../render-letter.ts';
import { drawLabels, type LabelRun } from './label-run.ts';
import { drawPostcards, type PostcardRun } from './postcard-run.ts';

const AUTHOR = '新宿区福祉部 地域包括ケア推進課';

/** Labels or postcards, when they were printed and in what. */
export interface PrintedRun {
  run: LabelRun | PostcardRun;
  title: string;
  printedAt: Date;
  ownFont: MunicipalityFont;
}

/** The PDF of labels or postcards as they were printed; the same run gives the same bytes. */
export async function drawRun({ run, title, printedAt, ownFont }: PrintedRun): Promise<Buffer> {
  return await pdfBytes({ title, author: AUTHOR, createdAt: printedAt, ownFont }, (pen) => {
    if (run.kind === 'labels') drawLabels(pen, run);
    else drawPostcards(pen, run, ownFont);
  });
}
