import {
  type Expression,
  FetchNode,
  type InsertQueryNode,
  type KyselyPlugin,
  LimitNode,
  OffsetNode,
  type OperationNode,
  OperationNodeTransformer,
  OutputNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RawBuilder,
  RawNode,
  type RootOperationNode,
  type SelectQueryNode,
  type SqlBool,
  sql,
  TopNode,
  type UnknownRow,
  ValueNode,
} from 'kysely';

// Every phrase in which the two engines differ, once each. Queries are written for both at the same
// time and turned into one engine's words when they are compiled, so a test on SQLite can also compile
// each query it runs for SQL Server.

export const ENGINES = ['sqlite', 'mssql'] as const;
export type Engine = (typeof ENGINES)[number];

type PerEngineNode = RawNode & { readonly engines: Readonly<Record<Engine, OperationNode>> };

/** An SQL phrase in both engines' words; only the running engine's is compiled. */
export function perEngine<T>(phrases: Readonly<Record<Engine, RawBuilder<T>>>): RawBuilder<T> {
  const node = {
    ...RawNode.createWithSql('/* per engine */'),
    engines: { sqlite: phrases.sqlite.toOperationNode(), mssql: phrases.mssql.toOperationNode() },
  };
  const phrase: Expression<T> = { expressionType: undefined, toOperationNode: () => node };
  return sql<T>`${phrase}`;
}

/** The smallest text that sorts after every text beginning with `prefix`, for an index range on both. */
export function afterPrefix(prefix: string): string {
  const points = [...prefix];
  const last = points.pop();
  if (last === undefined) throw new RangeError('a prefix has at least one character');
  const next = last.codePointAt(0)! + 1;
  return points.join('') + String.fromCodePoint(next >= 0xd800 && next < 0xe000 ? 0xe000 : next);
}

/** A column as text, null as the empty text. */
export function asText(column: Expression<unknown>): RawBuilder<string> {
  return perEngine<string>({
    sqlite: sql`coalesce(cast(${column} as text), '')`,
    mssql: sql`coalesce(convert(nvarchar(max), ${column}, 23), N'')`,
  });
}

/** The hour in Japan (0–23) of an instant; Japan has no summer time. */
export function hourInJapan(instant: Expression<unknown>): RawBuilder<number> {
  return perEngine<number>({
    sqlite: sql`cast(strftime('%H', ${instant}, '+9 hours') as integer)`,
    mssql: sql`datepart(hour, dateadd(hour, 9, ${instant}))`,
  });
}

/** A day as a value that is compared with date columns. */
export function asDate(day: string): RawBuilder<string> {
  return perEngine<string>({ sqlite: sql`${sql.lit(day)}`, mssql: sql`cast(${sql.lit(day)} as date)` });
}

/** The month of a date column as YYYY-MM. */
export function monthOf(column: Expression<unknown>): RawBuilder<string> {
  return perEngine<string>({
    sqlite: sql`substr(${column}, 1, 7)`,
    mssql: sql`convert(nvarchar(7), ${column}, 23)`,
  });
}

/** Whether a text column holds a character between two, by code points. */
export function holdsBetween(column: Expression<unknown>, first: string, last: string): RawBuilder<SqlBool> {
  return perEngine<SqlBool>({
    sqlite: sql`${column} glob ${sql.lit(`*[${first}-${last}]*`)}`,
    // A range in `like` goes by the column's own order of characters; here it must be that of code points.
    mssql: sql`patindex(N${sql.lit(`%[${first}-${last}]%`)}, ${column} collate Latin1_General_BIN2) > 0`,
  });
}

/**
 * Turns the phrases both engines share in meaning but not in words:
 * `limit` is `top` (or `offset … fetch` behind an offset) on SQL Server, `returning` is `output inserted`.
 */
export class EngineWords extends OperationNodeTransformer implements KyselyPlugin {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
  }

  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return this.transformNode(args.node, args.queryId);
  }

  transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(args.result);
  }

  protected override transformRaw(node: RawNode, queryId?: never): RawNode {
    const engines = (node as PerEngineNode).engines;
    if (engines === undefined) return super.transformRaw(node, queryId);
    return this.transformNode(engines[this.#engine] as RawNode, queryId);
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: never): SelectQueryNode {
    const query = super.transformSelectQuery(node, queryId);
    if (query.limit === undefined) return query;
    const { limit, ...rest } = query;
    const rows = limit.limit;
    if (!ValueNode.is(rows) || typeof rows.value !== 'number') {
      throw new TypeError('limit() takes a number here');
    }
    if (this.#engine === 'sqlite') {
      // SQLite plans by the number: a statement whose limit is a parameter is prepared anew each time it is run.
      return { ...rest, limit: LimitNode.create(ValueNode.createImmediate(rows.value)) };
    }
    if (query.orderBy === undefined) return { ...rest, top: TopNode.create(rows.value) };
    return {
      ...rest,
      offset: query.offset ?? OffsetNode.create(ValueNode.createImmediate(0)),
      fetch: FetchNode.create(rows.value, 'only'),
    };
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: never): InsertQueryNode {
    const query = super.transformInsertQuery(node, queryId);
    if (this.#engine === 'sqlite' || query.returning === undefined) return query;
    const { returning, ...rest } = query;
    return {
      ...rest,
      output: OutputNode.create(
        returning.selections.map((selection) => ({
          kind: 'SelectionNode',
          selection: RawNode.create(['inserted.', ''], [selection.selection]) as never,
        })),
      ),
    };
  }
}

/** The plugin that turns shared phrases into one engine's words; first in the list of plugins. */
export function engineWords(engine: Engine): KyselyPlugin {
  return new EngineWords(engine);
}
