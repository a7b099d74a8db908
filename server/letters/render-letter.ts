import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { MunicipalityFont } from '../config.ts';
import type { CoverLetter } from './cover-letter.ts';
import { drawLetter } from './draw-letter.ts';
import { beginPdf, type PdfFacts, type Pen } from './pen.ts';

/** The bytes of a PDF that `draw` draws. The same facts and drawing give the same bytes. */
export async function pdfBytes(facts: PdfFacts, draw: (pen: Pen) => void): Promise<Buffer> {
  const stream = new PassThrough();
  const bytes = buffer(stream);
  const pen = beginPdf(stream, facts);
  draw(pen);
  await pen.finish();
  return await bytes;
}

/** A letter on its own, as it was printed at `printedAt`; the same letter gives the same bytes. */
export async function renderLetter(
  letter: CoverLetter,
  printedAt: Date,
  ownFont: MunicipalityFont,
  watermark = '',
): Promise<Buffer> {
  const facts = {
    title: `${letter.title} ${letter.serial}`,
    author: letter.sender.join(''),
    createdAt: printedAt,
    ownFont,
  };
  return await pdfBytes(facts, (pen) => drawLetter(pen, letter, ownFont, watermark));
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
