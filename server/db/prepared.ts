import type {
  Compilable,
  CompiledQuery,
  DatabaseConnection,
  Insertable,
  KyselyPlugin,
  QueryExecutor,
} from 'kysely';
import { EngineWords } from './dialect.ts';
import { rowShapes } from './row-shapes.ts';
import type { Database, Tables, Trx } from './schema.ts';
import { ManyConnections } from './sqlite.ts';
import { SqliteConnection } from './sqlite-connection.ts';

type Value = string | number | null;

/** Stands for a value in a query that is compiled before the value is known. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that is built and compiled once for each connection and run any number of times: on the pages that are
 * asked for most, building costs several times what the database does. `build` gets `value(name)` to stand where the
 * value goes. Returns the function that runs it.
 */
export function prepared<Values extends Record<string, Value>, Row>(
  build: (
    db: Database,
    value: <Name extends keyof Values & string>(name: Name) => Values[Name],
  ) => Compilable<Row>,
): (db: Database | Trx, values: Values) => Promise<Row[]> {
  // By adapter, the one thing that a connection and its transactions share.
  const plans = new WeakMap<object, Plan<Row>>();
  return async (db, values) => {
    const executor = db.getExecutor();
    const { adapter } = executor;
    let plan = plans.get(adapter);
    if (plan === undefined) {
      const query = build(db as Database, (name) => new Slot(name) as never).compile();
      plan = { query, watchers: executor.plugins.filter(isWatcher) };
      plans.set(adapter, plan);
    }
    const { query, watchers } = plan;
    const parameters = query.parameters.map((one) => (one instanceof Slot ? values[one.name] : one));
    const connection = db.isTransaction ? await connectionOf(executor) : readerFor(executor, query);
    if (!(connection instanceof SqliteConnection)) {
      return (await db.executeQuery({ ...query, parameters } as CompiledQuery<Row>)).rows;
    }
    // SQLite answers at once: there a query need not queue for a connection, nor behind others of its transaction.
    let rows = connection.run(query.sql, parameters as Value[], nameOf);
    for (const watcher of watchers) {
      ({ rows } = await watcher.transformResult({ result: { rows }, queryId: query.queryId }));
    }
    return rows as Row[];
  };
}

interface Plan<Row> {
  query: CompiledQuery<Row>;
  /** Who sees the results of a connection, as in Kysely itself. */
  watchers: readonly KyselyPlugin[];
}

/** Our own plugins have nothing to do with rows whose columns are called right. */
function isWatcher(plugin: KyselyPlugin): boolean {
  return plugin !== rowShapes && !(plugin instanceof EngineWords);
}

const nameOf = (column: string) => rowShapes.nameOf(column);

const connections = new WeakMap<QueryExecutor, DatabaseConnection>();

/** The connection that a transaction has until its end. */
async function connectionOf(executor: QueryExecutor): Promise<DatabaseConnection> {
  let connection = connections.get(executor);
  if (connection === undefined) {
    connection = await executor.provideConnection(async (own) => own);
    connections.set(executor, connection);
  }
  return connection;
}

function readerFor({ adapter }: QueryExecutor, { query }: CompiledQuery): DatabaseConnection | undefined {
  if (query.kind !== 'SelectQueryNode' || !(adapter instanceof ManyConnections)) return undefined;
  return adapter.reader.connection();
}

/** An insert of one row with these columns, built and compiled once. */
export function preparedInsert<
  Table extends keyof Tables,
  Column extends keyof Insertable<Tables[Table]> & string,
>(
  table: Table,
  columns: readonly Column[],
): (trx: Trx, row: Pick<Insertable<Tables[Table]>, Column>) => Promise<unknown> {
  const insert = prepared<Record<string, Value>, never>((db, value) =>
    db
      .insertInto(table as never)
      .values(Object.fromEntries(columns.map((column) => [column, value(column)])) as never),
  );
  return (trx, row) => insert(trx, row as unknown as Record<string, Value>);
}

/**
 * A query about some rows by their keys, built and compiled once for 1, 2, 4, 8 … of them; what is too many is filled
 * up with the last key. At most 2,048 keys, as SQL Server takes no more values.
 */
export function preparedIn<Row, Key extends number | string = number>(
  build: (db: Database, keys: Key[]) => Compilable<Row>,
): (db: Database | Trx, keys: readonly Key[]) => Promise<Row[]> {
  const plans = new Map<number, ReturnType<typeof prepared<Record<string, Key>, Row>>>();
  return async (db, keys) => {
    const last = keys.at(-1);
    if (last === undefined) return [];
    const size = 2 ** Math.ceil(Math.log2(keys.length));
    let plan = plans.get(size);
    if (plan === undefined) {
      plan = prepared<Record<string, Key>, Row>((one, value) =>
        build(
          one,
          Array.from({ length: size }, (_, at) => value(String(at)) as Key),
        ),
      );
      plans.set(size, plan);
    }
    const values = [...keys, ...Array<Key>(size - keys.length).fill(last)];
    return await plan(db, values as unknown as Record<string, Key>);
  };
}
