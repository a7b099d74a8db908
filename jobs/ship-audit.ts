import { parseArgs } from 'node:util';
import { shipEvents } from '../server/audit/ship.ts';
import { HELD_ELSEWHERE, withLock } from '../server/db/lock.ts';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import { openJobContext, runJob } from './job-context.ts';

// node jobs/ship-audit.ts --to FILE — appends the events a log host does not have yet, one JSON object a line.
// Exit: 0 done, also when another one is at it · 1 not done, also when the record is not what was shipped.

await runJob(async () => {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  const path = values.to;
  if (path === undefined) {
    console.error('usage: ship-audit.ts --to FILE');
    return 1;
  }
  const { db } = openJobContext();
  try {
    await requireCurrentSchema(db);
    const outcome = await withLock(db, 'ship-audit', () => shipEvents(db, path));
    if (outcome === HELD_ELSEWHERE) console.log('別の送付が動いているため、何もしませんでした。');
    else
      console.log(
        `操作記録を${outcome.shipped}件送りました。末尾 ${outcome.last.sequence}番 ${outcome.last.hash}`,
      );
    return 0;
  } finally {
    await db.destroy();
  }
});
