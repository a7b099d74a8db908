import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../jobs/dummy/random.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';
import { extractLines, readAll } from '../support/host-files.ts';
import { MUTATIONS } from './import-mutate.ts';
import { disagreement } from './import-oracle.ts';
import { newRegister, registerDigest, trialActor, trialContext } from './import-register.ts';

const PEOPLE = 25;

/**
 * Runs mutated extracts through the whole import. Each is refused, or read exactly as an independent
 * reading reads it; none fails, and none changes the register (the runs are dry).
 */
export async function readMutated(folder: string, { seed, rounds }: { seed: string; rounds: number }) {
  const random = createRandom(`mutations/${seed}`);
  const path = await newRegister(folder, 'mutations');
  const context = trialContext(path);
  const before = await registerDigest(context.db);
  const faults: string[] = [];
  const outcomes: Record<string, number> = {};
  const kinds = Object.keys(MUTATIONS);
  let lines = await extractLines(PEOPLE, 1);
  for (let round = 0; round < rounds; round += 1) {
    if (round % 200 === 199) lines = await extractLines(PEOPLE, round);
    const kind = round < kinds.length ? kinds[round]! : random.pick(kinds);
    const file = join(folder, 'FNT_20261031_01.csv');
    writeFileSync(file, MUTATIONS[kind]!(lines, random));
    const { outcome, reason } = await importHostExtract(context, trialActor(context), file, { dryRun: true });
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const fault = await judge(outcome, reason, file);
    if (fault !== undefined) faults.push(`mutation ${round} (${kind}): ${fault}`);
    if (round % 500 === 499) await context.db.deleteFrom('importRowFault').execute();
  }
  if ((await registerDigest(context.db)) !== before) faults.push('mutations changed the register');
  await context.db.destroy();
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  return { line: `mutations: ${rounds} files, ${counts.join(', ')}, ${faults.length} wrong`, faults };
}

/**
 * Cuts a small extract at every one of its bytes and line ends. Nothing short of the last line end may be read;
 * without it, all of it is.
 */
export async function cutEverywhere(folder: string) {
  const path = await newRegister(folder, 'cuts');
  const context = trialContext(path);
  const before = await registerDigest(context.db);
  const lines = await extractLines(3, 1);
  const whole = encodeCp932(lines.map((line) => `${line}\r\n`).join(''));
  const faults: string[] = [];
  for (let length = 0; length <= whole.length; length += 1) {
    const file = join(folder, 'FNT_20261031_01.csv');
    writeFileSync(file, whole.subarray(0, length));
    const { outcome, reason } = await importHostExtract(context, trialActor(context), file, { dryRun: true });
    const isWhole = length >= whole.length - '\r\n'.length;
    if ((outcome === 'refused') === isWhole) faults.push(`cut at byte ${length}: ${outcome}`);
    const fault = await judge(outcome, reason, file);
    if (fault !== undefined) faults.push(`cut at byte ${length}: ${fault}`);
  }
  if ((await registerDigest(context.db)) !== before) faults.push('cuts changed the register');
  await context.db.destroy();
  return { line: `cuts: at each of ${whole.length} bytes, ${faults.length} wrong`, faults };
}

async function judge(outcome: string, reason: string, file: string): Promise<string | undefined> {
  if (outcome === 'refused')
    return reason.includes('台帳は変わっていません') ? undefined : `a refusal that says: ${reason}`;
  if (outcome !== 'dry-run' && outcome !== 'held') return `${outcome}: ${reason}`;
  return disagreement(file, await readAll(file));
}
