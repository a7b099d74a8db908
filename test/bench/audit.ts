import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { businessDay } from '../../server/calendar/local-date.ts';
import { clockAt, systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import type { Database } from '../../server/db/schema.ts';
import { issuePass } from '../../server/passes/issue.ts';
import { testActor } from '../support/app.ts';
import { prepareRegister, signIn } from './lookup-register.ts';
import { withoutRecording } from './without-recording.ts';

// What the record of acts costs: the same lookups (a search and a person's page, over HTTP) and the same issues
// with and without it, in turn in one process on one database. One at a time: so the
// cost of the record stands alone, not shared among colleagues' pages.

interface Cost {
  withMs: number;
  withoutMs: number;
}

/** npm run bench -- audit [--people N] [--rounds N] [--lookups N] [--issues N] [--json] */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      people: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '7' },
      lookups: { type: 'string', default: '150' },
      issues: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
    },
  });
  const [rounds, lookups, issues] = [values.rounds, values.lookups, values.issues].map(Number) as [
    number,
    number,
    number,
  ];
  const folder = mkdtempSync(join(tmpdir(), 'fnt-bench-audit-'));
  const { environment, accounts, samples } = await prepareRegister(folder, Number(values.people));
  const db = connect(environment.DATABASE_URL);
  try {
    const silent = withoutRecording(db, [{ id: 1 }]);
    const lookup = await measureLookups(environment, db, silent, accounts[0]!, samples, rounds, lookups);
    const issue = await measureIssues(environment, db, silent, rounds, issues);
    const verdict = await verifyChain(db);
    if (!verdict.whole) throw new Error(`the record broke at ${verdict.brokenAt}: ${verdict.problem}`);
    const figures = {
      lookupWithVsWithout: ratio(lookup),
      issueWithVsWithout: ratio(issue),
    };
    if (values.json) console.log(JSON.stringify(figures));
    else {
      console.table({
        'lookup (search and page)': { ...shown(lookup), ratio: figures.lookupWithVsWithout },
        issue: { ...shown(issue), ratio: figures.issueWithVsWithout },
      });
      console.log(
        `${rounds} rounds of ${lookups} lookups and ${issues} issues, ${values.people} people, SQLite`,
      );
    }
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureLookups(
  environment: Record<string, string>,
  db: Database,
  silent: Database,
  loginName: string,
  samples: readonly { residentNumber: string }[],
  rounds: number,
  times: number,
): Promise<Cost> {
  const serve = async (on: Database) => {
    const config = readConfig({ ...environment, SESSION_SECRET: 'only for the bench, only for the bench' });
    const server = createServer(
      createApp({ db: on, config, clock: systemClock, log: pino({ level: 'silent' }) }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const servers = { with: await serve(db), without: await serve(silent) };
  const portOf = (which: keyof typeof servers) => (servers[which].address() as AddressInfo).port;
  // Both servers keep their sessions in the one database, so one sign-in opens both.
  const { cookie, csrf } = await signIn(portOf('with'), loginName);
  let next = 0;
  const lookup = async (which: keyof typeof servers) => {
    const at = `http://127.0.0.1:${portOf(which)}`;
    const { residentNumber } = samples[next++ % samples.length]!;
    const found = await fetch(`${at}/search`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ _csrf: csrf, terms: residentNumber }),
    });
    const path = /\/people\/\d+/.exec(await found.text())?.[0];
    if (path === undefined) throw new Error(`the search found nobody (${found.status})`);
    const page = await fetch(`${at}${path}`, { headers: { cookie } });
    await page.text();
    if (page.status !== 200) throw new Error(`the page was ${page.status}`);
  };
  try {
    return await inTurn(rounds, times, {
      with: () => lookup('with'),
      without: () => lookup('without'),
    });
  } finally {
    for (const server of Object.values(servers)) {
      server.closeAllConnections();
      server.close();
    }
  }
}

async function measureIssues(
  environment: Record<string, string>,
  db: Database,
  silent: Database,
  rounds: number,
  times: number,
): Promise<Cost> {
  const config = readConfig(environment);
  const actor = testActor({
    db,
    config,
    clock: clockAt(new Date()),
    log: pino({ level: 'silent' }),
  });
  const free = await db
    .selectFrom('person')
    .select('id')
    .where('goneOn', 'is', null)
    .where('excludedOn', 'is', null)
    .orderBy('id')
    .limit((rounds + 1) * times * 2)
    .execute();
  if (free.length < (rounds + 1) * times * 2) throw new Error('too few people for so many issues');
  const today = businessDay(actor.at);
  const issue = async (on: Database) => {
    await issuePass(on, actor, {
      personId: free.pop()!.id,
      kind: 'new',
      appliedOn: today,
      issuedOn: today,
      officeCode: '00',
      deliveryMethod: 'counter',
      applicant: 'self',
      proxyName: '',
      proxyRelation: '',
      documentSeen: '',
      formKey: randomUUID(),
    });
  };
  return await inTurn(rounds, times, { with: () => issue(db), without: () => issue(silent) });
}

/**
 * Milliseconds an act takes both ways. The ways take turns act by act, so that whatever else the machine does falls
 * on both alike: medians over the acts of a round, then over the rounds, after one to warm up.
 */
async function inTurn(
  rounds: number,
  times: number,
  ways: Record<'with' | 'without', () => Promise<void>>,
): Promise<Cost> {
  const ofRounds = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const took = { with: [] as number[], without: [] as number[] };
    for (let turn = 0; turn < times * 2; turn += 1) {
      const way = (turn + (turn >> 1)) % 2 === 0 ? 'with' : 'without';
      const from = performance.now();
      await ways[way]();
      took[way].push(performance.now() - from);
    }
    if (round === 0) continue;
    ofRounds.with.push(median(took.with));
    ofRounds.without.push(median(took.without));
  }
  return { withMs: median(ofRounds.with), withoutMs: median(ofRounds.without) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const ratio = ({ withMs, withoutMs }: Cost) => Number((withMs / withoutMs).toFixed(2));
const shown = ({ withMs, withoutMs }: Cost) => ({
  'with (ms)': Number(withMs.toFixed(2)),
  'without (ms)': Number(withoutMs.toFixed(2)),
});
