import { parentPort, workerData } from 'node:worker_threads';
import { drawPaper, type Paper } from './paper.ts';

// The thread of render-paper.ts: draws one list, then ends.

parentPort!.postMessage(await drawPaper(workerData as Paper));
