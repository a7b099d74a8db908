import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { freePort } from '../support/process.ts';

// From the command to the first page: `node server/main.ts` against a bare app on the same database, in turn.

const ROOT = join(import.meta.dirname, '../..');
const ASK_EVERY_MS = 2;
const ENVIRONMENT = {
  APP_MODE: 'test',
  COOKIE_SECURE: 'false',
  SESSION_SECRET: 'only for the bench, only for the bench',
};

/** npm run bench -- start [--rounds N] [--json] */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '9' }, json: { type: 'boolean', default: false } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'fnt-bench-start-'));
  try {
    const path = join(folder, 'register.sqlite');
    const db = connect(`sqlite:${path}`);
    await migrate(db, () => new Date().toISOString());
    await db.destroy();
    const took = { floor: [] as number[], system: [] as number[] };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      took.floor.push(await msToFirstPage((port) => ['test/bench/start-floor.ts', path, String(port)], '/'));
      took.system.push(
        await msToFirstPage(() => ['server/main.ts'], '/sign-in', { DATABASE_URL: `sqlite:${path}` }),
      );
    }
    const [floor, system] = [median(took.floor), median(took.system)];
    const figures = { startVsBare: Math.round((system / floor) * 100) / 100 };
    if (!values.json) console.log(`bare ${floor.toFixed(0)} ms, system ${system.toFixed(0)} ms`);
    console.log(values.json ? JSON.stringify(figures) : figures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function msToFirstPage(
  command: (port: number) => string[],
  page: string,
  environment: Record<string, string> = {},
): Promise<number> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(process.execPath, command(port), {
    cwd: ROOT,
    env: { ...process.env, ...ENVIRONMENT, ...environment, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    await answered(child, `http://127.0.0.1:${port}${page}`);
    return performance.now() - from;
  } finally {
    if (child.kill('SIGKILL')) await once(child, 'exit');
  }
}

async function answered(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.text();
    if (answer?.status === 200) return;
    if (answer !== undefined) throw new Error(`${url} was answered with ${answer.status}`);
    await sleep(ASK_EVERY_MS);
  }
  throw new Error(`ended with ${child.exitCode} before its first page`);
}

function median(all: number[]): number {
  return all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
}
