import pdfmake from 'pdfmake';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { FONT_FILES } from './fonts.ts';

const { mincho, serif, gothic, gothicBold } = FONT_FILES;

pdfmake.setFonts({
  Mincho: { normal: mincho, bold: mincho, italics: mincho, bolditalics: mincho },
  Serif: { normal: serif, bold: serif, italics: serif, bolditalics: serif },
  Gothic: { normal: gothic, bold: gothicBold, italics: gothic, bolditalics: gothicBold },
});
// Nothing a document names is fetched, and of files only the fonts are read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path: string) => Object.values<string>(FONT_FILES).includes(path));

/** Turns a list or table, a document of pdfmake, into the bytes of a PDF. Letters are drawn by draw-letter.ts. */
export async function renderPdf(document: TDocumentDefinitions): Promise<Buffer> {
  return await pdfmake.createPdf({ language: 'ja', ...document }).getBuffer();
}
