import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { requireRight } from './require-right.ts';
import { actOf, describeUnsent, forgetUnsent, readUnsent } from './unsent.ts';

/** What was typed into a session that had run out, offered to its owner; only a press of the button sends it. */
export function unsentRoutes(context: AppContext): Router {
  const router = Router();
  const right = requireRight(context, 'signed-in');

  router.get('/unsent', right, (request, response) => {
    const form = readUnsent(request, context);
    if (form === undefined) return response.redirect(303, '/');
    response.render('unsent', {
      title: '送られていない入力',
      form,
      act: actOf(form.path),
      typed: describeUnsent(form),
    });
  });

  router.post('/unsent/discard', right, (request, response) => {
    forgetUnsent(request);
    response.redirect(303, '/');
  });

  return router;
}
