import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { freePort } from '../support/process.ts';
import { prepareRegister, type Sample, signIn } from './lookup-register.ts';

// The lookup page of telephone mode (session, rights, form token, folded-kana search, verdict, its audit row
// committed) against a bare Express and EJS page with one indexed lookup, in turn, in one run.

interface Figures {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  longest: number;
  statuses: Record<string, number>;
}

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'only for the bench, only for the bench';

/** npm run bench -- lookup [--people N] [--rounds N] [--seconds N] [--tenfold false] [--json] */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      people: { type: 'string', default: '89086' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '50' },
      tenfold: { type: 'string', default: 'true' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'fnt-bench-lookup-'));
  const [people, rounds] = [Number(values.people), Number(values.rounds)];
  const [seconds, connections] = [Number(values.seconds), Number(values.connections)];
  const told = (line: string) => void (values.json || console.log(line));
  try {
    const once = await measure(folder, people, { rounds, seconds, connections }, told);
    const tenfold =
      values.tenfold === 'true'
        ? await measure(folder, people * 10, { rounds, seconds, connections }, told)
        : undefined;
    const figures = {
      throughputVsBare: once.real.perSecond / once.floor.perSecond,
      p99VsBare: once.real.p99 / once.floor.p99,
      tenfoldTime: tenfold === undefined ? null : once.real.perSecond / tenfold.real.perSecond,
      p95DuringImportVsQuiet: once.busy.p95 / once.real.p95,
    };
    const rounded = Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [
        name,
        value === null ? null : Math.round(value * 100) / 100,
      ]),
    );
    console.log(values.json ? JSON.stringify(rounded) : rounded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Size {
  rounds: number;
  seconds: number;
  connections: number;
}

async function measure(folder: string, people: number, size: Size, told: (line: string) => void) {
  const register = await prepareRegister(folder, people);
  const floors: Figures[] = [];
  const reals: Figures[] = [];
  const [floorPort, port] = [await freePort(), await freePort()];
  const floor = await start(['test/bench/lookup-floor.ts', register.path, String(floorPort)], {});
  const real = await start(['server/main.ts'], {
    ...register.environment,
    PORT: String(port),
    SESSION_SECRET: SECRET,
  });
  try {
    const bare = register.samples.map(({ residentNumber }) => get(`/people/${residentNumber}`));
    const lookups = await lookupsOf(port, register.accounts, register.samples);
    await load({ port: floorPort, requests: bare, ...size, seconds: 1 });
    await load({ port, requests: lookups, ...size, seconds: 6 });
    for (let round = 0; round < size.rounds; round += 1) {
      floors.push(await load({ port: floorPort, requests: bare, ...size }));
      reals.push(await load({ port, requests: lookups, ...size }));
    }
    const busy = await duringImport(register, { port, requests: lookups, ...size });
    const figures = { floor: median(floors), real: median(reals), busy };
    for (const [what, one] of Object.entries(figures)) told(row(`${people} people: ${what}`, one));
    return figures;
  } finally {
    floor.kill();
    real.kill();
    await Promise.all([floor, real].map(async (one) => one.exitCode ?? (await once(one, 'exit'))));
  }
}

type Register = Awaited<ReturnType<typeof prepareRegister>>;

/** Lookups while the next half-month's file is imported by the job, from its start to its end. */
async function duringImport(register: Register, order: Order): Promise<Figures> {
  const importing = spawn(process.execPath, ['jobs/import-host-extract.ts', await register.nextFile()], {
    cwd: ROOT,
    env: { ...process.env, ...register.environment },
    stdio: 'ignore',
  });
  const [figures, code] = await Promise.all([
    load({ ...order, seconds: 600 }, once(importing, 'exit')),
    once(importing, 'exit').then(([exitCode]) => exitCode as number),
  ]);
  if (code !== 0) throw new Error(`the import beside the load ended with ${code}`);
  return figures;
}

interface Order {
  port: number;
  connections: number;
  seconds: number;
  requests: string[];
}

async function load(order: Order, until?: Promise<unknown>): Promise<Figures> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(order));
  void until?.then(() => child.kill('SIGTERM'));
  const figures = JSON.parse(await text(child.stdout)) as Figures;
  const others = Object.keys(figures.statuses).filter((status) => status !== '200');
  if (others.length > 0) throw new Error(`not every page was answered: ${JSON.stringify(figures.statuses)}`);
  return figures;
}

/** Lookups by full kana and birth date, each account's in its own session, as bytes on the wire. */
async function lookupsOf(port: number, accounts: Register['accounts'], samples: readonly Sample[]) {
  const sessions = await Promise.all(accounts.map((account) => signIn(port, account)));
  return samples.map((sample, at) => {
    const { cookie, csrf } = sessions[at % sessions.length]!;
    const body = new URLSearchParams({
      _csrf: csrf,
      officeCode: '03',
      caller: '',
      terms: `${sample.kana} ${sample.birth}`,
    }).toString();
    return [
      'POST /lookup HTTP/1.1',
      'Host: 127.0.0.1',
      `Cookie: ${cookie}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  });
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
}

/** Starts a server and waits until it says that it listens. */
async function start(args: string[], environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const hear = (part: Buffer) => {
      said += part;
      if (said.includes('listening')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(said)));
  });
  child.stdout.removeAllListeners('data').resume();
  child.stderr.removeAllListeners('data').resume();
  return child;
}

function median(figures: Figures[]): Figures {
  return figures.sort((a, b) => a.perSecond - b.perSecond)[Math.floor((figures.length - 1) / 2)]!;
}

function row(what: string, { perSecond, p50, p95, p99, longest }: Figures): string {
  const ms = [p50, p95, p99, longest].map((one) => one.toFixed(1).padStart(8));
  return `${what.padEnd(26)} ${perSecond.toFixed(0).padStart(7)}/s  p50, p95, p99, longest, ms: ${ms.join('')}`;
}
