import { Router } from 'express';
import type { AppContext } from '../context.ts';
import { requireRight } from '../http/require-right.ts';
import { dayOfWeek } from './local-date.ts';
import { parseDate } from './parse-date.ts';
import { formatWareki } from './wareki.ts';

const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'];
const LONGEST = 40;

/** Reads a date back to whoever typed it, in full and with its weekday; nothing for what is none. */
export function dateRoutes(context: AppContext): Router {
  const router = Router();
  router.get('/dates', requireRight(context, 'signed-in'), (request, response) => {
    const { typed } = request.query;
    const read = parseDate(typeof typed === 'string' ? typed.slice(0, LONGEST) : '');
    const said = 'date' in read ? `${formatWareki(read.date)}（${WEEKDAYS[dayOfWeek(read.date)]}）` : '';
    response.type('text/plain').send(said);
  });
  return router;
}
