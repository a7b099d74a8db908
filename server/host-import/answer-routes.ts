import { join } from 'node:path';
import type { Request, RequestHandler, Response, Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { Forbidden, Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { approveRun, rejectRun } from './answer.ts';
import { inBackground, startInBackground } from './background.ts';
import { folderOfOriginal } from './receive.ts';
import { runPage } from './run-page.ts';

/** Approving, rejecting and undoing a run. */
export function answerRoutes(context: AppContext, router: Router): void {
  const { db, config } = context;
  const right = requireRight(context, 'import.approve');

  const answering = (act: (request: Request, runId: number) => Promise<void>): RequestHandler => {
    return async (request, response) => {
      const runId = readId(request.params.id);
      try {
        await act(request, runId);
        response.redirect(303, `/imports/${runId}`);
      } catch (error) {
        await showAgain(request, response, runId, error);
      }
    };
  };

  router.post(
    '/imports/:id/approve',
    right,
    answering(async (request, runId) => {
      const actor = actorOf(request, context);
      const typed = readForm(request, ['comparison', 'reason']);
      const { fileName, sha256, comparison, expectedCount } = await approveRun(db, actor, {
        runId,
        ...typed,
      });
      startInBackground(context, actor, {
        kind: 'import',
        path: join(folderOfOriginal(config.receivedDirectory, sha256), fileName),
        fileName,
        runId,
        expectedCount,
        approved: { comparison, sha256 },
      });
    }),
  );

  router.post(
    '/imports/:id/reject',
    right,
    answering(async (request, runId) => {
      const typed = readForm(request, ['comparison', 'reason']);
      await rejectRun(db, actorOf(request, context), { runId, ...typed });
    }),
  );

  router.post(
    '/imports/:id/undo',
    right,
    answering(async (request, runId) => {
      const { reason } = readForm(request, ['reason']);
      await inBackground(context, actorOf(request, context), { kind: 'undo', runId, reason });
    }),
  );

  async function showAgain(
    request: Request,
    response: Response,
    runId: number,
    error: unknown,
  ): Promise<void> {
    const isTold = [Invalid, Refused, Forbidden].some((kind) => error instanceof kind);
    if (!isTold) throw error;
    const shown = await runPage(context, request, runId);
    await inTransaction(db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'import.viewed', importRunId: runId });
    });
    const told =
      error instanceof Invalid
        ? { errors: error.fields }
        : { message: (error as Refused | Forbidden).message };
    const { reason = '' } = request.body as { reason?: string };
    response
      .status((error as Refused).status)
      .render('host-import/run', { ...shown, typed: { reason }, ...told });
  }
}
