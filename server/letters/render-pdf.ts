import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { CoverLetter } from './cover-letter.ts';
import { FONT_FILES, fontRuns } from './fonts.ts';
import { ADDRESS_BLOCK, BODY, FOLD_MARK, FOLDS, points, SENDER, SHEET } from './layout.ts';

const { mincho, serif, gothic, gothicBold } = FONT_FILES;

pdfmake.setFonts({
  Mincho: { normal: mincho, bold: mincho, italics: mincho, bolditalics: mincho },
  Serif: { normal: serif, bold: serif, italics: serif, bolditalics: serif },
  Gothic: { normal: gothic, bold: gothicBold, italics: gothic, bolditalics: gothicBold },
});
// Nothing a document names is fetched, and of files only the fonts are read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path: string) => Object.values<string>(FONT_FILES).includes(path));

/** Turns a document of pdfmake into the bytes of a PDF. */
export async function renderPdf(document: TDocumentDefinitions): Promise<Buffer> {
  return await pdfmake.createPdf({ language: 'ja', ...document }).getBuffer();
}

/** Draws a cover letter as a PDF of one A4 page. */
export async function renderCoverLetter(letter: CoverLetter): Promise<Buffer> {
  return await renderPdf({
    pageSize: { width: points(SHEET.width), height: points(SHEET.height) },
    pageMargins: [
      points(BODY.left),
      points(BODY.top),
      points(SHEET.width - BODY.left - BODY.width),
      points(15),
    ],
    info: { title: letter.title, author: letter.sender.join('') },
    defaultStyle: { font: 'Mincho', fontSize: 11, lineHeight: 1.35 },
    content: [foldMarks(), addressBlock(letter), senderBlock(letter), ...body(letter)],
  });
}

function foldMarks(): Content {
  const x1 = points(FOLD_MARK.left);
  const x2 = points(FOLD_MARK.left + FOLD_MARK.length);
  return {
    absolutePosition: { x: 0, y: 0 },
    canvas: FOLDS.map((at) => ({
      type: 'line',
      x1,
      x2,
      y1: points(at),
      y2: points(at),
      lineWidth: 0.4,
      lineColor: '#888888',
    })),
  };
}

function addressBlock({ address, addressee, reference }: CoverLetter): Content {
  return {
    absolutePosition: { x: points(ADDRESS_BLOCK.left), y: points(ADDRESS_BLOCK.top) },
    table: {
      widths: [points(ADDRESS_BLOCK.width)],
      body: [
        [
          {
            stack: [
              ...address.map((line) => ({ text: fontRuns(line), fontSize: 11, lineHeight: 1.15 })),
              { text: fontRuns(addressee), fontSize: 14, margin: [0, 5, 0, 2], lineHeight: 1.15 },
              { text: fontRuns(reference), fontSize: 8 },
            ],
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 0,
      paddingRight: () => 0,
      paddingTop: () => 0,
    },
  };
}

function senderBlock({ date, sender }: CoverLetter): Content {
  return {
    absolutePosition: { x: points(SENDER.left), y: points(SENDER.top) },
    stack: [{ text: date, margin: [0, 0, 0, 10] }, ...sender],
  };
}

function body({ title, paragraphs, facts, contact }: CoverLetter): Content[] {
  return [
    { text: title, fontSize: 15, alignment: 'center', margin: [0, 0, 0, 14] },
    ...paragraphs.map((text): Content => ({ text: `　${text}`, margin: [0, 0, 0, 6] })),
    {
      margin: [0, 8, 0, 12],
      table: {
        widths: [points(32), '*'],
        body: facts.map(([label, value]) => [
          { text: label, fillColor: '#f2f2f2' },
          { text: fontRuns(value) },
        ]),
      },
      layout: {
        hLineWidth: () => 0.5,
        vLineWidth: () => 0.5,
        hLineColor: () => '#666666',
        vLineColor: () => '#666666',
        paddingTop: () => 4,
        paddingBottom: () => 3,
        paddingLeft: () => 6,
      },
    },
    { stack: contact, alignment: 'left', fontSize: 10, margin: [points(85), 4, 0, 0] },
  ];
}
