import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// Drawing keeps a thread busy without a pause, so that what takes long is drawn beside the server: one PDF after the
// other, since each takes up to some hundred MB. Opening the fonts costs a thread 0.3 s.

// A day of 30,000 acts takes some 600 MB. What takes more fails, and nothing else does.
const MEMORY = { maxOldGenerationSizeMb: 1024 } as const;

let before: Promise<unknown> = Promise.resolve();

/** The PDF that a script draws of `data` in a thread of its own, which posts its bytes. */
export async function drawBeside(script: URL, data: unknown): Promise<Buffer> {
  const drawn = before.then(() => drawInThread(script, data));
  before = drawn.catch(() => undefined);
  return await drawn;
}

async function drawInThread(script: URL, workerData: unknown): Promise<Buffer> {
  const thread = new Worker(script, { workerData, resourceLimits: MEMORY });
  const ended = new AbortController();
  thread.once('exit', () => ended.abort(new Error('the thread ended without a PDF')));
  try {
    const [bytes] = (await once(thread, 'message', { signal: ended.signal })) as [Uint8Array];
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } finally {
    await thread.terminate();
  }
}
