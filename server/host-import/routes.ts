import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { answerRoutes } from './answer-routes.ts';
import { startInBackground, type Task } from './background.ts';
import { chartOf } from './chart.ts';
import { differenceRoutes } from './difference-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { listInbox } from './inbox.ts';
import { readLayout } from './layout.ts';
import { getProgress, listAppliedOfYear, listRuns, RUNS_A_PAGE } from './queries.ts';
import { runPage, STATUS_NAMES } from './run-page.ts';
import { closeAbandonedRuns, openRun } from './run-row.ts';

/** The screens of the host import (取込): history, start, one run's page and its progress. */
export function hostImportRoutes(context: AppContext): Router {
  const router = Router();
  const { db, config } = context;

  router.get('/imports', requireRight(context, 'import.view'), async (request, response) => {
    await closeAbandonedRuns(context);
    const page = Math.max(readId(request.query.page as string), 1);
    const runs = await listRuns(db, page);
    response.render('host-import/list', {
      title: 'ホスト取込の履歴',
      runs: runs.slice(0, RUNS_A_PAGE),
      page,
      hasMore: runs.length > RUNS_A_PAGE,
      chart: chartOf(await listAppliedOfYear(db)),
      statusNames: STATUS_NAMES,
    });
  });

  router.get('/imports/new', requireRight(context, 'import.run'), async (_request, response) => {
    response.render('host-import/new', await newPage(context));
  });

  router.post('/imports/uploads', requireRight(context, 'import.run'), async (request, response) => {
    const typed = readForm(request, ['expectedCount']);
    await answerForm(context, response, typed, async () => {
      const expectedCount = readExpectedCount(typed.expectedCount);
      const { upload } = request;
      if (upload === undefined) throw new Invalid({ file: '抽出ファイルを選んでください。' });
      const fileName = requireExtractName(context, upload.name, 'file');
      const path = join(upload.folder, fileName);
      await rename(upload.path, path);
      upload.keep();
      const removeAfter = upload.folder;
      return await begin(request, { path, fileName, fileSize: upload.size, expectedCount, removeAfter });
    });
  });

  router.post('/imports/inbox', requireRight(context, 'import.run'), async (request, response) => {
    const typed = readForm(request, ['expectedCount', 'inboxFile']);
    await answerForm(context, response, typed, async () => {
      const expectedCount = readExpectedCount(typed.expectedCount);
      const files = await listInbox(config.inboxDirectory, readLayout(config.hostLayoutFile));
      const file = files.find(({ name }) => name === typed.inboxFile);
      if (file === undefined) throw new Invalid({ inboxFile: '受信フォルダーのファイルを選んでください。' });
      return await begin(request, {
        path: file.path,
        fileName: file.name,
        fileSize: file.size,
        expectedCount,
      });
    });
  });

  router.get('/imports/:id', requireRight(context, 'import.view'), async (request, response) => {
    await closeAbandonedRuns(context);
    const shown = await runPage(context, request, readId(request.params.id));
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'import.viewed', importRunId: shown.run.id });
    });
    response.render('host-import/run', shown);
  });

  router.get('/imports/:id/progress', requireRight(context, 'import.view'), async (request, response) => {
    const { status, progress } = await getProgress(db, readId(request.params.id));
    response.json({ status, statusName: STATUS_NAMES[status], progress });
  });

  answerRoutes(context, router);
  differenceRoutes(context, router);
  faultRoutes(context, router);
  return router;

  async function begin(
    request: Request,
    start: Omit<Extract<Task, { kind: 'import' }>, 'kind' | 'runId'> & { fileSize: number },
  ): Promise<number> {
    const { fileSize, ...task } = start;
    const actor = { ...actorOf(request, context), requestId: randomUUID() };
    const run = { fileName: task.fileName, fileSize, expectedCount: task.expectedCount };
    const runId = await openRun(db, actor, run);
    startInBackground(context, actor, { kind: 'import', runId, ...task });
    return runId;
  }
}

async function answerForm(
  context: AppContext,
  response: Response,
  typed: Record<string, string>,
  act: () => Promise<number>,
): Promise<void> {
  try {
    response.redirect(303, `/imports/${await act()}`);
  } catch (error) {
    if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
    const errors = error instanceof Invalid ? error.fields : {};
    const message = error instanceof Refused ? error.message : undefined;
    response
      .status(error.status)
      .render('host-import/new', { ...(await newPage(context)), typed, errors, message });
  }
}

async function newPage({ config }: AppContext) {
  const layout = readLayout(config.hostLayoutFile);
  return {
    title: '抽出ファイルの取込',
    files: await listInbox(config.inboxDirectory, layout),
    needsCount: !layout.trailer?.columns.some(({ is }) => is === 'rows'),
    typed: {},
    errors: {},
    message: undefined,
  };
}

function readExpectedCount(typed: string): number | undefined {
  const text = typed.normalize('NFKC').replaceAll(',', '').trim();
  if (text === '') return undefined;
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new Invalid({ expectedCount: '処理票の件数は、数字だけで入力してください。例）89086' });
}

function requireExtractName({ config }: AppContext, name: string, field: string): string {
  const layout = readLayout(config.hostLayoutFile);
  if (name === basename(name) && !/[\\/\0]/.test(name) && new RegExp(layout.fileName, 'u').test(name))
    return name;
  throw new Invalid({
    [field]:
      'ファイル名がホストの抽出ファイルの形ではありません。ホストから届いた名前のままのファイルを選んでください。',
  });
}
