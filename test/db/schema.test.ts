import { describe, expect, test } from 'vitest';
import { readScripts, statementsOf } from '../../server/db/migrate.ts';

const ENGINES = ['sqlite', 'mssql'] as const;

/** Tables with their columns, and indexes with what they are on, as a script declares them. */
function declared(engine: (typeof ENGINES)[number]) {
  const tables: Record<string, string[]> = {};
  const indexes: string[] = [];
  for (const { text } of readScripts(engine)) {
    for (const statement of statementsOf(text)) {
      const plain = statement.replace(/--[^\n]*/g, '');
      const table = /^\s*create table (\w+) \(([\s\S]*)\)/.exec(plain);
      if (table !== null) {
        const columns = table[2]!.split('\n').map((line) => /^ {2}(\w+) /.exec(line)?.[1]);
        tables[table[1]!] = columns.filter(
          (name): name is string =>
            name !== undefined && !/^(check|primary|unique|foreign|constraint)$/.test(name),
        );
      }
      const index = /^\s*create (unique )?index (\w+) on (\w+) \(([^)]*)\)([\s\S]*)/.exec(plain);
      if (index !== null)
        indexes.push(
          [index[1] ?? '', index[2], index[3], index[4], index[5]!.replace(/N'/g, "'").trim()].join('|'),
        );
    }
  }
  return { tables, indexes: indexes.sort() };
}

/** Each column's nullability and checks, the engines' own types apart. */
function constraints(engine: (typeof ENGINES)[number]): string[] {
  return readScripts(engine)
    .flatMap(({ text }) => text.replace(/--[^\n]*/g, '').split('\n'))
    .filter((line) => /^ {2}\w+ (text|integer|nvarchar|int|tinyint|date|datetime2)/.test(line))
    .map((line) => {
      const name = /^ {2}(\w+)/.exec(line)![1];
      const isKey = /autoincrement|identity/.test(line);
      const lists = (
        /check \(\w+ in \(([^)]*(?:\([^)]*\))*[^)]*)\)\)/.exec(line)?.[1] ??
        /check \((\w+ = [^()]+ or [^()]+)\)/
          .exec(line)?.[1]
          ?.replace(/(?: or )?\w+ = /g, ', ')
          .slice(2) ??
        ''
      ).replace(/N'/g, "'");
      return `${name}|${isKey || /not null/.test(line)}|${/ unique/.test(line)}|${lists}|${/references (\w+)/.exec(line)?.[1] ?? ''}`;
    });
}

describe('the two folders of sql/', () => {
  test('hold the same numbers and names', () => {
    const names = ENGINES.map((engine) => readScripts(engine).map(({ number, name }) => `${number} ${name}`));
    expect(names[0]).toEqual(names[1]);
    expect(readScripts('sqlite').map(({ number }) => number)).toEqual(
      [...readScripts('sqlite').map(({ number }) => number)].sort((a, b) => a - b),
    );
  });

  test('declare the same tables and columns in the same order', () => {
    expect(declared('sqlite').tables).toEqual(declared('mssql').tables);
    expect(Object.keys(declared('sqlite').tables).length).toBeGreaterThan(15);
  });

  test('declare the same indexes', () => {
    expect(declared('sqlite').indexes).toEqual(declared('mssql').indexes);
  });

  test('declare the same nulls, keys, references and lists of values', () => {
    expect(constraints('sqlite')).toEqual(constraints('mssql'));
  });

  test.each(ENGINES)('annotate every column of %s with its Japanese term', (engine) => {
    const bare = readScripts(engine)
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => /^ {2}\w+ (text|integer|nvarchar|int|tinyint|date|datetime2)/.test(line))
      .filter((line) => !/--.*[\u3040-\u9fff]/u.test(line) && !/^ {2}(id|salt) /.test(line));
    expect(bare).toEqual([]);
  });

  test('SQL Server keeps every text apart by code point', () => {
    const lines = readScripts('mssql').flatMap(({ text }) => text.split('\n'));
    const loose = lines.filter(
      (line) => /nvarchar\(/.test(line) && !/collate Japanese_XJIS_140_BIN2/.test(line),
    );
    expect(loose).toEqual([]);
  });
});
