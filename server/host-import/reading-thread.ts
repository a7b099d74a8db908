import { parentPort, workerData } from 'node:worker_threads';
import type { Layout } from './layout.ts';
import { type ExtractPart, readExtract } from './read-extract.ts';
import { FileRefused } from './refusal.ts';

// The thread in which an extract is decoded, split and checked, so that the rows before are being staged
// meanwhile. Runs ahead of the other side by a few runs of rows and no more.

export type ThreadMessage = { part: ExtractPart } | { refused: string } | { fault: unknown };

const AHEAD = 3;
const port = parentPort!;
let ahead = 0;
let mayGoOn: (() => void) | undefined;

port.on('message', () => {
  ahead -= 1;
  mayGoOn?.();
});

const { path, layout } = workerData as { path: string; layout: Layout };
try {
  for await (const part of readExtract(path, layout)) {
    if (ahead >= AHEAD) await new Promise<void>((resolve) => (mayGoOn = resolve));
    ahead += 1;
    port.postMessage({ part } satisfies ThreadMessage);
  }
} catch (error) {
  port.postMessage(error instanceof FileRefused ? { refused: error.message } : { fault: error });
}
port.close();
