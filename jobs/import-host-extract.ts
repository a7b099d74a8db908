import { parseArgs } from 'node:util';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import { EXIT, HEADLINES, type ImportOutcome } from '../server/host-import/outcome.ts';
import { importHostExtract } from '../server/host-import/run.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';
import { progressBar } from './progress-bar.ts';

// node jobs/import-host-extract.ts FILE [--dry-run] [--expect-count N] [--json]
// Exit: 0 applied, or nothing to do · 2 refused · 3 held for approval · 1 failed; but for the first the
// register is unchanged. A dry run ends as the real one would, but 0 when it would be applied.

/** What a person reads of an outcome. */
export function describeOutcome(outcome: ImportOutcome): string {
  const { read, changed, returned, gone, ended, same, rejected, warnings } = outcome;
  const lines = [
    `取込番号${outcome.runId} 抽出基準日 ${outcome.baseDate ?? '不明'}: ${HEADLINES[outcome.outcome]}`,
  ];
  if (outcome.reason !== '') lines.push(outcome.reason);
  if (read > 0) {
    lines.push(
      `読込${read} = 新規${outcome.new} + 変更${changed} + 復活${returned} + 資格喪失${ended} + 同一${same} + 不備${rejected}`,
      `消滅（要確認）${gone} 注意${warnings}`,
    );
  }
  return lines.join('\n');
}

if (import.meta.main) {
  await runJob(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        'expect-count': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [path] = positionals;
    const expected = values['expect-count'];
    if (path === undefined || positionals.length > 1 || (expected !== undefined && !/^\d+$/.test(expected))) {
      console.error('usage: import-host-extract.ts FILE [--dry-run] [--expect-count N] [--json]');
      return 1;
    }
    const context = openJobContext();
    try {
      await requireCurrentSchema(context.db);
      const bar = progressBar('取込');
      const actor = jobActor('import-host-extract', context.clock.now());
      const outcome = await importHostExtract(context, actor, path, {
        dryRun: values['dry-run'],
        onProgress: bar.show,
        ...(expected === undefined ? {} : { expectedCount: Number(expected) }),
      });
      bar.done();
      console.log(values.json ? JSON.stringify(outcome) : describeOutcome(outcome));
      return EXIT[outcome.outcome];
    } finally {
      await context.db.destroy();
    }
  });
}
