import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  child: ChildProcess;
  url: string;
  /** What it wrote so far, log lines and all. */
  output(): string;
  /** The lines of the log so far. */
  log(): Record<string, unknown>[];
  ended: Promise<number | null>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the real server as a process of its own and waits until it listens or has ended. */
export async function startServer(
  environment: Record<string, string>,
  entry = 'server/main.ts',
): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH, APP_MODE: 'test', PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  }
  let exit: number | null | undefined;
  const ended = once(child, 'close').then(([code]) => (exit = code as number | null));
  const log = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  while (exit === undefined && !log().some(({ msg }) => msg === 'listening')) await sleep(20);
  return { child, url: `http://127.0.0.1:${port}`, output: () => text, log, ended };
}

/** Waits until `check` holds; throws when it does not within so many ms. */
export async function until(check: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error('it did not come about in time');
    await sleep(50);
  }
}
