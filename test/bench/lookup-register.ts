import { join } from 'node:path';
import { pino } from 'pino';
import { writeFirstExtract, writeNextExtract } from '../../jobs/dummy/extract-file.ts';
import { systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { csrfOf, makeAccount, TEST_PASSWORD, testActor } from '../support/app.ts';

const SAMPLES = 4000;
const ACCOUNTS = 50;

export interface Sample {
  residentNumber: string;
  kana: string;
  /** 西暦 YYYYMMDD. */
  birth: string;
}

/** A register of so many dummy people, clerks to ask it, people to ask for, and the next file to import. */
export async function prepareRegister(folder: string, people: number) {
  const path = join(folder, `${people}.sqlite`);
  const environment = {
    APP_MODE: 'test',
    DATABASE_URL: `sqlite:${path}`,
    COOKIE_SECURE: 'false',
    REQUESTS_PER_MINUTE: '1000000',
    SIGN_INS_PER_MINUTE: '1000000',
    RECEIVED_DIRECTORY: `${path}.received`,
    INBOX_DIRECTORY: `${path}.inbox`,
  };
  const db = connect(environment.DATABASE_URL);
  await migrate(db, () => new Date().toISOString());
  const context = { db, config: readConfig(environment), clock: systemClock, log: pino({ level: 'silent' }) };
  const place = { directory: folder, number: '01' };
  const first = await writeFirstExtract({ ...place, people, seed: 1, baseOn: '2026-09-30' });
  const outcome = await importHostExtract(context, testActor(context), first.file);
  if (outcome.outcome !== 'applied') throw new Error(`${outcome.outcome}: ${outcome.reason}`);
  const accounts = [];
  for (let at = 0; at < ACCOUNTS; at += 1) {
    accounts.push((await makeAccount(context, 'clerk', { loginName: `bench-${at}` })).loginName);
  }
  const rows = await db
    .selectFrom('person')
    .select(['residentNumber', 'kana', 'birthCode'])
    .where('id', 'in', (chosen) =>
      chosen
        .selectFrom('person')
        .select('id')
        .where('birthNote', '=', '')
        .limit(SAMPLES * 20),
    )
    .execute();
  await db.destroy();
  const step = Math.max(1, Math.floor(rows.length / SAMPLES));
  const samples = rows
    .filter(({ birthCode }, at) => at % step === 0 && !/00$/.test(birthCode))
    .map(({ residentNumber, kana, birthCode }) => ({ residentNumber, kana, birth: birthCode }));
  return {
    path,
    environment,
    accounts,
    samples,
    nextFile: async () => (await writeNextExtract({ ...place, after: first.file, seed: 2 })).file,
  };
}

/** Signs an account in over HTTP. Returns its cookie and the token of its forms. */
export async function signIn(port: number, loginName: string): Promise<{ cookie: string; csrf: string }> {
  const at = `http://127.0.0.1:${port}`;
  const page = await fetch(`${at}/sign-in`);
  const cookie = cookieOf(page);
  const body = new URLSearchParams({ _csrf: csrfOf(await page.text()), loginName, password: TEST_PASSWORD });
  const signedIn = await fetch(`${at}/sign-in`, {
    method: 'POST',
    body,
    headers: { cookie },
    redirect: 'manual',
  });
  const fresh = cookieOf(signedIn);
  const lookup = await fetch(`${at}/lookup`, { headers: { cookie: fresh } });
  return { cookie: fresh, csrf: csrfOf(await lookup.text()) };
}

function cookieOf(response: Response): string {
  const [cookie] = response.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`${response.url} set no cookie: ${response.status}`);
  return cookie.split(';')[0]!;
}
