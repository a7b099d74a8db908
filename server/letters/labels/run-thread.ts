import { parentPort, workerData } from 'node:worker_threads';
import { drawRun, type PrintedRun } from './draw-run.ts';

// The thread of render-run.ts: draws one run, then ends.

parentPort!.postMessage(await drawRun(workerData as PrintedRun));
