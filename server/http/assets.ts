import express, { type RequestHandler, Router } from 'express';

const SERVED = /\.(css|js|ttf|woff2|svg|png|ico)$/;

/**
 * Style, script and fonts of the pages; nothing else that lies in `folder`. They hold no personal data, so a
 * browser may keep them: fonts for a day, the rest as long as the server says that it has not changed.
 */
export function assets(folder: string): RequestHandler {
  const router = Router();
  const files = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', /\.(ttf|woff2)$/.test(path) ? 'public, max-age=86400' : 'no-cache');
    },
  });
  router.use((request, response, next) =>
    SERVED.test(request.path) ? files(request, response, next) : next(),
  );
  return router;
}
