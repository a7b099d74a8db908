import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

// Half of a start goes into stripping types and compiling: what was made of a file is kept for the next one, beside
// the packages, where nobody writes who could not change the program itself.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));

const { ConfigFault, readConfig } = await import('./config.ts');
const { describeError } = await import('./log.ts');

try {
  const config = readConfig(process.env);
  const { serve } = await import('./serve.ts');
  await serve(config);
  flushCompileCache();
} catch (error) {
  console.error(error instanceof ConfigFault ? error.message : describeError(error));
  process.exit(1);
}
