import { type KyselyPlugin, MssqlQueryCompiler, type PluginTransformQueryArgs } from 'kysely';
import { engineWords } from '../../server/db/dialect.ts';
import { RowShapes } from '../../server/db/row-shapes.ts';

// Every query the tests run on SQLite is compiled for SQL Server as well, at the moment it is run, so
// that a phrase only one engine knows fails the test that uses it.

const words = engineWords('mssql');
const shapes = new RowShapes();
const compiler = new MssqlQueryCompiler();
const seen = new Set<string>();

// What Kysely compiles as written but SQL Server does not take.
const FOREIGN = [
  /\blimit\b/i,
  /\breturning\b/i,
  /\bon conflict\b/i,
  /\|\|/,
  /\bpragma\b/i,
  /\bstrict\b/i,
  /\bautoincrement\b/i,
  /\bis (not )?distinct from\b/i,
  /\bas text\b/i,
  /\bmerge into\b/i,
  /\bnolock\b/i,
  /\btrue\b|\bfalse\b/i,
  /::/,
  /\bglob\b/i,
  /\bjson_each\b|\bdatetime\(|\bdate\(|\bifnull\(|\bsubstr\(/i,
];

/** A query as SQL Server would get it. */
export function compileForSqlServer({ node, queryId }: PluginTransformQueryArgs): string {
  const inWords = words.transformQuery({ node, queryId });
  return compiler.compileQuery(shapes.transformQuery({ node: inWords, queryId }), queryId).sql;
}

/** Throws on a query that SQL Server would not take. */
export function requireTSql(text: string): void {
  const withoutNames = text.replace(/"[^"]*"|N?'[^']*'/g, '""');
  const found = FOREIGN.find((pattern) => pattern.test(withoutNames));
  if (found !== undefined) throw new Error(`not T-SQL (${found}): ${text}`);
  const parameters = (text.match(/@\d+/g) ?? []).length;
  if (parameters > 2100)
    throw new Error(`${parameters} parameters, SQL Server takes 2,100: ${text.slice(0, 200)}`);
}

/** The texts compiled so far in this process. */
export function textsForSqlServer(): ReadonlySet<string> {
  return seen;
}

/** A plugin that compiles whatever it sees for SQL Server. */
export const tSqlObserver: KyselyPlugin = {
  transformQuery(args) {
    const text = compileForSqlServer(args);
    if (!seen.has(text)) {
      requireTSql(text);
      seen.add(text);
    }
    return args.node;
  },
  transformResult: (args) => Promise.resolve(args.result),
};
