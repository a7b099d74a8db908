import { drawBeside } from '../letters/draw-beside.ts';
import { drawPaper, type Paper } from './paper.ts';

/** From here on a list is drawn in a thread. */
const ROWS_FOR_A_THREAD = 500;

/** The bytes of a list as a tagged PDF; the same paper gives the same bytes. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const rows = paper.tables.reduce((sum, table) => sum + table.rows.length, 0);
  if (rows < ROWS_FOR_A_THREAD) return await drawPaper(paper);
  return await drawBeside(new URL('./paper-thread.ts', import.meta.url), paper);
}
