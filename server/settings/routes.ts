import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { Invalid, Refused } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { changeSetting } from './change-setting.ts';
import { readSettings } from './queries.ts';
import { boundsOf, settingsByArea, YES_OR_NO } from './setting.ts';

export function settingRoutes(context: AppContext): Router {
  const router = Router();
  const { db } = context;
  const page = async () => ({
    title: '設定',
    areas: settingsByArea(),
    boundsOf,
    yesOrNo: YES_OR_NO,
    values: await readSettings(db),
  });

  router.get('/settings', requireRight(context, 'setting.change'), async (_request, response) => {
    response.render('settings/settings', { ...(await page()), at: undefined, typed: '', error: undefined });
  });

  router.post('/settings', requireRight(context, 'setting.change'), async (request, response) => {
    const typed = readForm(request, ['name', 'value', 'seen']);
    try {
      await changeSetting(db, actorOf(request, context), typed);
      response.redirect(303, '/settings');
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Refused)) throw error;
      const told = { at: typed.name, typed: typed.value, error: error.message };
      response.status(error.status).render('settings/settings', { ...(await page()), ...told });
    }
  });

  return router;
}
