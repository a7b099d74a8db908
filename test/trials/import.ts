import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failEveryCall } from './import-failing-calls.ts';
import { killAtMoments } from './import-kills.ts';
import { cutEverywhere, readMutated } from './import-mutations.ts';

// npm run trials -- import [--seed N] [--mutations 10000] [--kills 200] [--people 1000]
// A file cut at every byte, mutated files, a process killed at any moment, and every single database call failing once. After each
// the register is as before or as after, the record of acts is whole, and the next run needs no repair.

/** Returns 0 when nothing was found wrong. */
export async function trial(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      mutations: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '200' },
      people: { type: 'string', default: '1000' },
    },
  });
  const { seed } = values;
  console.log(`seed ${seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'fnt-trial-import-'));
  const wrong: string[] = [];
  try {
    const people = Number(values.people);
    const parts = [
      await cutEverywhere(folder),
      await readMutated(folder, { seed, rounds: Number(values.mutations) }),
      await failEveryCall(folder, { seed, people: 300 }),
      await killAtMoments(folder, { seed, people, kills: Number(values.kills) }),
    ];
    for (const { line, faults } of parts) {
      console.log(line);
      wrong.push(...faults);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const fault of wrong.slice(0, 20)) console.error(fault);
  console.log(
    `import trials, seed ${seed}: ${wrong.length === 0 ? 'nothing wrong' : `${wrong.length} wrong`}`,
  );
  return wrong.length === 0 ? 0 : 1;
}
