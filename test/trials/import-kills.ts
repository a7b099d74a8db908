import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../jobs/dummy/random.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { registerDigest, registerWithNext, restore, trialActor, trialContext } from './import-register.ts';

const ROOT = join(import.meta.dirname, '../..');
const EDGE_MS = 6;

/**
 * Kills the import job with SIGKILL at moments spread over its whole run and close around the edges of its
 * phases. After each the register is as before or as after, the record is whole, and the next run applies
 * (or finds nothing to do).
 */
export async function killAtMoments(
  folder: string,
  { seed, people, kills }: { seed: string; people: number; kills: number },
) {
  const random = createRandom(`kills/${seed}`);
  const { path: start, next, before } = await registerWithNext(folder, 'kills-start', people);
  const path = `${start}.trial`;

  restore(start, path);
  const begun = performance.now();
  await runJob(path, next);
  const wholeMs = performance.now() - begun;
  const { after, laps } = await measured(path);
  const edges = edgesOf(laps, wholeMs);

  const faults: string[] = [];
  const states = { before: 0, after: 0 };
  for (let round = 0; round < kills; round += 1) {
    restore(start, path);
    const isEdge = round % 2 === 0 && edges.length > 0;
    const moment = isEdge
      ? random.pick(edges) + (random.next() - 0.5) * 2 * EDGE_MS
      : random.next() * wholeMs;
    await runJob(path, next, Math.max(moment, 0));
    const fault = await aftermath(path, next, before, after, states);
    if (fault !== undefined) faults.push(`kill ${round} at ${moment.toFixed(0)} ms: ${fault}`);
  }
  const line = `kills: ${kills} at moments of ${wholeMs.toFixed(0)} ms, ${states.before} before, ${states.after} after, ${faults.length} wrong`;
  return { line, faults };
}

async function runJob(path: string, file: string, killAfterMs?: number): Promise<void> {
  const job = spawn(process.execPath, ['jobs/import-host-extract.ts', file], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      APP_MODE: 'test',
      DATABASE_URL: `sqlite:${path}`,
      RECEIVED_DIRECTORY: `${path}.received`,
    },
    stdio: 'ignore',
  });
  const ended = once(job, 'exit');
  if (killAfterMs !== undefined) {
    await Promise.race([sleep(killAfterMs), ended]);
    job.kill('SIGKILL');
  }
  await ended;
}

async function measured(path: string): Promise<{ after: string; laps: number[] }> {
  const { db } = trialContext(path);
  const { report } = await db
    .selectFrom('importRun')
    .select('report')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { millisecondsBy } = JSON.parse(report) as { millisecondsBy: Record<string, number> };
  const after = await registerDigest(db);
  await db.destroy();
  return { after, laps: Object.values(millisecondsBy) };
}

/** When each phase ends, in milliseconds after the start of the process, counted back from its end. */
function edgesOf(laps: readonly number[], wholeMs: number): number[] {
  let at = wholeMs - 30;
  const edges = [at];
  for (const lap of laps.toReversed()) {
    at -= lap;
    edges.push(at);
  }
  return edges.filter((edge) => edge > 0);
}

async function aftermath(
  path: string,
  file: string,
  before: string,
  after: string,
  states: { before: number; after: number },
): Promise<string | undefined> {
  const context = trialContext(path);
  try {
    const digest = await registerDigest(context.db);
    if (digest !== before && digest !== after) return 'the register is neither as before nor as after';
    states[digest === before ? 'before' : 'after'] += 1;
    const again = await importHostExtract(context, trialActor(context), file);
    const expected = digest === after ? 'nothing' : 'applied';
    if (again.outcome !== expected)
      return `the next run was ${again.outcome}, not ${expected}: ${again.reason}`;
    if ((await registerDigest(context.db)) !== after) return 'the next run left the register wrong';
    const verdict = await verifyChain(context.db);
    return verdict.whole ? undefined : `the record of acts is broken: ${verdict.problem}`;
  } finally {
    await context.db.destroy();
  }
}
