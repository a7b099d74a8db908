import type { DatabaseConnection, Dialect, Driver } from 'kysely';
import { createRandom } from '../../jobs/dummy/random.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { connect } from '../../server/db/connect.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { registerDigest, registerWithNext, restore, trialActor, trialContext } from './import-register.ts';

/** A dialect whose n-th call fails: before it is made, or after it was, as a broken line would. */
function failingAt(calls: { made: number; failAt: number; after: boolean }) {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    calls.made += 1;
    if (calls.made !== calls.failAt) return await work();
    if (calls.after) await work();
    throw new Error(`injected at call ${calls.failAt}`);
  };
  const faulty = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: (query) => call(() => connection.executeQuery(query)),
    streamQuery: (query, chunk) => connection.streamQuery(query, chunk),
  });
  return (dialect: Dialect): Dialect => ({
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver: () => around(dialect.createDriver(), faulty, call),
  });
}

function around(
  driver: Driver,
  faulty: (connection: DatabaseConnection) => DatabaseConnection,
  call: <T>(work: () => Promise<T>) => Promise<T>,
): Driver {
  const own = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const real = (connection: DatabaseConnection) => own.get(connection)!;
  return {
    init: () => driver.init(),
    destroy: () => driver.destroy(),
    async acquireConnection() {
      const connection = await driver.acquireConnection();
      const wrapped = faulty(connection);
      own.set(wrapped, connection);
      return wrapped;
    },
    beginTransaction: (connection, settings) =>
      call(() => driver.beginTransaction(real(connection), settings)),
    commitTransaction: (connection) => call(() => driver.commitTransaction(real(connection))),
    rollbackTransaction: (connection) => driver.rollbackTransaction(real(connection)),
    releaseConnection: (connection) => driver.releaseConnection(real(connection)),
  };
}

/** Lets call after call fail until a run gets through; `share` of the calls, all unless said otherwise. */
export async function failEveryCall(
  folder: string,
  { seed, people, share = 1 }: { seed: string; people: number; share?: number },
) {
  const random = createRandom(`calls/${seed}`);
  const { path: start, next, before } = await registerWithNext(folder, 'calls-start', people);
  const path = `${start}.trial`;
  restore(start, path);
  const whole = trialContext(path);
  await importHostExtract(whole, trialActor(whole), next);
  const after = await registerDigest(whole.db);
  await whole.db.destroy();

  const faults: string[] = [];
  let tried = 0;
  for (let failAt = 1; ; failAt += 1) {
    if (!random.chance(share)) continue;
    const calls = { made: 0, failAt, after: random.chance(0.5) };
    restore(start, path);
    const db = connect(`sqlite:${path}`, { around: failingAt(calls) });
    const context = trialContext(path, db);
    const told = await importHostExtract(context, trialActor(context), next).then(
      ({ outcome }) => outcome,
      (error: Error) => error.message,
    );
    await db.destroy().catch(() => undefined);
    if (calls.made < failAt) break;
    tried += 1;
    const fault = await aftermath(path, next, told, before, after);
    if (fault !== undefined)
      faults.push(`call ${failAt}${calls.after ? ' (after it was made)' : ''}: ${fault}`);
  }
  return { line: `failing calls: ${tried} calls, ${faults.length} wrong`, faults };
}

async function aftermath(path: string, file: string, told: string, before: string, after: string) {
  const context = trialContext(path);
  try {
    const digest = await registerDigest(context.db);
    if (digest !== before && digest !== after)
      return `the register is neither as before nor as after (${told})`;
    if (told === 'applied' && digest !== after) return 'told applied, but the register is as before';
    if (told === 'refused') return 'told refused, though only a call failed';
    const verdict = await verifyChain(context.db);
    if (!verdict.whole) return `the record of acts is broken: ${verdict.problem}`;
    const again = await importHostExtract(context, trialActor(context), file);
    const expected = digest === after ? 'nothing' : 'applied';
    if (again.outcome !== expected)
      return `the next run was ${again.outcome}, not ${expected}: ${again.reason}`;
    return (await registerDigest(context.db)) === after ? undefined : 'the next run left the register wrong';
  } finally {
    await context.db.destroy();
  }
}
