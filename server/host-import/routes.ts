import { Router } from 'express';
import { recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';
import { actorOf } from '../http/actor.ts';
import { readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { getRun, listRuns } from './queries.ts';

/** How each state of a run is called. */
const STATUS_NAMES = {
  running: '取込中',
  applied: '取込済み',
  nothing: '取込なし',
  refused: '拒否',
  failed: '失敗',
  dry_run: '試行',
} as const;

export function hostImportRoutes(context: AppContext): Router {
  const router = Router();

  router.get('/imports', requireRight(context, 'import.view'), async (_request, response) => {
    response.render('host-import/list', {
      title: 'ホスト取込の履歴',
      runs: await listRuns(context.db),
      statusNames: STATUS_NAMES,
    });
  });

  router.get('/imports/:id', requireRight(context, 'import.view'), async (request, response) => {
    const { run, faults } = await getRun(context.db, readId(request.params.id));
    await inTransaction(context.db, async (trx) => {
      recordEvent(trx, actorOf(request, context), { kind: 'import.viewed', importRunId: run.id });
    });
    response.render('host-import/run', {
      title: `取込番号${run.id}`,
      run,
      faults,
      statusNames: STATUS_NAMES,
    });
  });

  return router;
}
