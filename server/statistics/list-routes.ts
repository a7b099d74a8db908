import { type Request, type Response, Router } from 'express';
import { mayDo, type Right } from '../accounts/rights.ts';
import { recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readCsvEncoding, requireEncodable, sendCsv } from '../http/csv.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { sendPdf } from '../http/send-pdf.ts';
import { listOffices } from '../offices/queries.ts';
import { readAgeRules } from '../settings/age-rules.ts';
import { readSetting } from '../settings/queries.ts';
import { getList, LISTS } from './lists/all-lists.ts';
import { FIELD_IDS, readConditions } from './lists/conditions.ts';
import type { AnyList } from './lists/list.ts';
import { headLines, type ListHead, listPaper } from './lists/list-paper.ts';
import { type AskedList, countRows, ROWS_A_PAGE, readCells, readPage } from './lists/read-list.ts';

const LONGEST_PURPOSE = 200;
const EXPORT_FIELDS = ['form', 'encoding', 'purpose', ...FIELD_IDS] as const;

interface Told {
  message?: string;
  errors?: Readonly<Record<string, string>>;
  typed?: { form: string; encoding: string; purpose: string };
}

/** The lists (一覧): on the screen page by page, and written out as PDF or CSV for a purpose. */
export function listRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock, config } = context;
  const viewing = requireRight(context, 'list.view');

  const ask = async (request: Request, list: AnyList, given: Readonly<Record<string, unknown>>) => {
    const today = businessDay(clock.now());
    const read = readConditions(list, given, { today, offices: await listOffices(db) });
    const may = (right: Right) => mayDo(request.account!, right);
    const reader = { today, may, ageRules: await readAgeRules(db) };
    const asked: AskedList = { list, conditions: read.conditions, reader };
    return { ...read, asked };
  };

  const showList = async (
    request: Request,
    response: Response,
    given: Record<string, unknown>,
    told: Told = {},
  ) => {
    const list = getList(request.params.name);
    const { asked, fields, query, words, errors } = await ask(request, list, given);
    const hasErrors = Object.keys(errors).length > 0;
    const rows = hasErrors ? 0 : await countRows(db, asked);
    const pages = Math.max(1, Math.ceil(rows / ROWS_A_PAGE));
    const page = Math.min(readPageNumber(given.page), pages);
    const people = hasErrors ? [] : await readPage(db, asked, page);
    await inTransaction(db, async (trx) => {
      const event = {
        kind: 'list.viewed' as const,
        list: list.title,
        conditions: words,
        rows: people.length,
        page,
      };
      recordEvent(trx, actorOf(request, context), event);
    });
    if (hasErrors) response.status(422);
    response.render('lists/list', {
      title: list.title,
      list,
      lists: LISTS,
      fields,
      query,
      words,
      rows,
      page,
      pages,
      people,
      errors: { ...errors, ...told.errors },
      message: told.message,
      typed: told.typed ?? { form: 'csv', encoding: 'utf-8', purpose: '' },
      purposeFrom: await readSetting(db, 'list.purpose-from'),
    });
  };

  router.get('/lists', viewing, (_request, response) => {
    response.render('lists/all', { title: '一覧', lists: LISTS });
  });

  router.get('/lists/:name', viewing, (request, response) => showList(request, response, request.query));

  router.post('/lists/:name/export', requireRight(context, 'export'), async (request, response) => {
    const typed = readForm(request, EXPORT_FIELDS);
    const list = getList(request.params.name);
    const { asked, words, errors } = await ask(request, list, typed);
    try {
      if (Object.keys(errors).length > 0) throw new Invalid(errors);
      const rows = await countRows(db, asked);
      const purpose = await requirePurpose(typed.purpose, rows);
      const form = typed.form === 'pdf' ? ('pdf' as const) : ('csv' as const);
      const at = clock.now();
      const head = { list, words, rows, at, by: request.account!.displayName };
      if (form === 'pdf') await requireOnPaper(rows);
      else await requireEncodable(readCsvEncoding(typed.encoding), csvPages(asked, head));
      const pdf = form === 'pdf' ? await paperOf(asked, head) : undefined;
      await inTransaction(db, async (trx) => {
        const event = {
          kind: 'list.exported' as const,
          list: list.title,
          conditions: words,
          form,
          rows,
          purpose,
        };
        recordEvent(trx, actorOf(request, context), event);
      });
      const name = `${list.name}-${businessDay(at)}.${form}`;
      if (pdf !== undefined) return sendPdf(response, pdf, name);
      const file = { name, headings: [list.title], encoding: readCsvEncoding(typed.encoding) };
      await sendCsv(response, file, csvPages(asked, head));
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      response.status(error.status);
      const told = error instanceof Invalid ? { errors: error.fields } : { message: error.message };
      const lacks = error instanceof Refused && typed.encoding === 'cp932';
      await showList(request, response, typed, {
        ...told,
        typed: { ...typed, encoding: lacks ? 'utf-8' : typed.encoding },
      });
    }
  });

  const requirePurpose = async (typed: string, rows: number): Promise<string> => {
    const purpose = typed.trim();
    const from = await readSetting(db, 'list.purpose-from');
    if (purpose.length > LONGEST_PURPOSE)
      throw new Invalid({ purpose: `目的は${LONGEST_PURPOSE}文字までで入力してください。` });
    if (purpose !== '' || rows < from) return purpose;
    throw new Invalid({
      purpose: `この一覧は${rows.toLocaleString('ja-JP')}行あり、${from}行以上の書き出しには目的が要ります。何のために使うかを入力してください。操作記録に残ります。`,
    });
  };

  const requireOnPaper = async (rows: number): Promise<void> => {
    const most = await readSetting(db, 'list.most-paper-rows');
    if (rows <= most) return;
    throw new Refused(
      `この一覧は${rows.toLocaleString('ja-JP')}行あり、PDFにできるのは${most.toLocaleString('ja-JP')}行までのため、作りませんでした。条件で絞り込むか、CSVで保存してください。`,
    );
  };

  const paperOf = async (asked: AskedList, head: ListHead): Promise<Buffer> => {
    const cells: string[][] = [];
    for await (const some of readCells(db, asked)) cells.push(...some);
    return await listPaper({ ...head, rows: cells.length }, cells, config.municipalityFont);
  };

  async function* csvPages(asked: AskedList, head: ListHead): AsyncGenerator<string[][]> {
    yield [...headLines(head), head.list.columns.map(({ heading }) => heading)];
    yield* readCells(db, asked);
  }

  return router;
}

function readPageNumber(text: unknown): number {
  return typeof text === 'string' && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1;
}
