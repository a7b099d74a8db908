import { rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { AppContext } from '../context.ts';
import { connect } from '../db/connect.ts';
import { openLog } from '../log.ts';
import { type Answer, type Errand, nameOfRefusal } from './background.ts';
import { importHostExtract } from './run.ts';
import { failRun } from './run-row.ts';
import { undoRun } from './undo.ts';

// The thread of background.ts: one task, one connection, then the end.

const REQUEST_TIMEOUT_MS = 30 * 60_000;

async function doTask({ url, config, actor, clockOffsetMs, task }: Errand): Promise<void> {
  const context: AppContext = {
    config,
    db: connect(url, { requestTimeoutMs: REQUEST_TIMEOUT_MS }),
    clock: { now: () => new Date(Date.now() + clockOffsetMs) },
    log: openLog(config),
  };
  try {
    if (task.kind === 'undo') {
      await undoRun(context.db, actor, task);
      return;
    }
    const { path, removeAfter, kind: _, ...options } = task;
    try {
      await importHostExtract(context, actor, path, options);
    } catch (error) {
      await failRun(context, task.runId);
      throw error;
    } finally {
      if (removeAfter !== undefined) await rm(removeAfter, { recursive: true, force: true });
    }
  } finally {
    await context.db.destroy();
  }
}

let answer: Answer;
try {
  await doTask(workerData as Errand);
  answer = { done: true };
} catch (error) {
  answer = { thrown: nameOfRefusal(error) ?? 'fault', sentence: (error as Error).message };
}
parentPort!.postMessage(answer);
