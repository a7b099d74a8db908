import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { drawPaper, type Paper } from './paper.ts';

/** From here on a list is drawn in a thread, so that the server goes on answering; opening the fonts there costs 0.3 s. */
const ROWS_FOR_A_THREAD = 500;
// A day of 30,000 acts takes some 600 MB while it is drawn. A list that takes more fails, and nothing else does.
const THREAD_MEMORY = { maxOldGenerationSizeMb: 1024 } as const;

let before: Promise<unknown> = Promise.resolve();

/** The bytes of a list as a tagged PDF; the same paper gives the same bytes. Long lists are drawn one after the other. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const rows = paper.tables.reduce((sum, table) => sum + table.rows.length, 0);
  if (rows < ROWS_FOR_A_THREAD) return await drawPaper(paper);
  const drawn = before.then(() => drawInThread(paper));
  before = drawn.catch(() => undefined);
  return await drawn;
}

async function drawInThread(paper: Paper): Promise<Buffer> {
  const script = new URL('./paper-thread.ts', import.meta.url);
  const thread = new Worker(script, { workerData: paper, resourceLimits: THREAD_MEMORY });
  try {
    const [bytes] = (await once(thread, 'message')) as [Uint8Array];
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } finally {
    await thread.terminate();
  }
}
