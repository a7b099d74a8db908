import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { addDays, businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Invalid, NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { holdsRight, requireRight } from '../http/require-right.ts';
import { halfWidth } from '../names/half-width.ts';
import { ANALYSES, type Analysis, analyse } from './analyses.ts';
import { eventsCsv } from './export.ts';
import { KIND_CHOICES } from './field-labels.ts';
import { FILTER_FIELDS, PURPOSES, readFilter, readPurpose, type TypedFilter } from './forms.ts';
import {
  countEvents,
  type EventFilter,
  findSubjectId,
  getEvent,
  getSubject,
  headOf,
  listActors,
  listEvents,
  listValues,
  MOST_VALUES,
} from './queries.ts';
import { recordExport, recordOpening, recordReading, recordVainReading } from './view-record.ts';

const LONGEST_ANALYSIS_DAYS = 366;

export function auditRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  const view = requireRight(context, 'audit.view');
  const today = () => businessDay(clock.now());

  /** The list with its form, of everybody or of one person; what was typed wrongly is shown again, without rows. */
  const showList = async (request: Request, response: Response, over: Partial<ListPage> = {}) => {
    const page: ListPage = { typed: typedFilter(request), errors: {}, ...over };
    if (page.subjectId === undefined && Object.values(page.typed).every((text) => text === '')) {
      page.typed.from = formatWarekiShort(today());
      page.typed.to = page.typed.from;
    }
    let filter: EventFilter | undefined;
    try {
      filter = readFilter(page.typed);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      page.errors = { ...error.fields, ...page.errors };
    }
    const subject = page.subjectId === undefined ? undefined : await getSubject(db, page.subjectId);
    if (filter !== undefined && subject !== undefined) filter.personId = subject.id;
    const before = readId(request.query.before as string) || undefined;
    const isShown = filter !== undefined && Object.keys(page.errors).length === 0;
    const found = isShown ? await listEvents(db, filter!, before) : { events: [], isCut: false };
    if (isShown) await recordReading(db, actorOf(request, context), 'list', filter!, found.events.length);
    if (!isShown) response.status(422);
    response.render('audit/list', {
      title: '操作記録',
      ...page,
      ...found,
      asked: new URLSearchParams({ ...page.typed }),
      isShown,
      isFirstPage: before === undefined,
      subject,
      actors: await listActors(db),
      kinds: KIND_CHOICES,
      analyses: ANALYSES,
      purposes: PURPOSES,
      head: await headOf(db),
    });
  };

  router.get('/audit', view, (request, response) => showList(request, response));

  router.get('/audit/people/:id', view, (request, response) =>
    showList(request, response, { subjectId: readId(request.params.id) }),
  );

  // A resident number is personal data: it is asked for in a form, and the address holds only the id.
  router.post('/audit/people', view, async (request, response) => {
    const { residentNumber } = readForm(request, ['residentNumber']);
    const id = await findSubjectId(db, residentNumber);
    if (id !== undefined) return response.redirect(303, `/audit/people/${id}`);
    await recordVainReading(db, actorOf(request, context), residentNumber.slice(0, 50));
    const residentNumberProblem =
      'この住民番号の人は台帳にいません。番号を確かめて、15桁の住民番号を入力し直してください。';
    await showList(request, response, { errors: { residentNumber: residentNumberProblem } });
  });

  router.get('/audit/events/:sequence', view, async (request, response) => {
    const event = await getEvent(db, readId(request.params.sequence));
    const mayRead = holdsRight(request, 'audit.values');
    const beside = mayRead ? await listValues(db, event.sequence) : undefined;
    const shown = beside?.values.length ?? 0;
    await recordOpening(db, actorOf(request, context), event.sequence, event.personId, shown);
    response.render('audit/event', {
      title: `操作記録${event.sequence}番`,
      event,
      beside,
      most: MOST_VALUES,
    });
  });

  router.get('/audit/analyses/:name', view, async (request, response) => {
    const name = readAnalysis(request.params.name);
    const typed = typedFilter(request);
    if (typed.from === '' && typed.to === '') {
      typed.from = formatWarekiShort(addDays(today(), -30));
      typed.to = formatWarekiShort(today());
    }
    const least = readId(halfWidth(String(request.query.least ?? ''))) || ANALYSES[name].least;
    const shown = { title: '操作記録の分析', name, analyses: ANALYSES, typed, least };
    try {
      const { from, to } = readPeriod(typed);
      const findings = await analyse(db, name, { from, to, least });
      await recordReading(db, actorOf(request, context), name, { from, to }, findings.length);
      response.render('audit/analysis', { ...shown, findings, errors: {} });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      response.status(422).render('audit/analysis', { ...shown, findings: [], errors: error.fields });
    }
  });

  router.post('/audit/export', requireRight(context, 'audit.export'), async (request, response) => {
    const form = readForm(request, [...FILTER_FIELDS, 'subjectId', 'purpose', 'explanation']);
    const { subjectId, purpose, explanation, ...typed } = form;
    const subject = subjectId === '' ? undefined : await getSubject(db, readId(subjectId));
    let filter: EventFilter;
    let why: ReturnType<typeof readPurpose>;
    try {
      filter = readFilter(typed);
      why = readPurpose(purpose, explanation);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const subjectPart = subject === undefined ? {} : { subjectId: subject.id };
      return await showList(request, response, {
        typed,
        ...subjectPart,
        errors: error.fields,
        purpose,
        explanation,
      });
    }
    if (subject !== undefined) filter.personId = subject.id;
    const { sequence } = await headOf(db);
    const rows = await countEvents(db, filter, sequence);
    await recordExport(db, actorOf(request, context), filter, rows, why);
    response.type('text/csv').setHeader('Content-Disposition', `attachment; filename="audit-${today()}.csv"`);
    await pipeline(Readable.from(eventsCsv(db, filter, sequence)), response);
  });

  return router;
}

interface ListPage {
  typed: TypedFilter;
  errors: Readonly<Record<string, string>>;
  subjectId?: number;
  purpose?: string;
  explanation?: string;
}

function typedFilter(request: Request): TypedFilter {
  const read = (name: string) => {
    const value = request.query[name];
    return typeof value === 'string' ? value.slice(0, 40) : '';
  };
  return { from: read('from'), to: read('to'), account: read('account'), kind: read('kind') };
}

function readAnalysis(name: string | string[] | undefined): Analysis {
  if (typeof name === 'string' && Object.hasOwn(ANALYSES, name)) return name as Analysis;
  throw new NotFound('この分析はありません。操作記録の画面から選び直してください。');
}

function readPeriod(typed: TypedFilter): { from: string; to: string } {
  const { from, to } = readFilter({ ...typed, account: '', kind: '' });
  if (from === undefined) throw new Invalid({ from: '期間の初日を入力してください。' });
  if (to === undefined) throw new Invalid({ to: '期間の末日を入力してください。' });
  if (to > addDays(from, LONGEST_ANALYSIS_DAYS)) {
    throw new Invalid({ to: '一度に分析できる期間は一年までです。期間を短くしてください。' });
  }
  return { from, to };
}
