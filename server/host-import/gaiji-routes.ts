import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listReplacements, saveReplacement } from '../register/gaiji-replacements.ts';

/** How 外字 that no font has are written instead. */
export function gaijiRoutes(context: AppContext): Router {
  const router = Router();
  const { db } = context;
  const right = requireRight(context, 'gaiji.edit');
  const page = async () => ({ title: '外字の置き換え', replacements: await listReplacements(db) });

  router.get('/gaiji', right, async (_request, response) => {
    response.render('host-import/replacements', {
      ...(await page()),
      at: undefined,
      typed: {},
      errors: {},
      message: undefined,
    });
  });

  router.post('/gaiji', right, async (request, response) => {
    const typed = readForm(request, ['code', 'replacement', 'note', 'version']);
    try {
      const version = /^\d{1,6}$/.test(typed.version) ? Number(typed.version) : 0;
      await saveReplacement(db, actorOf(request, context), { ...typed, version });
      response.redirect(303, '/gaiji');
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const told =
        error instanceof Invalid
          ? { errors: error.fields, message: undefined }
          : { errors: {}, message: error.message };
      const at = typed.version === '0' ? undefined : typed.code;
      response
        .status(error.status)
        .render('host-import/replacements', { ...(await page()), at, typed, ...told });
    }
  });

  return router;
}
