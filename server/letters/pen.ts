import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { MunicipalityFont } from '../config.ts';
import { fontBytes } from './fonts.ts';
import { type Glyph, glyphsOf } from './glyphs.ts';
import { points } from './layout.ts';

// Draws on the pages of a PDF: pdfkit's document, fonts, pages and structure, but text that is already broken into
// lines and measured is written straight into the page. Positions are mm from the upper left corner of the sheet.

/** What pdfkit keeps of an embedded font beside its public face. */
interface EmbeddedFont {
  id: string;
  subset: { includeGlyph(id: number): number };
  widths: number[];
  unicode: number[][];
  ref(): unknown;
}

export interface PdfFacts {
  title: string;
  author: string;
  /** Stands in the PDF, so that the same content at another time gives the same bytes. */
  createdAt: Date;
  ownFont: MunicipalityFont;
}

export type Tag = 'H1' | 'P' | 'TH' | 'TD';
/** An element of the reading order with elements inside it. */
export type Group = 'Sect' | 'Table' | 'TR';

interface Encoded {
  fontId: string;
  hex: string;
  /** In em from the start of the text. */
  start: number;
  underlines: [from: number, to: number][];
}

export interface Pen {
  addPage(widthMm: number, heightMm: number): void;
  /** One line of text with its baseline at `top` mm; `size` in points. Every character has a glyph (see characters.ts). */
  text(text: string, left: number, top: number, size: number): void;
  line(x1: number, y1: number, x2: number, y2: number, width?: number, grey?: number): void;
  frame(left: number, top: number, width: number, height: number, grey: number): void;
  box(left: number, top: number, width: number, height: number, grey: number): void;
  /** Puts what `draw` draws into the reading order. */
  tagged(tag: Tag, draw: () => void): void;
  /** Draws what nobody reads aloud: fold marks, rules, bars. */
  artifact(draw: () => void): void;
  group(kind: Group, draw: () => void): void;
  /** Ends the document; the bytes have left when this resolves. */
  finish(): Promise<void>;
}

/** Loaded with the first document: a server that draws none starts without it. */
const pdfkit = (): typeof import('pdfkit') => createRequire(import.meta.url)('pdfkit');

/** Begins a tagged PDF in Japanese whose bytes go to `output`. */
export function beginPdf(output: NodeJS.WritableStream, facts: PdfFacts): Pen {
  const doc = new (pdfkit())({
    autoFirstPage: false,
    font: null as never,
    pdfVersion: '1.7',
    lang: 'ja',
    tagged: true,
    displayTitle: true,
    info: {
      Title: facts.title,
      Author: facts.author,
      CreationDate: facts.createdAt,
      Producer: 'pdfkit',
      Creator: facts.author,
    },
  });
  const finished = once(output, 'finish');
  doc.pipe(output);

  const fonts = new Map<string, EmbeddedFont>();
  const encoded = new Map<string, Encoded[]>();
  let pageFonts = new Set<string>();
  let pageHeight = 0;
  const open: { add(child: unknown): unknown; end(): unknown }[] = [];

  const fontOf = (file: string): EmbeddedFont => {
    let font = fonts.get(file);
    if (font === undefined) {
      doc.font(fontBytes(file) as never);
      font = (doc as unknown as { _font: EmbeddedFont })._font;
      fonts.set(file, font);
    }
    return font;
  };

  const encode = (text: string): Encoded[] => {
    const runs: Encoded[] = [];
    let at = 0;
    let file = '';
    for (const glyph of glyphsOf(text, facts.ownFont)) {
      if (glyph === undefined) throw new RangeError('a character has no glyph');
      if (glyph.fontFile !== file) {
        file = glyph.fontFile;
        runs.push({ fontId: fontOf(file).id, hex: '', start: at, underlines: [] });
      }
      const run = runs.at(-1)!;
      run.hex += include(fontOf(file), glyph);
      if (glyph.isStandIn) run.underlines.push([at, at + glyph.advance]);
      at += glyph.advance;
    }
    return runs;
  };

  const write = (operators: string) => doc.addContent(operators);
  const mm = (value: number) => round(points(value));
  const up = (top: number) => round(pageHeight - points(top));

  return {
    addPage(widthMm, heightMm) {
      doc.addPage({ size: [points(widthMm), points(heightMm)], margin: 0 });
      // pdfkit turns the page upside down for its own drawing; here PDF's own axes are used.
      write('1 0 0 -1 0 '.concat(String(round(points(heightMm))), ' cm'));
      pageHeight = points(heightMm);
      pageFonts = new Set();
    },
    text(text, left, top, size) {
      const runs = encoded.get(text) ?? encode(text);
      encoded.set(text, runs);
      for (const { fontId, hex, start, underlines } of runs) {
        if (!pageFonts.has(fontId)) {
          pageFonts.add(fontId);
          const font = [...fonts.values()].find(({ id }) => id === fontId)!;
          (doc.page as unknown as { fonts: Record<string, unknown> }).fonts[fontId] = font.ref();
        }
        const x = round(points(left) + start * size);
        write(`BT /${fontId} ${size} Tf ${x} ${up(top)} Td <${hex}> Tj ET`);
        for (const [from, to] of underlines) {
          const y = round(pageHeight - points(top) - size * 0.14);
          write(
            `0.5 w 0 G ${round(points(left) + from * size)} ${y} m ${round(points(left) + to * size)} ${y} l S`,
          );
        }
      }
    },
    line(x1, y1, x2, y2, width = 0.2, grey = 0) {
      write(`${mm(width)} w ${grey} G ${mm(x1)} ${up(y1)} m ${mm(x2)} ${up(y2)} l S`);
    },
    frame(left, top, width, height, grey) {
      write(`0.4 w ${grey} G ${mm(left)} ${up(top + height)} ${mm(width)} ${mm(height)} re S`);
    },
    box(left, top, width, height, grey) {
      write(`${grey} g ${mm(left)} ${up(top + height)} ${mm(width)} ${mm(height)} re f 0 g`);
    },
    tagged(tag, draw) {
      const content = doc.markStructureContent(tag);
      draw();
      doc.endMarkedContent();
      const element = doc.struct(tag, {}, [content]);
      open.at(-1)!.add(element);
    },
    artifact(draw) {
      doc.markContent('Artifact');
      draw();
      doc.endMarkedContent();
    },
    group(kind, draw) {
      const element = doc.struct(kind);
      const parent = open.at(-1);
      if (parent === undefined) doc.addStructure(element);
      else parent.add(element);
      open.push(element as never);
      draw();
      open.pop();
      if (parent === undefined) element.end();
    },
    async finish() {
      doc.end();
      await finished;
    },
  };
}

function include(font: EmbeddedFont, glyph: Glyph): string {
  const id = font.subset.includeGlyph(glyph.id);
  font.widths[id] ??= glyph.advance * 1000;
  font.unicode[id] ??= glyph.codePoints;
  return id.toString(16).padStart(4, '0');
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
