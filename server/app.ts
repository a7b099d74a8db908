import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express, type Router } from 'express';
import { manageAccountRoutes } from './accounts/manage-routes.ts';
import { accountRoutes } from './accounts/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { dateRoutes } from './calendar/routes.ts';
import type { AppContext } from './context.ts';
import { dailyListRoutes } from './daily-lists/routes.ts';
import { helpOfScreen, helpRoutes } from './help/routes.ts';
import { homeRoutes } from './home/routes.ts';
import { gaijiRoutes } from './host-import/gaiji-routes.ts';
import { goneRoutes } from './host-import/gone-routes.ts';
import { hostImportRoutes } from './host-import/routes.ts';
import { currentAccount, requestIds } from './http/actor.ts';
import { assets } from './http/assets.ts';
import { csrf } from './http/csrf.ts';
import { errorPages, lastResort, notFound } from './http/error-pages.ts';
import { markingGaiji } from './http/gaiji-marks.ts';
import { healthRoutes } from './http/health.ts';
import { httpsOnly } from './http/https-only.ts';
import { oncePerForm } from './http/once.ts';
import { rateLimit } from './http/rate-limit.ts';
import { refuseOddInput } from './http/refuse-odd-input.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sessions } from './http/session.ts';
import { unsentRoutes } from './http/unsent-routes.ts';
import { uploads } from './http/upload.ts';
import { renderView } from './http/view-engine.ts';
import { viewHelpers } from './http/view-helpers.ts';
import { letterRoutes } from './letters/routes.ts';
import { passMoveRoutes } from './passes/move-routes.ts';
import { passRoutes } from './passes/routes.ts';
import { stockRoutes } from './passes/stock-routes.ts';
import { circumstanceRoutes } from './register/circumstance-routes.ts';
import { exclusionRoutes } from './register/exclusion-routes.ts';
import { replacementsOf } from './register/gaiji-replacements.ts';
import { lookupRoutes } from './register/lookup-routes.ts';
import { protectedRoutes } from './register/protected-routes.ts';
import { registerRoutes } from './register/routes.ts';
import { settingRoutes } from './settings/routes.ts';
import { yearRuleRoutes } from './settings/year-rule-routes.ts';
import { listRoutes } from './statistics/list-routes.ts';
import { statisticsRoutes } from './statistics/routes.ts';

/** The areas of the business, one line each; those a caller waits for first, as each is asked in turn. */
export const AREAS: readonly ((context: AppContext) => Router)[] = [
  lookupRoutes,
  registerRoutes,
  homeRoutes,
  helpRoutes,
  dateRoutes,
  accountRoutes,
  manageAccountRoutes,
  unsentRoutes,
  passRoutes,
  passMoveRoutes,
  circumstanceRoutes,
  exclusionRoutes,
  protectedRoutes,
  stockRoutes,
  letterRoutes,
  dailyListRoutes,
  listRoutes,
  statisticsRoutes,
  hostImportRoutes,
  goneRoutes,
  gaijiRoutes,
  settingRoutes,
  yearRuleRoutes,
  auditRoutes,
];

const ROOT = join(import.meta.dirname, '..');
const FORM_LIMIT = '64kb';
const ASSETS = {
  '/': join(ROOT, 'public'),
  '/tokens': join(fileURLToPath(import.meta.resolve('@digital-go-jp/design-tokens')), '..'),
  '/fonts/regular': join(
    fileURLToPath(import.meta.resolve('@expo-google-fonts/biz-udgothic')),
    '../400Regular',
  ),
  '/fonts/bold': join(fileURLToPath(import.meta.resolve('@expo-google-fonts/biz-udgothic')), '../700Bold'),
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
  app.engine(
    'ejs',
    markingGaiji(renderView, () => replacementsOf(context.db)),
  );
  Object.assign(app.locals, viewHelpers, { mode: context.config.mode, account: undefined });

  app.use(requestIds, requestLog(context), ...securityHeaders(context.config));
  app.use(healthRoutes(context));
  app.use(httpsOnly(context.config));
  app.use('/assets', assets(ASSETS));
  app.use(express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: 100 }));
  app.use(
    sessions(context),
    currentAccount(context),
    rateLimit(context),
    uploads(context),
    refuseOddInput,
    csrf,
    oncePerForm(context),
  );
  app.use(helpOfScreen);
  for (const area of AREAS) app.use(area(context));
  app.use(notFound);
  app.use(errorPages(context));
  endWithOurs(app, context);
  return app;
}

/** Has Express end a request by our last resort where the caller gives none: its own prints past our log. */
function endWithOurs(app: Express, context: AppContext): void {
  type Handle = (
    request: IncomingMessage,
    response: ServerResponse,
    done?: (error?: unknown) => void,
  ) => void;
  const whole = app as Express & { handle: Handle };
  const handle = whole.handle.bind(app);
  whole.handle = (request, response, done) =>
    handle(request, response, done ?? lastResort(context, request, response));
}
