import type { Request, Router } from 'express';
import type { AppContext } from '../context.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { countFaults, FAULTS_A_PAGE, listFaults, listGaiji, type Severity } from './fault-queries.ts';
import { getRun } from './queries.ts';
import { recordOutput } from './record-output.ts';

const ROWS_AT_ONCE = 2000;
const SEVERITY_NAMES: Readonly<Record<Severity, string>> = { rejected: '不備', warning: '注意' };
const FAULT_HEADINGS = ['行', '程度', '住民番号', '項目', '値', '理由'];
const GAIJI_HEADINGS = ['行', '住民番号', '項目', '値', '外字コード', '置き換え'];
const NOT_REGISTERED = '未登録';

/** The rows that were not taken, what was odd about others, and the 外字: on the screen and as CSV. */
export function faultRoutes(context: AppContext, router: Router): void {
  const { db } = context;

  const record = (request: Request, importRunId: number, form: 'screen' | 'csv', rows: number) =>
    recordOutput(db, actorOf(request, context), { kind: 'import.faults-viewed', importRunId, form, rows });

  router.get('/imports/:id/faults', requireRight(context, 'import.values'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    const severity: Severity = request.query.severity === 'warning' ? 'warning' : 'rejected';
    const page = Math.max(readId(request.query.page as string), 1);
    const [counts, faults] = [
      await countFaults(db, run.id),
      await listFaults(db, run.id, severity, { page }),
    ];
    await record(request, run.id, 'screen', faults.length);
    response.render('host-import/faults', {
      title: `取込番号${run.id}の不備と注意`,
      run,
      severity,
      severityNames: SEVERITY_NAMES,
      counts,
      faults,
      page,
      pages: Math.max(Math.ceil(counts[severity] / FAULTS_A_PAGE), 1),
    });
  });

  router.get('/imports/:id/faults.csv', requireRight(context, 'export'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    const { rejected, warning } = await countFaults(db, run.id);
    const encoding = readCsvEncoding(request.query.encoding);
    await requireEncodable(encoding, pages());
    await record(request, run.id, 'csv', rejected + warning);
    const name = `import-${run.id}-faults.csv`;
    await sendCsv(response, { name, headings: FAULT_HEADINGS, encoding }, pages());

    async function* pages() {
      for (const severity of ['rejected', 'warning'] as const) {
        for (let page = 1; ; page += 1) {
          const rows = await listFaults(db, run.id, severity, { page, limit: ROWS_AT_ONCE });
          yield rows.map(({ lineNumber, residentNumber, field, value, reason }) => [
            String(lineNumber),
            SEVERITY_NAMES[severity],
            residentNumber,
            field,
            value,
            reason,
          ]);
          if (rows.length < ROWS_AT_ONCE) break;
        }
      }
    }
  });

  router.get('/imports/:id/gaiji', requireRight(context, 'import.values'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    const { uses, unregistered } = await listGaiji(db, run.id);
    const page = Math.max(readId(request.query.page as string), 1);
    const shown = uses.slice((page - 1) * FAULTS_A_PAGE, page * FAULTS_A_PAGE);
    await record(request, run.id, 'screen', shown.length);
    response.render('host-import/gaiji', {
      title: `取込番号${run.id}の外字`,
      run,
      uses: shown,
      all: uses.length,
      unregistered,
      page,
      pages: Math.max(Math.ceil(uses.length / FAULTS_A_PAGE), 1),
    });
  });

  router.get('/imports/:id/gaiji.csv', requireRight(context, 'export'), async (request, response) => {
    const run = await getRun(db, readId(request.params.id));
    const { uses } = await listGaiji(db, run.id);
    const encoding = readCsvEncoding(request.query.encoding);
    const rows = uses.flatMap(({ lineNumber, residentNumber, field, value, codes }) =>
      codes.map(({ code, replacement }) => [
        String(lineNumber),
        residentNumber,
        field,
        value,
        code,
        replacement ?? NOT_REGISTERED,
      ]),
    );
    await requireEncodable(encoding, asPages(rows));
    await record(request, run.id, 'csv', uses.length);
    const name = `import-${run.id}-gaiji.csv`;
    await sendCsv(response, { name, headings: GAIJI_HEADINGS, encoding }, asPages(rows));
  });
}

async function* asPages(rows: string[][]): AsyncGenerator<string[][]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}
