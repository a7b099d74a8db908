import { getDocument, OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadPdf {
  pages: number;
  /** All text in reading order, without line ends. */
  text: string;
  title: string;
  language: string;
  isTagged: boolean;
  /** The fonts of the first page; one that is not embedded would be drawn with whatever the reader's machine has. */
  fonts: { name: string; isEmbedded: boolean }[];
  /** Each piece of text on the first page with its place, in millimetres from the upper left corner. */
  pieces: { text: string; left: number; top: number; width: number; height: number; font: string }[];
}

const MM_PER_POINT = 25.4 / 72;

/** Reads a PDF back, as a machine that reads it aloud would. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const texts: string[] = [];
  const pieces: ReadPdf['pieces'] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent({ includeMarkedContent: true });
    for (const item of items) {
      if (!('str' in item)) continue;
      texts.push(item.str);
      if (number > 1 || item.str === '') continue;
      const [, , , , x, y] = item.transform as number[];
      pieces.push({
        text: item.str,
        left: x! * MM_PER_POINT,
        top: (height - y! - item.height) * MM_PER_POINT,
        width: item.width * MM_PER_POINT,
        height: item.height * MM_PER_POINT,
        font: item.fontName,
      });
    }
  }
  const { info } = await document.getMetadata();
  const marks = (await document.getMarkInfo()) as unknown as ReadonlyMap<string, boolean> | null;
  const isTagged = marks?.get('Marked') === true;
  const fonts = await fontsOf(await document.getPage(1));
  const { Title = '', Language = '' } = info as { Title?: string; Language?: string };
  return {
    pages: document.numPages,
    text: texts.join(''),
    title: Title,
    language: Language,
    isTagged,
    fonts,
    pieces,
  };
}

async function fontsOf(page: PDFPageProxy): Promise<ReadPdf['fonts']> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const names = new Set<string>();
  fnArray.forEach((operator, at) => {
    if (operator === OPS.setFont) names.add(argsArray[at][0] as string);
  });
  return [...names].map((id) => {
    const font = page.commonObjs.get(id) as { name: string; missingFile?: boolean };
    return { name: font.name, isEmbedded: font.missingFile !== true };
  });
}
