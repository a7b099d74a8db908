import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import type { MunicipalityFont } from '../config.ts';
import { MISSING } from '../letters/fonts.ts';
import { charactersOf, findGlyph, widthInEm } from '../letters/glyphs.ts';
import { MM_PER_POINT } from '../letters/layout.ts';
import { beginPdf, type Pen } from '../letters/pen.ts';

// Lists on paper: A4 landscape, the headings of the columns on every page, drawn row by row without a layout
// engine, so that a day of 30,000 acts is a matter of seconds. Lengths are mm, type sizes points.

const SHEET = { width: 297, height: 210 } as const;
const MARGIN = { left: 12, top: 12, bottom: 16 } as const;
const FOOT_TOP = SHEET.height - 8;
const TITLE = 15;
const TEXT = 9;
const SMALL = 8;
const LEADING = 1.35;
const BASELINE = 0.88;
const PAD = { across: 1.2, down: 0.7 } as const;
/** A longer table is read row by row: marking each of its cells would make up most of the file and of the memory. */
const MOST_ROWS_OF_CELLS = 2000;
const STAMP = { width: 44, height: 20 } as const;

/** All columns of a table together; a narrower one leaves room on the right. */
export const PAPER_WIDTH = SHEET.width - 2 * MARGIN.left;

export interface PaperColumn {
  heading: string;
  /** mm */
  width: number;
  isNumber?: boolean;
}

export interface PaperTable {
  caption: string;
  columns: readonly PaperColumn[];
  rows: readonly (readonly string[])[];
}

export interface Paper {
  title: string;
  author: string;
  /** Conditions and counts, under the title. */
  head: readonly string[];
  /** Boxes for who confirmed the list, empty ones to be stamped by hand. */
  stamps: readonly { label: string; lines: readonly string[] }[];
  tables: readonly PaperTable[];
  /** Stands at the foot of every page, before the page number. */
  foot: string;
  createdAt: Date;
  ownFont: MunicipalityFont;
}

type Draw = (pen: Pen) => void;
interface Page {
  top: number;
  parts: Draw[];
}

/** The bytes of a list as a tagged PDF; the same paper gives the same bytes. Long ones: see render-paper.ts. */
export async function drawPaper(paper: Paper): Promise<Buffer> {
  const pages = layOut(paper);
  const { title, author, createdAt, ownFont } = paper;
  const stream = new PassThrough();
  const bytes = buffer(stream);
  const pen = beginPdf(stream, { title, author, createdAt, ownFont });
  for (const [at, page] of pages.entries()) {
    pen.addPage(SHEET.width, SHEET.height);
    pen.group('Sect', () => {
      for (const draw of page.parts) draw(pen);
    });
    pen.artifact(() => drawFoot(pen, paper, `${at + 1} / ${pages.length}`));
    await setImmediate();
  }
  await pen.finish();
  return await bytes;
}

/** Decides what stands on which page, so that the last page's number is known on the first. */
function layOut(paper: Paper): Page[] {
  const { ownFont } = paper;
  const pages: Page[] = [{ top: MARGIN.top, parts: [] }];
  drawHead(paper, pages[0]!);
  for (const { caption, columns, rows } of paper.tables) {
    const headings = cellsOf(
      columns.map(({ heading }) => heading),
      columns,
      ownFont,
    );
    const bodies = rows.map((row) => cellsOf(row, columns, ownFont));
    const room = (needed: number) => pages.at(-1)!.top + needed <= SHEET.height - MARGIN.bottom;
    const areCellsMarked = rows.length <= MOST_ROWS_OF_CELLS;
    let waiting = bodies;
    let isFirst = true;
    while (isFirst || waiting.length > 0) {
      const captionHeight = lineHeight(TEXT + 1) + PAD.down;
      if (!room(captionHeight + headings.height + (waiting[0]?.height ?? 0)))
        pages.push({ top: MARGIN.top, parts: [] });
      const page = pages.at(-1)!;
      const text = drawable(isFirst ? caption : `${caption}（続き）`, ownFont);
      const captionTop = page.top;
      page.top += captionHeight;
      const placed: { row: Cells; top: number; isHeading: boolean }[] = [];
      for (const [at, row] of [headings, ...waiting].entries()) {
        if (at > 1 && !room(row.height)) break;
        placed.push({ row, top: page.top, isHeading: at === 0 });
        page.top += row.height;
      }
      waiting = waiting.slice(placed.length - 1);
      page.top += 3;
      page.parts.push((pen) => {
        pen.tagged('P', () => put(pen, text, MARGIN.left, captionTop, TEXT + 1));
        const draw = () => {
          for (const one of placed) drawRow(pen, one, columns, ownFont, areCellsMarked);
        };
        if (areCellsMarked) pen.group('Table', draw);
        else draw();
      });
      isFirst = false;
    }
  }
  return pages;
}

interface Cells {
  lines: string[][];
  height: number;
}

function cellsOf(
  texts: readonly string[],
  columns: readonly PaperColumn[],
  ownFont: MunicipalityFont,
): Cells {
  const lines = columns.map(({ width }, at) =>
    wrap(drawable(texts[at] ?? '', ownFont), (width - 2 * PAD.across) / MM_PER_POINT / TEXT, ownFont),
  );
  const most = Math.max(1, ...lines.map(({ length }) => length));
  return { lines, height: most * lineHeight(TEXT) + 2 * PAD.down };
}

function drawRow(
  pen: Pen,
  { row, top, isHeading }: { row: Cells; top: number; isHeading: boolean },
  columns: readonly PaperColumn[],
  ownFont: MunicipalityFont,
  areCellsMarked: boolean,
): void {
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  pen.artifact(() => {
    if (isHeading) pen.box(MARGIN.left, top, width, row.height, 0.92);
    const bottom = top + row.height;
    pen.line(MARGIN.left, bottom, MARGIN.left + width, bottom, isHeading ? 0.3 : 0.1, isHeading ? 0 : 0.6);
  });
  const drawCells = (mark: (draw: () => void) => void) => {
    let left: number = MARGIN.left;
    for (const [at, { width: across, isNumber }] of columns.entries()) {
      const [from, to] = [left + PAD.across, left + across - PAD.across];
      mark(() => {
        for (const [line, text] of row.lines[at]!.entries()) {
          const start = isNumber ? to - widthInEm(text, ownFont) * TEXT * MM_PER_POINT : from;
          put(pen, text, start, top + PAD.down + line * lineHeight(TEXT), TEXT);
        }
      });
      left += across;
    }
  };
  if (areCellsMarked) pen.group('TR', () => drawCells((draw) => pen.tagged(isHeading ? 'TH' : 'TD', draw)));
  else pen.tagged('P', () => drawCells((draw) => draw()));
}

function drawHead(paper: Paper, page: Page): void {
  const { title, head, stamps, ownFont } = paper;
  const stampsWidth = stamps.length * STAMP.width;
  const width = (PAPER_WIDTH - stampsWidth - 4) / MM_PER_POINT / TEXT;
  const lines = head.flatMap((line) => wrap(drawable(line, ownFont), width, ownFont));
  page.parts.push((pen) => {
    pen.tagged('H1', () => put(pen, drawable(title, ownFont), MARGIN.left, MARGIN.top, TITLE));
    pen.tagged('P', () => {
      for (const [at, line] of lines.entries())
        put(pen, line, MARGIN.left, MARGIN.top + lineHeight(TITLE) + at * lineHeight(TEXT), TEXT);
    });
    for (const [at, stamp] of stamps.entries()) drawStamp(pen, stamp, at - stamps.length, ownFont);
  });
  const textHeight = lineHeight(TITLE) + lines.length * lineHeight(TEXT);
  page.top += Math.max(textHeight, stamps.length > 0 ? STAMP.height : 0) + 3;
}

function drawStamp(
  pen: Pen,
  stamp: Paper['stamps'][number],
  fromRight: number,
  ownFont: MunicipalityFont,
): void {
  const left = SHEET.width - MARGIN.left + fromRight * STAMP.width;
  pen.artifact(() => pen.frame(left, MARGIN.top, STAMP.width, STAMP.height, 0.4));
  pen.tagged('P', () => {
    for (const [at, line] of [stamp.label, ...stamp.lines].entries())
      put(pen, drawable(line, ownFont), left + 2, MARGIN.top + 1 + at * lineHeight(TEXT), TEXT);
  });
}

function drawFoot(pen: Pen, { foot, ownFont }: Paper, number: string): void {
  put(pen, drawable(foot, ownFont), MARGIN.left, FOOT_TOP - lineHeight(SMALL), SMALL);
  const width = widthInEm(number, ownFont) * SMALL * MM_PER_POINT;
  put(pen, number, SHEET.width - MARGIN.left - width, FOOT_TOP - lineHeight(SMALL), SMALL);
}

/** One line whose box begins at `top`. */
function put(pen: Pen, text: string, left: number, top: number, size: number): void {
  if (text === '') return;
  pen.text(text, left, top + size * (BASELINE + (LEADING - 1) / 2) * MM_PER_POINT, size);
}

const lineHeight = (size: number) => size * LEADING * MM_PER_POINT;

/** A text in which every character has a glyph: 〓 for one that has none. */
function drawable(text: string, ownFont: MunicipalityFont): string {
  return charactersOf(text)
    .map((character) => (findGlyph(character, ownFont) === undefined ? MISSING : character))
    .join('');
}

/** Breaks a text into lines of at most `width` em, between any two characters: cells are too narrow for more. */
function wrap(text: string, width: number, ownFont: MunicipalityFont): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of charactersOf(text)) {
    const { advance } = findGlyph(character, ownFont)!;
    if (used + advance > width && line !== '') {
      lines.push(line);
      [line, used] = ['', 0];
    }
    line += character;
    used += advance;
  }
  return [...lines, line];
}
