// npm run bench -- NAME [options] [--json] — measures the system and its floor in turn in one run, one file
// each in this folder. A bench exports `bench(args)`, which prints a table, or with --json one object.

const [name, ...args] = process.argv.slice(2);

if (name === undefined || !/^[a-z-]+$/.test(name) || name === 'run') {
  console.error('usage: npm run bench -- import|letters|lookup|audit|start [options] [--json]');
  process.exitCode = 1;
} else {
  const { bench } = (await import(`./${name}.ts`)) as { bench(args: string[]): Promise<void> };
  await bench(args);
}
