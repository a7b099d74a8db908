import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { fiscalYearOf, fiscalYearStart } from '../server/calendar/fiscal-year.ts';
import { addDays, businessDay } from '../server/calendar/local-date.ts';
import { clockAt } from '../server/clock.ts';
import { readConfig } from '../server/config.ts';
import type { AppContext } from '../server/context.ts';
import { connect, originOf } from '../server/db/connect.ts';
import { migrate } from '../server/db/migrate.ts';
import { requireDummyData } from '../server/host-import/dummy-data.ts';
import { importHostExtract } from '../server/host-import/run.ts';
import { DEMO_PASSWORD, makeDemoAccounts } from './demo/accounts.ts';
import { makeHistory } from './demo/history.ts';
import { writeFirstExtract } from './dummy/extract-file.ts';
import { describeOutcome } from './import-host-extract.ts';
import { jobActor, runJob } from './job-context.ts';
import { progressBar } from './progress-bar.ts';

// npm run demo [-- --prepare-only] [--fresh] [--people N] — the whole system on dummy data: makes an
// extract, imports it through the real run, issues passes through the real functions, and serves.

const PEOPLE = 89_086;
const SEED = 20_180_331;

const { values } = parseArgs({
  options: {
    'prepare-only': { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    people: { type: 'string', default: String(PEOPLE) },
  },
});

await runJob(async () => {
  if (process.env.APP_MODE !== undefined && process.env.APP_MODE !== 'demo') {
    throw new Error(`APP_MODE is ${process.env.APP_MODE}; the demo runs in a place of its own, never there`);
  }
  const environment = {
    DATABASE_URL: 'sqlite:data/demo/register.sqlite',
    INBOX_DIRECTORY: 'data/demo/inbox',
    RECEIVED_DIRECTORY: 'data/demo/received',
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    COOKIE_SECURE: 'false',
    ...process.env,
    APP_MODE: 'demo',
  };
  const config = readConfig(environment);
  if (values.fresh) removeDemoFiles(config.databaseUrl);
  const db = connect(config.databaseUrl);
  try {
    const context = { db, config, clock: clockAt(new Date()), log: pino({ level: 'warn' }) };
    await migrate(db, () => context.clock.now().toISOString());
    await requireDummyData(db);
    await prepare(context, Number(values.people));
  } finally {
    await db.destroy();
  }
  console.log(welcome(config.port));
  return values['prepare-only'] ? 0 : await serve(environment);
});

async function prepare(
  context: AppContext & { clock: ReturnType<typeof clockAt> },
  people: number,
): Promise<void> {
  const { db, config, clock } = context;
  const today = businessDay(clock.now());
  const from = fiscalYearStart(fiscalYearOf(today));
  // 15 March: the file after it is 31 March's, before children who start school drop off the list.
  const baseOn = addDays(from, -17);
  const present = clock.now();
  const applied = await db
    .selectFrom('importRun')
    .select('id')
    .where('status', '=', 'applied')
    .executeTakeFirst();
  if (applied === undefined) {
    console.log(`${people}人分のダミーの抽出ファイルを作っています …`);
    const extract = { people, seed: SEED, baseOn, directory: config.inboxDirectory, number: '01' };
    const { file } = await writeFirstExtract(extract);
    clock.set(`${baseOn}T13:00:00.000Z`);
    const bar = progressBar('取込');
    const outcome = await importHostExtract(context, jobActor('demo', clock.now()), file, {
      onProgress: bar.show,
    });
    bar.done();
    console.log(describeOutcome(outcome));
    if (outcome.outcome !== 'applied') throw new Error('the demo could not import its own extract');
  }
  await makeDemoAccounts(db, jobActor('demo', present));
  await makeHistory(context, { from, until: today, present });
  clock.set(present);
}

function removeDemoFiles(databaseUrl: string): void {
  const db = connect(databaseUrl);
  const origin = originOf(db);
  if (origin.engine !== 'sqlite')
    throw new Error('--fresh removes files; on SQL Server, make a new database instead');
  for (const ending of ['', '-wal', '-shm']) rmSync(`${origin.path}${ending}`, { force: true });
}

async function serve(environment: NodeJS.ProcessEnv): Promise<number> {
  const server = spawn(process.execPath, ['server/main.ts'], {
    env: { LOG_LEVEL: 'warn', ...environment },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  const [code] = (await once(server, 'exit')) as [number | null];
  return code ?? 0;
}

function welcome(port: number): string {
  const accounts = [
    ['tanto', '担当者'],
    ['kakaricho', '係長・承認者'],
    ['shucchojo', '特別出張所（四谷）'],
    ['kanri', 'システム管理者'],
    ['kansa', '監査担当'],
  ];
  return [
    '',
    `デモ: http://localhost:${port}/`,
    ...accounts.map(([login, what]) => `  ${login!.padEnd(10)} ${what}`),
    `  パスワード（全員共通）: ${DEMO_PASSWORD}`,
    '',
  ].join('\n');
}
