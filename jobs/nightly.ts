import { requireCurrentSchema } from '../server/db/migrate.ts';
import { runNight } from '../server/host-import/night.ts';
import { purgeLetterFiles } from '../server/letters/batches/purge-files.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';

// node jobs/nightly.ts [--json] — imports what is new in the inbox, oldest base date first, and erases what
// has expired, the old files of printed batches too. A night without a file is a success that says so. Exits as the import does (0, 1, 2 or 3),
// with the first outcome that was not a success. Safe beside a running server and beside itself.

await runJob(async () => {
  const context = openJobContext();
  try {
    await requireCurrentSchema(context.db);
    const actor = jobActor('nightly', context.clock.now());
    const night = await runNight(context, actor);
    const letterFiles = await purgeLetterFiles(context, actor);
    if (process.argv.includes('--json')) console.log(JSON.stringify({ ...night, letterFiles }));
    else
      console.log(
        [...night.lines, `保管する日数を過ぎた一括印刷のファイル ${letterFiles}件を消去しました。`].join(
          '\n',
        ),
      );
    return night.exitCode;
  } finally {
    await context.db.destroy();
  }
});
