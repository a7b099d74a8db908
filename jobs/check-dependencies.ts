import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// npm run audit:deps — known weaknesses, licences and age of what the release is made of.
// Exit: 0 nothing found · 1 something found · 3 the registry does not answer this question, so nothing is known.

const ROOT = join(import.meta.dirname, '..');
const LICENCES =
  /^\(?(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|OFL-1\.1|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Zlib|Python-2\.0|WTFPL)\b/;
// Not stated in a form npm reads; their LICENSE files were read and are MIT.
const READ_BY_HAND = ['busboy', 'png-js', 'streamsearch'];
// A version younger than this has not been looked at by many; a direct one may be a hijacked release.
const YOUNGEST_DAYS = 7;
const OLDEST_YEARS = 4;
const DAY_MS = 86_400_000;
const run = promisify(execFile);

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  resolved?: string;
  integrity?: string;
}

async function npm(...parameters: string[]): Promise<{ stdout: string; code: number }> {
  const options = { cwd: ROOT, maxBuffer: 64 * 2 ** 20, shell: process.platform === 'win32' };
  try {
    return { stdout: (await run('npm', parameters, options)).stdout, code: 0 };
  } catch (error) {
    const { stdout = '', code = 1 } = error as { stdout?: string; code?: number };
    return { stdout, code };
  }
}

/** Asks the registry for known weaknesses. Returns how many, or undefined when it does not answer. */
async function countWeaknesses(): Promise<number | undefined> {
  const { stdout } = await npm('audit', '--omit=dev', '--json');
  const report = JSON.parse(stdout || '{}') as { metadata?: { vulnerabilities?: { total: number } } };
  return report.metadata?.vulnerabilities?.total;
}

function lockFaults(packages: Readonly<Record<string, Locked>>): string[] {
  return Object.entries(packages).flatMap(([path, { dev, license, integrity }]) => {
    if (path === '' || dev) return [];
    const name = path.replace(/^.*node_modules\//, '');
    const isKnown = license === undefined ? READ_BY_HAND.includes(name) : LICENCES.test(license);
    return [
      ...(integrity === undefined ? [`${name}: no checksum in package-lock.json`] : []),
      ...(isKnown ? [] : [`${name}: licence ${license ?? 'not stated'} is not on the list`]),
    ];
  });
}

async function ageFaults(dependencies: Readonly<Record<string, string>>): Promise<string[] | undefined> {
  const faults: string[] = [];
  for (const [name, version] of Object.entries(dependencies)) {
    const { stdout, code } = await npm('view', name, 'time', '--json');
    const published =
      code === 0 ? (JSON.parse(stdout || '{}') as Record<string, string>)[version] : undefined;
    if (published === undefined) return undefined;
    const days = Math.floor((Date.now() - Date.parse(published)) / DAY_MS);
    if (days < YOUNGEST_DAYS)
      faults.push(`${name}@${version}: ${days} days old, wait until it is ${YOUNGEST_DAYS}`);
    if (days > OLDEST_YEARS * 365) faults.push(`${name}@${version}: more than ${OLDEST_YEARS} years old`);
  }
  return faults;
}

const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const weaknesses = await countWeaknesses();
const faults = lockFaults(read('package-lock.json').packages);
const ages = await ageFaults(read('package.json').dependencies);

console.log(`known weaknesses: ${weaknesses ?? 'NOT CHECKED, the registry does not answer "npm audit"'}`);
console.log(`licences and checksums: ${faults.length === 0 ? 'all as they should be' : 'see below'}`);
console.log(
  `age of direct dependencies: ${ages === undefined ? 'NOT CHECKED' : ages.length === 0 ? 'all as it should be' : 'see below'}`,
);
for (const fault of [...faults, ...(ages ?? [])]) console.log(`  ${fault}`);
const isUnknown = weaknesses === undefined || ages === undefined;
process.exitCode = (weaknesses ?? 0) + faults.length + (ages?.length ?? 0) > 0 ? 1 : isUnknown ? 3 : 0;
