import { verifyChain } from '../server/audit/verify.ts';
import { openJobContext, runJob } from './job-context.ts';

// node jobs/verify-audit.ts — checks the whole record of acts. Exit: 0 whole · 2 broken, with the place.

await runJob(async () => {
  const { db } = openJobContext();
  try {
    const verdict = await verifyChain(db);
    if (verdict.whole) {
      console.log(`操作記録 ${verdict.events}件は完全です。最終ハッシュ ${verdict.lastHash}`);
      return 0;
    }
    console.error(`操作記録が${verdict.brokenAt}番で壊れています: ${verdict.problem}`);
    return 2;
  } finally {
    await db.destroy();
  }
});
