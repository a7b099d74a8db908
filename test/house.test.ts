import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

// The tests of the house: who may import whom, who reads the environment, how long a file may be.

const ROOT = resolve(import.meta.dirname, '..');
const ORDER = [
  'db',
  'calendar',
  'names',
  'audit',
  'settings',
  'offices',
  'accounts',
  'register',
  'passes',
  'letters',
  'mailings',
  'daily-lists',
  'statistics',
  'host-import',
];
/** Edge areas that have only routes: they may read any folder's queries. */
const EDGES = ['home', 'help'];
const HTTP_MAY_IMPORT = ['db', 'calendar', 'names', 'audit', 'settings', 'offices', 'accounts', 'http'];
const LONGEST = 300;
/** Plain lists, one entry a table or an event: longer than code may be, and no harder to read for it. */
const LISTS = [
  join('server', 'settings', 'setting.ts'),
  join('server', 'db', 'schema.ts'),
  join('server', 'audit', 'event.ts'),
];

const filesOf = (folder: string, ending: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

function importsOf(file: string): Import[] {
  const found = read(file).matchAll(
    /(?:^|\n)(?:import|export)\s(type\s)?[^;]*?from '(\.[^']+)';|import\('(\.[^']+)'\)/g,
  );
  return [...found].map((match) => ({
    from: file,
    to: relative(ROOT, resolve(ROOT, dirname(file), (match[2] ?? match[3])!)),
    isType: match[1] !== undefined,
  }));
}

const folderOf = (file: string) =>
  file.startsWith(`server${sep}`) ? (file.split(sep).length > 2 ? file.split(sep)[1]! : 'server') : '';

/** Why an import breaks the house rule, or undefined. */
function breach({ from, to }: Import): string | undefined {
  if (to.startsWith('jobs')) return 'the server imports a job';
  const [own, other] = [folderOf(from), folderOf(to)];
  const isRoutes = from.endsWith('routes.ts') || EDGES.includes(own);
  if (own === 'server' || own === other) return undefined;
  if (other === 'server')
    return to.endsWith('app.ts') || to.endsWith('main.ts') ? 'a folder imports the edge' : undefined;
  if (to.endsWith('routes.ts')) return 'routes are imported by app.ts only';
  if (own === 'http') return HTTP_MAY_IMPORT.includes(other) ? undefined : 'http holds no business';
  if (other === 'http') return isRoutes ? undefined : 'only routes stand at the edge';
  if (isRoutes && to.endsWith('queries.ts')) return undefined;
  if (EDGES.includes(own)) return 'an edge area reads queries only';
  if (!ORDER.includes(own) || !ORDER.includes(other)) return 'a folder that the order does not know';
  return ORDER.indexOf(other) < ORDER.indexOf(own) ? undefined : `${own} stands left of ${other}`;
}

describe('the house', () => {
  const server = filesOf('server', '.ts');

  test('a file imports its own folder and any folder to its left', () => {
    const breaches = server
      .flatMap(importsOf)
      .map((one) => ({ ...one, why: breach(one) }))
      .filter(({ why }) => why !== undefined)
      .map(({ from, to, why }) => `${from} → ${to}: ${why}`);
    expect(breaches).toEqual([]);
  });

  test('jobs import neither http nor routes', () => {
    const breaches = filesOf('jobs', '.ts')
      .flatMap(importsOf)
      .filter(({ to }) => folderOf(to) === 'http' || to.endsWith('routes.ts'));
    expect(breaches).toEqual([]);
  });

  test('the environment is read in one place of the server, and handed over whole', () => {
    const readers = server.filter((file) => read(file).includes('process.env'));
    expect(readers).toEqual([join('server', 'main.ts')]);
    expect(read(readers[0]!)).toContain('readConfig(process.env)');
  });

  test('views write nothing unescaped but other views', () => {
    const unescaped = filesOf('views', '.ejs').flatMap((file) =>
      [...read(file).matchAll(/<%-(.*?)%>/gs)]
        .filter(([, code]) => !/^\s*include\(/.test(code!))
        .map(() => file),
    );
    expect(unescaped).toEqual([]);
  });

  test('views run no queries and bring no inline script or style', () => {
    const faulty = filesOf('views', '.ejs').filter((file) =>
      /selectFrom|executeTake|\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)/.test(read(file)),
    );
    expect(faulty).toEqual([]);
  });

  test(`no file of the server or the jobs is longer than ${LONGEST} lines`, () => {
    const long = [...server, ...filesOf('jobs', '.ts')]
      .filter((file) => !LISTS.includes(file))
      .filter((file) => read(file).split('\n').length > LONGEST);
    expect(long).toEqual([]);
  });

  test('versions are exact, and the lock file stands beside them', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d/.test(version),
    );
    expect(loose).toEqual([]);
    expect(JSON.parse(read('package-lock.json')).lockfileVersion).toBe(3);
  });

  test('everything runs under the pinned Node', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { node: string } };
    expect(process.versions.node).toBe(dependencies.node);
  });
});
