import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import express, { type Express, type Router } from 'express';
import { accountRoutes } from './accounts/routes.ts';
import type { AppContext } from './context.ts';
import { dailyListRoutes } from './daily-lists/routes.ts';
import { homeRoutes } from './home/routes.ts';
import { hostImportRoutes } from './host-import/routes.ts';
import { currentAccount, requestIds } from './http/actor.ts';
import { csrf } from './http/csrf.ts';
import { errorPages, notFound } from './http/error-pages.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sessions } from './http/session.ts';
import { viewHelpers } from './http/view-helpers.ts';
import { letterRoutes } from './letters/routes.ts';
import { passRoutes } from './passes/routes.ts';
import { registerRoutes } from './register/routes.ts';
import { settingRoutes } from './settings/routes.ts';

/** The areas of the business, one line each. */
export const AREAS: readonly ((context: AppContext) => Router)[] = [
  homeRoutes,
  accountRoutes,
  registerRoutes,
  passRoutes,
  letterRoutes,
  dailyListRoutes,
  hostImportRoutes,
  settingRoutes,
];

const ROOT = join(import.meta.dirname, '..');
const FORM_LIMIT = '64kb';
const ASSETS = {
  '/assets': join(ROOT, 'public'),
  '/assets/tokens': join(fileURLToPath(import.meta.resolve('@digital-go-jp/design-tokens')), '..'),
  '/assets/fonts/regular': join(
    fileURLToPath(import.meta.resolve('@expo-google-fonts/biz-udgothic')),
    '../400Regular',
  ),
  '/assets/fonts/bold': join(
    fileURLToPath(import.meta.resolve('@expo-google-fonts/biz-udgothic')),
    '../700Bold',
  ),
};

/** The whole application on a context; the same in production, in the demo and in tests. */
export function createApp(context: AppContext): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', context.config.trustedProxyHops);
  app.set('views', join(ROOT, 'views'));
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  app.engine('ejs', ejs.renderFile as Parameters<typeof app.engine>[1]);
  Object.assign(app.locals, viewHelpers, { mode: context.config.mode, account: undefined });

  app.use(requestIds, ...securityHeaders(context.config));
  for (const [path, folder] of Object.entries(ASSETS)) {
    app.use(path, express.static(folder, { index: false, redirect: false, cacheControl: false }));
  }
  app.use(express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: 100 }));
  app.use(sessions(context), currentAccount(context), csrf);
  for (const area of AREAS) app.use(area(context));
  app.use(notFound);
  app.use(errorPages(context));
  return app;
}
