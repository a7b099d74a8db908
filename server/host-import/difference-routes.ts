import type { Request, Router } from 'express';
import type { AppContext } from '../context.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { FIELD_NAMES } from './columns.ts';
import {
  countDifferences,
  DIFFERENCES_A_PAGE,
  listDifferences,
  type RunDifference,
} from './difference-queries.ts';
import { getRun } from './queries.ts';
import { recordOutput } from './record-output.ts';
import { OUTCOME_NAMES } from './run-page.ts';

const ROWS_AT_ONCE = 2000;
const HEADINGS = ['住民番号', '氏名', '項目', '変更前', '変更後'];

/** What a run changed, or would change: page by page, and in full as CSV. */
export function differenceRoutes(context: AppContext, router: Router): void {
  const { db } = context;

  const record = (request: Request, importRunId: number, form: 'screen' | 'csv', rows: number) =>
    recordOutput(db, actorOf(request, context), {
      kind: 'import.differences-viewed',
      importRunId,
      form,
      rows,
    });

  router.get(
    '/imports/:id/differences',
    requireRight(context, 'import.values'),
    async (request, response) => {
      const run = await getRun(db, readId(request.params.id));
      const outcome = readOutcome(request.query.outcome);
      const found = await listDifferences(db, run, { outcome, after: readAfter(request.query) });
      const rows = found.length < DIFFERENCES_A_PAGE ? found : wholePeople(found);
      await record(request, run.id, 'screen', rows.length);
      response.render('host-import/differences', {
        title: `取込番号${run.id}の差分`,
        run,
        outcome,
        people: byPerson(rows),
        last: found.length < DIFFERENCES_A_PAGE ? undefined : rows.at(-1),
        outcomeNames: OUTCOME_NAMES,
        fieldNames: FIELD_NAMES,
      });
    },
  );

  router.get('/imports/:id/differences.csv', requireRight(context, 'export'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    const encoding = readCsvEncoding(request.query.encoding);
    await requireEncodable(encoding, pages());
    await record(request, run.id, 'csv', await countDifferences(db, run));
    const name = `import-${run.id}-differences.csv`;
    await sendCsv(response, { name, headings: HEADINGS, encoding }, pages());

    async function* pages() {
      let after: RunDifference | undefined;
      for (;;) {
        const rows = await listDifferences(db, run, { after, limit: ROWS_AT_ONCE });
        yield rows.map(cellsOf);
        if (rows.length < ROWS_AT_ONCE) return;
        after = rows.at(-1);
      }
    }
  });
}

function cellsOf({ residentNumber, name, personId, field, oldValue, newValue }: RunDifference): string[] {
  const value = field === 'outcome' ? (OUTCOME_NAMES[newValue] ?? newValue) : newValue;
  const who = residentNumber === '' && personId < 0 ? `（${-personId}行目の新しい人）` : residentNumber;
  return [who, name, FIELD_NAMES[field] ?? field, oldValue, value];
}

/** Without the last person, of whom a full page may hold only a part. */
function wholePeople(rows: RunDifference[]): RunDifference[] {
  const whole = rows.filter(({ personId }) => personId !== rows.at(-1)!.personId);
  return whole.length === 0 ? rows : whole;
}

function byPerson(rows: readonly RunDifference[]) {
  return [...Map.groupBy(rows, ({ personId }) => personId)].map(([personId, ofPerson]) => {
    const of = (field: string) => ofPerson.find((row) => row.field === field)?.newValue;
    return {
      personId,
      residentNumber: ofPerson[0]!.residentNumber || (of('resident_number') ?? ''),
      name: ofPerson[0]!.name || (of('name') ?? ''),
      outcome: of('outcome'),
      rows: ofPerson.filter(({ field }) => field !== 'outcome' && field !== 'resident_number'),
    };
  });
}

function readOutcome(asked: unknown): string | undefined {
  return typeof asked === 'string' && Object.hasOwn(OUTCOME_NAMES, asked) ? asked : undefined;
}

function readAfter(query: Request['query']): { personId: number; field: string } | undefined {
  const { person, field } = query;
  if (typeof person !== 'string' || !/^-?\d{1,9}$/.test(person) || typeof field !== 'string')
    return undefined;
  return { personId: Number(person), field };
}
