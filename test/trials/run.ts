// npm run trials -- NAME [options] — long seeded trials beside the suite, one file each in this folder.
// A trial exports `trial(args)`, which prints what it did with its seed and returns the exit code.

const [name, ...args] = process.argv.slice(2);

if (name === undefined || !/^[a-z-]+$/.test(name) || name === 'run') {
  console.error('usage: npm run trials -- NAME [--seed N] [--rounds N]');
  process.exitCode = 1;
} else {
  const { trial } = (await import(`./${name}.ts`)) as { trial(args: string[]): Promise<number> };
  process.exitCode = await trial(args);
}
