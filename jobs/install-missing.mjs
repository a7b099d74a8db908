import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

// Run before anything is installed, by whatever Node the machine has: brings node_modules in line with the
// lock file, and does nothing when it already is.

const lock = 'package-lock.json';
const installed = 'node_modules/.package-lock.json';

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('installing what is missing (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
