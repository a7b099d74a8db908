import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import { FILE_NAME } from '../server/host-import/layout.ts';
import { importHostExtract } from '../server/host-import/run.ts';
import { describeOutcome, EXIT } from './import-host-extract.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';

// node jobs/nightly.ts [--json] — imports what is new in the inbox, oldest base date first. A night without
// a file is a success that says so. Exits as the import does, with the first outcome that was not a success.

await runJob(async () => {
  const asJson = process.argv.includes('--json');
  const context = openJobContext();
  try {
    await requireCurrentSchema(context.db);
    const files = await listInbox(context.config.inboxDirectory);
    const outcomes = [];
    for (const file of files) {
      const actor = jobActor('nightly', context.clock.now());
      const outcome = await importHostExtract(context, actor, join(context.config.inboxDirectory, file));
      outcomes.push({ file, ...outcome });
      if (!asJson) console.log(`${file}\n${describeOutcome(outcome)}`);
      if (EXIT[outcome.outcome] !== 0) break;
    }
    if (asJson) console.log(JSON.stringify({ files: outcomes }));
    else if (files.length === 0)
      console.log('受信フォルダーに抽出ファイルはありません。取り込むものはありません。');
    return outcomes.map(({ outcome }) => EXIT[outcome]).find((code) => code !== 0) ?? 0;
  } finally {
    await context.db.destroy();
  }
});

/** Names of host extracts in the inbox, by base date and number; none when there is no such folder. */
async function listInbox(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => FILE_NAME.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
