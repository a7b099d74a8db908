import { type RequestHandler, Router } from 'express';
import type { AppContext } from '../context.ts';
import { NotFound } from '../errors.ts';
import { requireRight } from '../http/require-right.ts';
import { HELP_PAGES, helpFor } from './pages.ts';

/** Names the help of the screen that is asked for, for its head. */
export const helpOfScreen: RequestHandler = (request, response, next) => {
  response.locals.help = helpFor(request.path);
  next();
};

/** The help of every screen, opened by F1. */
export function helpRoutes(context: AppContext): Router {
  const router = Router();

  // Whoever cannot sign in reads how to: this page alone is open to anybody.
  router.get('/help/sign-in', requireRight(context, 'anyone'), (_request, response) =>
    response.render('help/sign-in', { title: 'ヘルプ', help: 'sign-in' }),
  );

  router.get('/help/:page', requireRight(context, 'signed-in'), (request, response) => {
    const name = ['home', ...HELP_PAGES.map((page) => page.name)].find((one) => one === request.params.page);
    if (name === undefined)
      throw new NotFound('この画面のヘルプはありません。ホームのヘルプを見てください。');
    response.render(`help/${name}`, { title: 'ヘルプ', help: name, pages: HELP_PAGES });
  });
  return router;
}
