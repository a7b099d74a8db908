import { join } from 'node:path';
import ejs from 'ejs';
import express from 'express';
import { Kysely } from 'kysely';
import { nodeSqliteDialect } from '../../server/db/sqlite.ts';

// The floor of the start: `node start-floor.ts DATABASE PORT` — bare Express, EJS and Kysely over SQLite, one page.

const [path, port] = process.argv.slice(2) as [string, string];
const db = new Kysely<{ office: { code: string; name: string } }>({ dialect: nodeSqliteDialect(path) });
const app = express();
app.set('views', join(import.meta.dirname, 'views'));
app.set('view engine', 'ejs');
app.engine('ejs', ejs.renderFile as Parameters<typeof app.engine>[1]);
app.get('/', async (_request, response) => {
  const offices = await db.selectFrom('office').select(['code', 'name']).execute();
  response.render('start', { offices });
});
app.listen(Number(port), '127.0.0.1');
