import type { ServerResponse } from 'node:http';
import express, { type RequestHandler, Router } from 'express';

const SERVED = /\.(css|js|ttf|woff2|svg|png|ico)$/;

/**
 * Style, script and fonts of the pages, from the folder of each path; nothing else that lies there. They hold no
 * personal data, so a browser may keep them: fonts for a day, the rest as long as the server says that it has not
 * changed.
 */
export function assets(folders: Readonly<Record<string, string>>): RequestHandler {
  const router = Router();
  router.use((request, _response, next) => next(SERVED.test(request.path) ? undefined : 'router'));
  for (const [path, folder] of Object.entries(folders)) {
    router.use(path, express.static(folder, { index: false, redirect: false, setHeaders }));
  }
  return router;
}

function setHeaders(response: ServerResponse, path: string): void {
  response.setHeader('Cache-Control', /\.(ttf|woff2)$/.test(path) ? 'public, max-age=86400' : 'no-cache');
}
