import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { findLastApplied } from '../host-import/queries.ts';
import { requireRight } from '../http/require-right.ts';
import { countRegister } from '../register/queries.ts';

/** The first page: what waits, and the box to search with. */
export function homeRoutes(context: AppContext): Router {
  const router = Router();
  router.get('/', requireRight(context, 'signed-in'), async (_request, response) => {
    const [register, lastImport] = [await countRegister(context.db), await findLastApplied(context.db)];
    response.render('home/home', { title: 'ホーム', register, lastImport });
  });
  return router;
}
