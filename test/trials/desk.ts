import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, engineOf } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { makeAccount, TEST_PASSWORD, testContext } from '../support/app.ts';
import { makePerson } from '../support/people.ts';
import { runDesk } from './desk-clerks.ts';
import { clerkAtPages } from './desk-pages.ts';

// npm run trials -- desk [--seed N] [--clerks N] [--rounds N] [--seconds N] [--people N] [--url mssql://…]
// Clerks act at once on the same few people, by the functions and through the pages; then the history is checked.
// --url names an empty database; without it the trial makes one on SQLite.

const PAGE_ROUNDS = 20;

/** Returns 0 when no number was given twice, nobody holds two valid passes, and no act is lost or off the record. */
export async function trial(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      clerks: { type: 'string', default: '50' },
      rounds: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '600' },
      people: { type: 'string', default: '40' },
      url: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'fnt-trial-desk-'));
  const db = connect(values.url ?? `sqlite:${join(folder, 'register.sqlite')}`);
  const started = performance.now();
  try {
    await migrate(db, () => '2026-04-01T00:00:00.000Z');
    const context = testContext(db);
    const people: number[] = [];
    for (let made = 0; made < Number(values.people); made += 1) people.push(await makePerson(context));
    const accounts = [await makeAccount(context, 'clerk'), await makeAccount(context, 'supervisor')];
    const signIn = { loginName: accounts[0]!.loginName, password: TEST_PASSWORD };
    const { tried, done, refused, wrong } = await runDesk(context, {
      seed: values.seed,
      clerks: Number(values.clerks),
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      people,
      accounts: accounts.map(({ id }) => id),
      beside: () => clerkAtPages(context, { seed: values.seed, rounds: PAGE_ROUNDS, people, signIn }),
    });
    for (const line of wrong.slice(0, 20)) console.error(line);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `desk: seed ${values.seed}, ${engineOf(db)}, ${values.clerks} clerks on ${people.length} people, ${seconds} s, ` +
        `${tried} acts tried, ${done} done, ${refused} refused, ${wrong.length} wrong`,
    );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}
