import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { NotFound } from '../errors.ts';
import { requireRight } from '../http/require-right.ts';

// One page a screen in views/help, opened by F1; a screen names its page by `help` when it is rendered.
const PAGES = readdirSync(join(import.meta.dirname, '../../views/help')).map((file) =>
  file.replace('.ejs', ''),
);

export function helpRoutes(context: AppContext): Router {
  const router = Router();
  router.get('/help/:page', requireRight(context, 'signed-in'), (request, response) => {
    const page = PAGES.find((one) => one === request.params.page);
    if (page === undefined)
      throw new NotFound('この画面のヘルプはありません。ホームのヘルプを見てください。');
    response.render(`help/${page}`, { title: 'ヘルプ', help: page });
  });
  return router;
}
