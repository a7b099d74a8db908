import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkShipped, SHIPPED_PROBLEMS } from '../server/audit/shipped.ts';
import { runJob } from './job-context.ts';

// node jobs/check-shipped-audit.ts FILE [FILE …] — on the log host, without the database: are the received
// lines without a gap, and unaltered? Rotated files in order, the oldest first.
// Exit: 0 whole · 2 broken, with the line (counted over all files) · 1 the job could not be done.

async function* linesOf(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  }
}

await runJob(async () => {
  const paths = process.argv.slice(2);
  if (paths.length === 0) {
    console.error('usage: check-shipped-audit.ts FILE [FILE …]');
    return 1;
  }
  const verdict = await checkShipped(linesOf(paths));
  if (verdict.whole) {
    const { lines, first, last } = verdict;
    console.log(
      last === undefined
        ? '行がありません。'
        : `受け取った操作記録${lines}件（${first}番〜${last.sequence}番）は完全です。末尾 ${last.sequence}番 ${last.hash}`,
    );
    return 0;
  }
  const due = verdict.expected === undefined ? '' : `（次は${verdict.expected}番のはず）`;
  console.error(`${verdict.line}行目: ${SHIPPED_PROBLEMS[verdict.problem]}${due}`);
  return 2;
});
