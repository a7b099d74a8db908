import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { importHostExtract } from '../../server/host-import/run.ts';

// One measured load in a process of its own: `node import-once.ts floor|system DATABASE FILE`. Prints
// {ms, peakMiB} from an empty database, its tables made, to the closed one.

const [what, database, file] = process.argv.slice(2) as [string, string, string];
const load = what === 'floor' ? loadAsFastAsWeCan(database) : await importReally(database);
const startMs = performance.now();
await load(file);
const ms = performance.now() - startMs;
console.log(JSON.stringify({ ms, peakMiB: process.resourceUsage().maxRSS / 1024 }));

/** The floor: decode the whole file, split it, and insert every column into an indexed table, unchecked. */
function loadAsFastAsWeCan(path: string): (source: string) => void {
  const db = new DatabaseSync(path);
  const columns = Array.from({ length: 19 }, (_, at) => `c${at}`);
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal;
    create table floor (${columns.map((name) => `${name} text`).join(', ')}); create unique index floor_key on floor (c1)`);
  const insert = db.prepare(`insert into floor values (${columns.map(() => '?').join(', ')})`);
  return (source) => {
    db.exec('begin');
    for (const line of new TextDecoder('shift_jis').decode(readFileSync(source)).split('\r\n')) {
      if (line.startsWith('"D"')) insert.run(...line.slice(1, -1).split('","'));
    }
    db.exec('commit');
    db.close();
  };
}

async function importReally(path: string): Promise<(source: string) => Promise<void>> {
  const config = readConfig({ APP_MODE: 'test', RECEIVED_DIRECTORY: `${path}.received` });
  const db = connect(`sqlite:${path}`);
  await migrate(db, () => new Date().toISOString());
  const context = { db, config, clock: systemClock, log: pino({ level: 'silent' }) };
  const actor = {
    accountId: null,
    name: 'job:bench',
    officeCode: '00',
    terminal: '',
    requestId: '',
    at: new Date(),
  };
  return async (source) => {
    const outcome = await importHostExtract(context, actor, source);
    if (outcome.outcome !== 'applied') throw new Error(`${outcome.outcome}: ${outcome.reason}`);
    const { report } = await db
      .selectFrom('importRun')
      .select('report')
      .where('id', '=', outcome.runId)
      .executeTakeFirstOrThrow();
    if (process.env.BENCH_REPORT) console.error(report);
    await db.destroy();
  };
}
