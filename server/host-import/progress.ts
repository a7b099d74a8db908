import type { AppContext } from '../context.ts';
import { noteProgress } from './run-row.ts';

const EVERY_MS = 500;

/** The share of a run that is over when its file has been read; comparing and applying are the rest. */
export const READ_PERCENT = 80;
export const COMPARE_PERCENT = 85;

export interface Progress {
  show(percent: number): void;
  /** Waits until what was shown has been written, so that the run row is free for its closing. */
  settle(): Promise<void>;
}

/**
 * Keeps the run row's progress, at most twice a second, beside the work. A figure that cannot be written
 * is let go: progress is never a reason for a run to fail.
 */
export function keepProgress({ db, clock, log }: AppContext, runId: number): Progress {
  let shownAt = 0;
  let writing: Promise<void> = Promise.resolve();
  return {
    show(percent) {
      const now = performance.now();
      if (now - shownAt < EVERY_MS && percent < COMPARE_PERCENT) return;
      shownAt = now;
      writing = writing
        .then(() => noteProgress(db, runId, Math.floor(percent), clock.now().toISOString()))
        .catch((error: unknown) => log.warn({ err: error, runId }, 'progress not written'));
    },
    settle: () => writing,
  };
}
