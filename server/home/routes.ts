import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { findLastApplied, findLastNight, findSilence, listHeld } from '../host-import/queries.ts';
import { requireRight } from '../http/require-right.ts';
import { countHeld } from '../letters/queries.ts';
import { countReturned } from '../passes/queries.ts';
import { countProtectedWork } from '../register/circumstance-queries.ts';
import { countRegister } from '../register/queries.ts';

/** The first page: what waits, and the box to search with. */
export function homeRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;
  router.get('/', requireRight(context, 'signed-in'), async (_request, response) => {
    const register = await countRegister(db);
    const lastImport = await findLastApplied(db);
    const isSilent = (await findSilence(db, clock.now())) !== undefined;
    const [heldImports, lastNight] = [await listHeld(db), await findLastNight(db)];
    const [returned, held] = [await countReturned(db), await countHeld(db)];
    const toReview = await countProtectedWork(db, clock.now());
    response.render('home/home', {
      title: 'ホーム',
      register,
      lastImport,
      isSilent,
      heldImports,
      lastNight,
      returned,
      held,
      toReview,
    });
  });
  return router;
}
