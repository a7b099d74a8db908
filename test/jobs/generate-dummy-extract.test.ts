import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compact, nextExtractDate } from '../../jobs/dummy/days.ts';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';
import { checkDigit } from '../../jobs/dummy/resident-number.ts';
import { TOWNS } from '../../jobs/dummy/towns.ts';
import { ageOn } from '../../server/calendar/age.ts';
import { isDummyResidentNumber } from '../../server/host-import/dummy-mark.ts';
import { cp932Length } from '../../server/names/cp932.ts';

const BASE_ON = '2026-10-31';
const WIDTHS = [1, 15, 100, 100, 8, 7, 72, 1, 7, 170, 300, 2, 1, 1, 1, 8, 1, 2, 8];
const [NUMBER, NAME, KANA, BIRTH, WAREKI, UNKNOWN, SEX, POSTAL, , BUILDING, OFFICE] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
];
const [ELDERLY, DISABLED, CHILD, CHILD_ENDS, STATE, REASON, MOVED] = [12, 13, 14, 15, 16, 17, 18];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'dummy-extract-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A folder of its own for files that would bear the same name. */
const folder = (name: string) => path.join(directory, name);

async function first(people: number, seed = 1, baseOn = BASE_ON) {
  return writeFirstExtract({ people, seed, baseOn, directory: folder(`${people}-${seed}`), number: '01' });
}

async function readExtract(file: string) {
  const text = new TextDecoder('shift_jis', { fatal: true }).decode(await readFile(file));
  const records = parse(text, { relaxColumnCount: true, recordDelimiter: '\r\n' }) as string[][];
  return { text, header: records[0]!, rows: records.slice(1, -1), trailer: records.at(-1)! };
}

/** The file of the seed's size, made and read once. */
let whole: Promise<Awaited<ReturnType<typeof readExtract>> & { file: string }> | undefined;
function wholeExtract() {
  whole ??= first(89_086).then(async ({ file }) => ({ file, ...(await readExtract(file)) }));
  return whole;
}

function expectSoundExtract({ text, rows, trailer }: Awaited<ReturnType<typeof readExtract>>) {
  expect(text.endsWith('"\r\n')).toBe(true);
  expect(text.split('\n').every((line) => line === '' || /^"[^\n]*"\r$/.test(line))).toBe(true);
  const tooWide = rows.filter(
    (row) => row.length !== 19 || row.some((field, column) => cp932Length(field) > WIDTHS[column]!),
  );
  expect(tooWide).toEqual([]);
  expect(rows.filter((row) => row[0] !== 'D' || !isDummyResidentNumber(row[NUMBER]!))).toEqual([]);
  expect(new Set(rows.map((row) => row[NUMBER])).size).toBe(rows.length);
  const marked = (column: number) => String(rows.filter((row) => row[column] === '1').length);
  const sum = rows.reduce((total, row) => total + BigInt(row[NUMBER]!), 0n) % 10n ** 12n;
  expect(trailer).toEqual([
    'T',
    String(rows.length),
    marked(ELDERLY),
    marked(DISABLED),
    marked(CHILD),
    String(sum),
  ]);
}

describe('a first file', () => {
  test.each([
    [1, 1, 0],
    [10, 9, 1],
    [1000, 930, 70],
    [89_086, 82_816, 6270],
  ])('of %i people holds %i aged 60 or over and %i others', async (people, elderly, others) => {
    const summary = await first(people);
    const extract = await readExtract(summary.file);
    expectSoundExtract(extract);
    expect(extract.header).toEqual(['H', 'FNT', '01', '131041', '20261031', '20261031213000', '1', '01']);
    expect(path.basename(summary.file)).toBe('FNT_20261031_01.csv');
    const old = extract.rows.filter((row) => row[ELDERLY] === '1');
    expect([old.length, extract.rows.length - old.length]).toEqual([elderly, others]);
    expect(summary).toMatchObject({ people, elderly, baseDate: BASE_ON });
    expect(
      extract.rows.filter((row) => row[STATE] !== '1' || row[REASON] !== '' || row[MOVED] !== ''),
    ).toEqual([]);
    expect(extract.rows.filter((row) => !row.slice(ELDERLY, CHILD + 1).includes('1'))).toEqual([]);
    expect(
      extract.rows.filter((row) => (row[CHILD] === '1') !== /^20\d\d0331$/.test(row[CHILD_ENDS]!)),
    ).toEqual([]);
  });

  test('is the same for the same seed, and another for another', async () => {
    const one = await readFile((await first(500, 7)).file);
    const again = await writeFirstExtract({
      people: 500,
      seed: 7,
      baseOn: BASE_ON,
      directory: folder('again'),
      number: '01',
    });
    expect((await readFile(again.file)).equals(one)).toBe(true);
    expect((await readFile((await first(500, 8)).file)).equals(one)).toBe(false);
  });

  test('holds what makes a real file hard to read', async () => {
    const { rows } = await wholeExtract();
    const share = (test: (row: string[]) => boolean) => rows.filter(test).length / rows.length;
    expect(share((row) => /[\uE000-\uE757]/.test(row[NAME]!))).toBeCloseTo(0.003, 3);
    expect(share((row) => /[髙﨑嵜濵濱邊邉齋齊澤廣德瀨栁嶋嶌櫻瀧]/.test(row[NAME]!))).toBeCloseTo(0.02, 2);
    expect(share((row) => /00$/.test(row[BIRTH]!) && row[UNKNOWN] !== '')).toBeCloseTo(0.001, 3);
    expect(share((row) => /[Ａ-Ｚ]/.test(row[NAME]!))).toBeCloseTo(0.02, 2);
    expect(share((row) => checkDigit(row[NUMBER]!.slice(0, -1)) === Number(row[NUMBER]!.at(-1)))).toBeCloseTo(
      0.99,
      2,
    );
    expect(Math.max(...rows.map((row) => cp932Length(row[BUILDING]!)))).toBeGreaterThan(270);
    expect(rows.filter((row) => row[BIRTH] === '19261225' && row[WAREKI] === '2151225')).toHaveLength(1);
    expect(new Set(rows.map((row) => row[SEX]))).toEqual(new Set(['0', '1', '2', '9']));
    expect(new Set(rows.map((row) => row[OFFICE])).size).toBe(10);
    const codes = new Set(TOWNS.map((town) => town.postalCode));
    expect(new Set(rows.map((row) => row[POSTAL]))).toEqual(codes);
    expect(
      rows.filter((row) => !/^[ｦ-ﾟ]+( [ｦ-ﾟ]+)+$/.test(row[KANA]!) || !/^[^ ]+　[^ ]+$/.test(row[NAME]!)),
    ).toEqual([]);
  });
});

/** What an import must find, worked out by itself from whole files: the register keeps everybody it ever held. */
type Register = Map<string, { row: string[]; held: boolean }>;

function take(register: Register, rows: string[][]) {
  const counts = { new: 0, changed: 0, returned: 0, gone: 0, ended: 0, same: 0 };
  const seen = new Set<string>();
  for (const row of rows) {
    const number = row[NUMBER]!;
    const known = register.get(number);
    seen.add(number);
    if (row[STATE] !== '1') counts.ended += 1;
    else if (known === undefined) counts.new += 1;
    else if (!known.held) counts.returned += 1;
    else if (known.row.join('\t') !== row.join('\t')) counts.changed += 1;
    else counts.same += 1;
    register.set(number, { row, held: row[STATE] === '1' });
  }
  for (const [number, person] of register) {
    if (!person.held || seen.has(number)) continue;
    counts.gone += 1;
    person.held = false;
  }
  return counts;
}

describe('a next file', () => {
  test.each([
    [1, BASE_ON],
    [10, BASE_ON],
    [1000, BASE_ON],
    [20_000, '2027-02-28'],
  ])('counts what an import finds, over %i people from %s on', async (people, baseOn) => {
    const place = { directory: folder(`chain-${people}`), number: '01', seed: 3 };
    const start = await writeFirstExtract({ ...place, people, baseOn });
    const register: Register = new Map();
    take(register, (await readExtract(start.file)).rows);
    let [older, after, fromOn] = [undefined as string | undefined, start.file, start.baseDate];
    for (let round = 0; round < 4; round += 1) {
      const summary = await writeNextExtract({ ...place, after, returning: older });
      const extract = await readExtract(summary.file);
      expectSoundExtract(extract);
      expect(summary.baseDate).toBe(nextExtractDate(fromOn));
      const { new: added, changed, returned, gone, ended, same } = summary;
      expect({ new: added, changed, returned, gone, ended, same }).toEqual(take(register, extract.rows));
      expect(summary.people).toBe(extract.rows.filter((row) => row[STATE] === '1').length);
      const wrong = extract.rows.filter((row) => {
        if (row[STATE] !== '1')
          return row[MOVED]! <= compact(fromOn) || row[MOVED]! > compact(summary.baseDate);
        const birthOn = /^(\d{4})(\d{2})(\d{2})$/.exec(row[BIRTH]!)!.slice(1).join('-');
        if (row[BIRTH]!.endsWith('00')) return false;
        return (row[ELDERLY] === '1') !== ageOn(birthOn, summary.baseDate) >= 60;
      });
      expect(wrong).toEqual([]);
      [older, after, fromOn] = [after, summary.file, summary.baseDate];
    }
  });

  test('changes about one in a hundred people, in every way there is', async () => {
    const place = { directory: folder('ways'), number: '01', seed: 5 };
    const before = await wholeExtract();
    const summary = await writeNextExtract({ ...place, after: before.file });
    const moved = summary.new + summary.changed + summary.gone + summary.ended;
    expect(moved / summary.people).toBeGreaterThan(0.008);
    expect(moved / summary.people).toBeLessThan(0.016);
    expect(summary.gone + summary.ended).toBeLessThan(500);
    const earlier = new Map(before.rows.map((row) => [row[NUMBER], row]));
    const { rows } = await readExtract(summary.file);
    const changedIn = (column: number) =>
      rows.filter(
        (row) => row[STATE] === '1' && (earlier.get(row[NUMBER]!)?.[column] ?? row[column]) !== row[column],
      );
    for (const column of [NAME, KANA, POSTAL, ELDERLY]) expect(changedIn(column)).not.toEqual([]);
    const reasons = new Set(rows.map((row) => row[STATE]! + row[REASON]!));
    expect(reasons).toEqual(new Set(['1', '221', '222', '323', '926']));
    const again = await writeNextExtract({ ...place, directory: folder('ways-again'), after: before.file });
    expect((await readFile(again.file)).equals(await readFile(summary.file))).toBe(true);
  });

  test('after 31 March leaves out those who were eligible only by a child now in school', async () => {
    const place = { directory: folder('school'), number: '01', seed: 2 };
    const start = await writeFirstExtract({ ...place, people: 20_000, baseOn: '2027-03-31' });
    const onlyByChild = (await readExtract(start.file)).rows.filter(
      (row) => row[CHILD_ENDS] === '20270331' && row[DISABLED] === '0' && row[ELDERLY] === '0',
    );
    expect(onlyByChild.length).toBeGreaterThan(10);
    const { rows } = await readExtract((await writeNextExtract({ ...place, after: start.file })).file);
    const kept = new Set(rows.filter((row) => row[STATE] === '1').map((row) => row[NUMBER]));
    expect(onlyByChild.filter((row) => kept.has(row[NUMBER]))).toEqual([]);
    expect(rows.filter((row) => row[STATE] === '1' && row[CHILD_ENDS] === '20270331')).toEqual([]);
  });

  test('is not made from real people, from half a file, or for an earlier day', async () => {
    const place = { directory: folder('refused'), number: '01', seed: 1 };
    const { file } = await first(10);
    const text = await readFile(file, 'latin1');
    const [real, half] = [path.join(directory, 'real.csv'), path.join(directory, 'half.csv')];
    await writeFile(real, text.replace('"D","09990', '"D","00000'), 'latin1');
    await writeFile(half, text.slice(0, text.indexOf('"T"')), 'latin1');
    await expect(writeNextExtract({ ...place, after: real })).rejects.toThrow(/Line 2 .* not dummy data/);
    await expect(writeNextExtract({ ...place, after: half })).rejects.toThrow(/without its T record/);
    await expect(writeNextExtract({ ...place, after: file, baseOn: BASE_ON })).rejects.toThrow(/not later/);
    expect(await readdir(place.directory)).toEqual([]);
  });
});

describe('the command', () => {
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, ['jobs/generate-dummy-extract.ts', ...words]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  test('writes a file, then the next one, and prints one object for each with --json', async () => {
    const out = path.join(folder('command'), 'mine.csv');
    const made = await run('--people', '200', '--seed', '4', '--base-date', BASE_ON, '--out', out, '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({
      file: out,
      people: 200,
      elderly: 186,
      baseDate: BASE_ON,
    });
    const next = await run('--after', out, '--churn', '--out', folder('command'), '--number', '02', '--json');
    const file = path.join(folder('command'), 'FNT_20261115_02.csv');
    expect(JSON.parse(next.stdout)).toMatchObject({ file, baseDate: '2026-11-15', returned: 0 });
  });

  test.each([
    ['--people 0', '--people must be a whole number from 1 to 5000000.'],
    ['--seed x', '--seed must be a whole number from 0 to 2147483647.'],
    ['--base-date 2026-02-30', '--base-date must be a date, YYYY-MM-DD.'],
    ['--number 1', '--number must be two digits.'],
    ['--churn', '--churn and --returning need --after FILE.'],
    ['--after x.csv', '--after needs --churn.'],
    ['--after x.csv --churn --people 3', '--people goes with a first file, not with --after.'],
    ['--after /nowhere/x.csv --churn', 'ENOENT'],
    ['--speed 9', "Unknown option '--speed'"],
  ])('%s: %s', async (words, sentence) => {
    const { code, stderr, stdout } = await run(...words.split(' '));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
  });

  test('explains itself', async () => {
    expect((await run('--help')).stdout).toContain('--returning');
  });
});
