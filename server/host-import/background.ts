import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Actor } from '../audit/record-event.ts';
import type { Config } from '../config.ts';
import type { AppContext } from '../context.ts';
import { originOf } from '../db/connect.ts';
import { Forbidden, Invalid, NotFound, Refused } from '../errors.ts';

// Imports that the screen starts run in a thread with a connection of its own: node:sqlite is synchronous,
// and the pages of the other clerks are not to wait for it. The page that started one may be closed.

export type Task =
  | {
      kind: 'import';
      path: string;
      fileName: string;
      runId: number;
      expectedCount: number | undefined;
      approved?: { comparison: string; sha256: string };
      /** The folder to remove afterwards: an uploaded file has been kept under its digest by then. */
      removeAfter?: string;
    }
  | { kind: 'undo'; runId: number; reason: string };

/** What the thread is given. */
export interface Errand {
  url: string;
  config: Config;
  actor: Actor;
  /** How far this process's clock is from the machine's: tests and the demo set theirs. */
  clockOffsetMs: number;
  task: Task;
}

/** What the thread answers: nothing was thrown, or the sentence of what was. */
export type Answer = { done: true } | { thrown: string; sentence: string };

const REFUSALS = { Invalid, Refused, Forbidden, NotFound };
const goingOn = new Set<Promise<void>>();

/**
 * Does a task in a thread. Ends when the thread has; throws Refused, NotFound or Invalid as the task did, an
 * Error for any fault.
 */
export async function inBackground(context: AppContext, actor: Actor, task: Task): Promise<void> {
  const { db, config, clock } = context;
  const errand: Errand = {
    url: originOf(db).url,
    config,
    actor,
    clockOffsetMs: clock.now().getTime() - Date.now(),
    task,
  };
  const running = run(errand);
  goingOn.add(running);
  try {
    await running;
  } finally {
    goingOn.delete(running);
  }
}

/** Starts a task that nobody waits for; a fault goes to the log. */
export function startInBackground(context: AppContext, actor: Actor, task: Task): void {
  inBackground(context, actor, task).catch((error: unknown) =>
    context.log.error({ err: error }, 'a background import failed'),
  );
}

/** Waits until nothing is going on in threads of this process. */
export async function settleBackground(): Promise<void> {
  while (goingOn.size > 0) await Promise.allSettled(goingOn);
}

async function run(errand: Errand): Promise<void> {
  const worker = new Worker(new URL('./background-thread.ts', import.meta.url), { workerData: errand });
  let answer: Answer = { thrown: 'fault', sentence: 'the thread ended without an answer' };
  worker.on('message', (told: Answer) => {
    answer = told;
  });
  await once(worker, 'exit');
  if ('done' in answer) return;
  if (answer.thrown === 'Invalid') throw new Invalid({ reason: answer.sentence });
  const Known = { Refused, Forbidden, NotFound }[answer.thrown] as typeof Refused | undefined;
  throw Known === undefined ? new Error(answer.sentence) : new Known(answer.sentence);
}

/** The name under which a refusal crosses from the thread; undefined for a fault. */
export function nameOfRefusal(error: unknown): string | undefined {
  return Object.entries(REFUSALS).find(([, Kind]) => error instanceof Kind)?.[0];
}
