import path from 'node:path';
import { parseArgs } from 'node:util';
import { businessDay, isLocalDate } from '../server/calendar/local-date.ts';
import { lastExtractDate } from './dummy/days.ts';
import {
  type FirstSummary,
  type NextSummary,
  writeFirstExtract,
  writeNextExtract,
} from './dummy/extract-file.ts';

const HELP = `Writes a host extract of made-up people, FNT_YYYYMMDD_nn.csv.

  generate-dummy-extract.ts [--people N] [--seed N] [--base-date YYYY-MM-DD]
  generate-dummy-extract.ts --after FILE --churn [--returning FILE] [--seed N] [--base-date YYYY-MM-DD]

  --people N      eligible people in a first file (89086)
  --seed N        a whole number; the same seed writes the same file (1)
  --base-date D   of a first file: the last 15th or month end before today; of a next one: the next after FILE's
  --after FILE    an earlier generated file to carry on from, with --churn
  --churn         deaths, moves, marriages, 60th birthdays and newcomers of the time between
  --returning F   a generated file older than FILE, some of whose missing people come back
  --out PLACE     a folder, or a file whose name ends in .csv (data/inbox)
  --number nn     serial number of the extract on its day (01)
  --json          prints one object instead of sentences
  --help          prints this
`;
const MOST_PEOPLE = 5_000_000;

class Fault extends Error {}

async function run(): Promise<void> {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const seed = wholeNumber('--seed', values.seed, 0, 2 ** 31 - 1);
  const baseOn = values['base-date'];
  if (baseOn !== undefined && !isLocalDate(baseOn))
    throw new Fault('--base-date must be a date, YYYY-MM-DD.');
  if (!/^\d{2}$/.test(values.number)) throw new Fault('--number must be two digits.');
  const place = { ...placeOf(values.out), number: values.number, seed };
  if (values.after === undefined) {
    if (values.churn || values.returning) throw new Fault('--churn and --returning need --after FILE.');
    const people = wholeNumber('--people', values.people ?? '89086', 1, MOST_PEOPLE);
    const date = baseOn ?? lastExtractDate(businessDay(new Date()));
    report(await writeFirstExtract({ ...place, people, baseOn: date }), values.json);
  } else {
    if (!values.churn) throw new Fault('--after needs --churn.');
    if (values.people !== undefined) throw new Fault('--people goes with a first file, not with --after.');
    const { after, returning } = values;
    report(await writeNextExtract({ ...place, after, baseOn, returning }), values.json);
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        people: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'base-date': { type: 'string' },
        after: { type: 'string' },
        churn: { type: 'boolean', default: false },
        returning: { type: 'string' },
        out: { type: 'string', default: 'data/inbox' },
        number: { type: 'string', default: '01' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Fault((error as Error).message);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Fault(`${name} must be a whole number from ${least} to ${most}.`);
}

function placeOf(out: string): { directory: string; fileName?: string } {
  if (!out.endsWith('.csv')) return { directory: out };
  return { directory: path.dirname(out), fileName: path.basename(out) };
}

function report(summary: FirstSummary | NextSummary, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(summary));
    return;
  }
  const { file, people, elderly, disabled, child, baseDate } = summary;
  console.log(`Wrote ${file}, base date ${baseDate}.`);
  console.log(`${people} people: ${elderly} aged 60 or over, ${disabled} disabled, ${child} by a child.`);
  if ('same' in summary) {
    const { returned, gone, ended, changed, same } = summary;
    console.log(
      `Since the earlier file: ${summary.new} new, ${changed} changed, ${returned} returned, ${gone} gone, ${ended} ended, ${same} the same.`,
    );
  }
}

try {
  await run();
} catch (error) {
  const known = error instanceof Fault || error instanceof RangeError || (error as { code?: string }).code;
  console.error(known ? (error as Error).message : error);
  process.exitCode = 1;
}
