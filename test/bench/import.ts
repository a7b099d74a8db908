import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';

// The import against its floor: the whole file decoded, split and inserted into an indexed table in one
// transaction, unchecked. Each load in a process of its own, floor and system in turn, medians.

interface Load {
  ms: number;
  peakMiB: number;
}

/** npm run bench -- import [--people N] [--rounds N] [--tenfold false] [--json] */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      people: { type: 'string', default: '89086' },
      rounds: { type: 'string', default: '3' },
      tenfold: { type: 'string', default: 'true' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'fnt-bench-'));
  try {
    const people = Number(values.people);
    const once = await measure(folder, people, Number(values.rounds));
    const tenfold = values.tenfold === 'true' ? await measure(folder, people * 10, 1) : undefined;
    const figures = {
      firstLoadVsFloor: once.first.ms / once.floor.ms,
      churnVsFloor: once.churn.ms / once.floor.ms,
      tenfoldTime: tenfold === undefined ? null : tenfold.first.ms / once.first.ms,
      peakMiB: Math.max(
        ...[once, tenfold].flatMap((one) => (one ? [one.first.peakMiB, one.churn.peakMiB] : [])),
      ),
    };
    if (values.json) console.log(JSON.stringify(rounded(figures)));
    else print(people, once, tenfold, figures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, people: number, rounds: number) {
  const first = await writeFirstExtract({
    people,
    seed: 1,
    baseOn: '2026-09-30',
    directory: folder,
    number: '01',
  });
  const next = await writeNextExtract({ after: first.file, seed: 2, directory: folder, number: '01' });
  const loads = { floor: [] as Load[], first: [] as Load[], churn: [] as Load[] };
  for (let round = 0; round < rounds; round += 1) {
    const path = join(folder, `${people}-${round}`);
    loads.floor.push(load('floor', `${path}-floor.sqlite`, first.file));
    loads.first.push(load('system', `${path}.sqlite`, first.file));
    loads.churn.push(load('system', `${path}.sqlite`, next.file));
  }
  return { floor: median(loads.floor), first: median(loads.first), churn: median(loads.churn) };
}

function load(what: 'floor' | 'system', database: string, file: string): Load {
  const script = join(import.meta.dirname, 'import-once.ts');
  return JSON.parse(
    execFileSync(process.execPath, [script, what, database, file], { encoding: 'utf8' }),
  ) as Load;
}

function median(loads: Load[]): Load {
  return loads.sort((a, b) => a.ms - b.ms)[Math.floor((loads.length - 1) / 2)]!;
}

function rounded(figures: Record<string, number | null>) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      value === null ? null : Math.round(value * 100) / 100,
    ]),
  );
}

function print(
  people: number,
  once: Awaited<ReturnType<typeof measure>>,
  tenfold: Awaited<ReturnType<typeof measure>> | undefined,
  figures: Record<string, number | null>,
): void {
  const row = (what: string, { ms, peakMiB }: Load, floor: Load) =>
    console.log(
      `${what.padEnd(34)} ${(ms / 1000).toFixed(2).padStart(8)} s ${(ms / floor.ms).toFixed(2).padStart(7)} × floor ${peakMiB.toFixed(0).padStart(6)} MiB`,
    );
  for (const [count, one] of [
    [people, once],
    [people * 10, tenfold],
  ] as const) {
    if (one === undefined) continue;
    row(`${count} people: floor`, one.floor, one.floor);
    row(`${count} people: first load`, one.first, one.floor);
    row(`${count} people: next half-month`, one.churn, one.floor);
  }
  console.log(rounded(figures));
}
