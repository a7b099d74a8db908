import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { makeBatch } from '../../server/letters/batches/make-batch.ts';

// A batch of letters, from the register to files with their hashes (numbers drawn, letters kept, each in the record of
// acts), against raw pdfkit that only draws; and one letter as a clerk prints it, from the click to the whole PDF in the
// browser, through the whole application. Each in a process of its own, in turn, medians.

interface Measured {
  ms: number;
  firstFileMs: number;
  peakMiB: number;
}

const DAY = '2026-04-01';

export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      letters: { type: 'string', default: '5000' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const letters = Number(values.letters);
  const folder = mkdtempSync(join(tmpdir(), 'fnt-bench-letters-'));
  try {
    const floors: Measured[] = [];
    const batches: Measured[] = [];
    const singles: Measured[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const database = join(folder, `${round}.sqlite`);
      const batchId = await prepare(database, letters);
      singles.push(measure('single', database, folder, batchId, letters));
      floors.push(measure('floor', database, folder, batchId, letters));
      batches.push(measure('batch', database, join(folder, `files-${round}`), batchId, letters));
    }
    const floorMs = median(floors.map(({ ms }) => ms));
    const batchMs = median(batches.map(({ ms }) => ms));
    const result = {
      batchVsPdfkit: round(floorMs / batchMs),
      perSecond: Math.round((letters / batchMs) * 1000),
      peakMiB: Math.round(Math.max(...batches.map(({ peakMiB }) => peakMiB))),
      firstFileSeconds: round(median(batches.map(({ firstFileMs }) => firstFileMs)) / 1000),
      singleLetterMs: round(median(singles.map(({ ms }) => ms))),
    };
    if (values.json) console.log(JSON.stringify({ letters: result }));
    else {
      console.table({
        'raw pdfkit': { 'letters/s': Math.round((letters / floorMs) * 1000), '× raw pdfkit': 1 },
        batch: { 'letters/s': result.perSecond, '× raw pdfkit': result.batchVsPdfkit },
      });
      console.log(
        `${letters} letters: peak ${result.peakMiB} MiB, first file after ${result.firstFileSeconds} s; one letter ${result.singleLetterMs} ms (warm)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(what: string, database: string, folder: string, batchId: number, letters: number): Measured {
  const script = join(import.meta.dirname, 'letters-once.ts');
  const given = [script, what, database, folder, String(batchId), String(letters)];
  return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8' })) as Measured;
}

const NAMES = '一乙二三太花美幸雪夏秋冬春海山川空風鈴桜梅松竹';
const ROWS_AN_INSERT = 200;

/** A register of so many people with a pass by post, and the batch of their letters. */
async function prepare(path: string, letters: number): Promise<number> {
  const db = connect(`sqlite:${path}`);
  try {
    const createdAt = `${DAY}T00:00:00.000Z`;
    await migrate(db, () => createdAt);
    for (let from = 1; from <= letters; from += ROWS_AN_INSERT) {
      const ids = Array.from(
        { length: Math.min(ROWS_AN_INSERT, letters - from + 1) },
        (_unused, at) => from + at,
      );
      await inTransaction(db, async (trx) => {
        await trx
          .insertInto('person')
          .values(ids.map((id) => person(id, createdAt)))
          .execute();
        await trx
          .insertInto('application')
          .values(ids.map((id) => application(id, createdAt)))
          .execute();
        await trx
          .insertInto('pass')
          .values(ids.map((id) => pass(id, createdAt)))
          .execute();
      });
    }
    const at = new Date(createdAt);
    const actor = { accountId: null, name: 'job:bench', officeCode: '00', terminal: '', requestId: '', at };
    return await makeBatch(db, actor, { listKind: 'annual', fromOn: DAY, untilOn: DAY });
  } finally {
    await db.destroy();
  }
}

function person(id: number, updatedAt: string) {
  return {
    id,
    residentNumber: String(id).padStart(15, '0'),
    name: `新宿　${NAMES[id % NAMES.length]}${NAMES[(id * 7) % NAMES.length]}`,
    kana: 'しんじゅく はな',
    birthCode: '19580401',
    birthWareki: '3330401',
    birthNote: '',
    birthEarliestOn: '1958-04-01',
    birthLatestOn: '1958-04-01',
    sex: 2,
    postalCode: `16000${String(id % 90).padStart(2, '0')}`,
    address: `新宿${(id % 9) + 1}丁目${id}番３号`,
    building: `コーポラス御苑${id}号`,
    districtCode: '01',
    isElderly: 1 as const,
    isDisabled: 0 as const,
    isChild: 0 as const,
    childEndsOn: null,
    residentStatus: 1,
    removalCode: '',
    movedOn: null,
    hostDigest: '',
    kanaFold: 'しんじゆくはな',
    givenKanaFold: 'はな',
    nameFold: '新宿花',
    givenNameFold: '花',
    addressFold: '新宿',
    updatedAt,
  };
}

function application(id: number, createdAt: string) {
  return {
    id,
    personId: id,
    fiscalYear: 2026,
    kind: 'new' as const,
    appliedOn: DAY,
    officeCode: '00',
    applicant: 'self' as const,
    accountId: null,
    formKey: randomUUID(),
    createdAt,
  };
}

function pass(id: number, createdAt: string) {
  return {
    id,
    personId: id,
    fiscalYear: 2026,
    passNumber: id,
    applicationId: id,
    appliedOn: DAY,
    issuedOn: DAY,
    issuedAtOffice: '00',
    deliveryMethod: 'post' as const,
    status: 'valid' as const,
    statusOn: DAY,
    returnedOn: null,
    predecessorId: null,
    createdAt,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
