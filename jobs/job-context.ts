import { randomUUID } from 'node:crypto';
import { constants, hostname, setPriority } from 'node:os';
import type { Actor } from '../server/audit/record-event.ts';
import { systemClock } from '../server/clock.ts';
import { ConfigFault, readConfig } from '../server/config.ts';
import type { AppContext } from '../server/context.ts';
import { connect } from '../server/db/connect.ts';
import { describeError, openLog } from '../server/log.ts';
import { DEPARTMENT } from '../server/offices/queries.ts';

// An import on SQL Server may take a single statement far longer than a page ever should.
const JOB_REQUEST_TIMEOUT_MS = 30 * 60_000;

/** The context of a job, from the environment. */
export function openJobContext(): AppContext {
  const config = readConfig(process.env);
  return {
    config,
    db: connect(config.databaseUrl, { requestTimeoutMs: JOB_REQUEST_TIMEOUT_MS }),
    clock: systemClock,
    log: openLog(config),
  };
}

/** The actor that a job's events carry. */
export function jobActor(name: string, at: Date): Actor {
  const terminal = hostname().slice(0, 64);
  return {
    accountId: null,
    name: `job:${name}`,
    officeCode: DEPARTMENT,
    terminal,
    requestId: randomUUID(),
    at,
  };
}

/** Runs a job to its exit code; a fault of the settings or of the program is told on stderr, without values of rows, and gives 1. */
export async function runJob(job: () => Promise<number>): Promise<void> {
  // Whoever waits at a desk comes before a job on the same processors.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    process.exitCode = await job();
  } catch (error) {
    const isPlain = error instanceof ConfigFault || (error as { status?: number }).status !== undefined;
    console.error(isPlain ? (error as Error).message : describeError(error));
    process.exitCode = 1;
  }
}
