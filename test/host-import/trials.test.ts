import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failEveryCall } from '../trials/import-failing-calls.ts';
import { killAtMoments } from '../trials/import-kills.ts';
import { cutEverywhere, readMutated } from '../trials/import-mutations.ts';

// A small share of `npm run trials -- import`, with a seed of the day that the name of the test tells.

const seed = new Date().toISOString().slice(0, 10);
const folder = () => mkdtempSync(join(tmpdir(), 'fnt-trials-'));

test(`mutated extracts are refused or read right (seed ${seed})`, async () => {
  expect((await readMutated(folder(), { seed, rounds: 150 })).faults).toEqual([]);
}, 300_000);

test('an extract cut at any byte is refused', async () => {
  expect((await cutEverywhere(folder())).faults).toEqual([]);
}, 300_000);

test(`a database call that fails leaves the register before or after (seed ${seed})`, async () => {
  expect((await failEveryCall(folder(), { seed, people: 300, share: 0.2 })).faults).toEqual([]);
}, 300_000);

test(`a killed import leaves the register before or after (seed ${seed})`, async () => {
  expect((await killAtMoments(folder(), { seed, people: 300, kills: 6 })).faults).toEqual([]);
}, 300_000);
