import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import ejs from 'ejs';
import express from 'express';

// The floor of the lookup: `node lookup-floor.ts DATABASE PORT` — bare Express, EJS, one person by number through
// node:sqlite. No session, no rights, no search, no record.

const [path, port] = process.argv.slice(2) as [string, string];
const database = new DatabaseSync(path, { readOnly: true });
const byNumber = database.prepare('select * from person where resident_number = ?');
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.set('views', join(import.meta.dirname, 'views'));
app.set('view engine', 'ejs');
app.set('view cache', true);
app.engine('ejs', ejs.renderFile as Parameters<typeof app.engine>[1]);
app.get('/people/:number', (request, response) => {
  response.render('floor', { person: byNumber.get(request.params.number) });
});
app.listen(Number(port), '127.0.0.1', () => console.log('listening'));
