import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ROLES, type Role } from '../../server/accounts/rights.ts';
import type { AppContext } from '../../server/context.ts';
import { engineOf } from '../../server/db/connect.ts';
import type { Database } from '../../server/db/schema.ts';
import { csrfOf, signedIn } from './app.ts';
import { importPeople, makePerson } from './people.ts';
import { formsOf } from './walk.ts';

/** A register in which something of every kind has happened: an import, a pass, a letter, a search. */
export async function makeWorld(context: AppContext, person: Parameters<typeof makePerson>[1] = {}) {
  await importInTurn(context);
  const personId = await makePerson(context, person);
  const clerk = await signedIn(context, 'clerk');
  const page = await clerk.get(`/people/${personId}/passes/new`);
  const form = formsOf('', page.text).find(({ action }) => action === `/people/${personId}/passes`)!;
  const issued = await clerk.agent.post(form.action).type('form').send(form.fields);
  if (issued.status !== 303) throw new Error(`the pass was not issued: ${issued.status}`);
  const shown = await clerk.get(`/people/${personId}`);
  const print = formsOf('', shown.text).find(({ action }) => /\/passes\/\d+\/letters/.test(action))!;
  const printed = await clerk.agent.post(print.action).type('form').send(print.fields);
  if (printed.status !== 303) throw new Error(`the letter was not printed: ${printed.status}`);
  await clerk.post('/search', { terms: 'しんじゅく' });
  return { personId, letter: printed.headers.location!, token: csrfOf(shown.text) };
}

/** Imports forty people; on a server where the lock of an import spans databases, when its turn has come. */
async function importInTurn(context: AppContext): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      await importPeople(context, 40);
      return;
    } catch (error) {
      if (!String(error).includes('別の取込が動いている') || performance.now() > until) throw error;
      await sleep(500);
    }
  }
}

/** One signed-in visitor of each role. */
export async function everyRole(context: AppContext) {
  const visitors: { role: Role; visitor: Awaited<ReturnType<typeof signedIn>> }[] = [];
  for (const role of ROLES) visitors.push({ role, visitor: await signedIn(context, role) });
  return visitors;
}

/** The tables of the database by their names in it. */
export async function tableNames(db: Database): Promise<string[]> {
  const query =
    engineOf(db) === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite%'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_type = 'BASE TABLE'`;
  return (await query.execute(db)).rows.map(({ name }) => name).sort();
}

/** A digest of the contents of each table, whatever the order of rows. */
export async function digestTables(db: Database, without: RegExp): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of await tableNames(db)) {
    if (without.test(table)) continue;
    const { rows } = await sql`select * from ${sql.table(table)}`.execute(db);
    digests[table] = hash(
      'sha256',
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n'),
    );
  }
  return digests;
}
