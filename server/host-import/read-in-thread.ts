import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Layout } from './layout.ts';
import type { ExtractPart } from './read-extract.ts';
import type { ThreadMessage } from './reading-thread.ts';
import { FileRefused } from './refusal.ts';

// A few runs of rows are all it ever holds; without a limit the heap would grow for want of a reason not to.
const THREAD_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 48 };

/** Reads an extract as readExtract does, in a thread of its own. Throws what that throws. */
export async function* readInThread(path: string, layout: Layout): AsyncGenerator<ExtractPart> {
  const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: { path, layout },
    resourceLimits: THREAD_LIMITS,
  });
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<
      [ThreadMessage]
    >) {
      if ('refused' in message) throw new FileRefused(message.refused);
      if ('fault' in message) throw message.fault;
      yield message.part;
      if (message.part.kind === 'end') return;
      worker.postMessage('more');
    }
  } finally {
    await worker.terminate();
  }
}
