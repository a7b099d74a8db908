import { migrate } from '../server/db/migrate.ts';
import { openJobContext, runJob } from './job-context.ts';

// node jobs/migrate.ts — applies the schema scripts the database lacks.

await runJob(async () => {
  const { db, clock } = openJobContext();
  try {
    const applied = await migrate(db, () => clock.now().toISOString());
    console.log(applied.length === 0 ? 'the schema is current' : `applied ${applied.join(', ')}`);
    return 0;
  } finally {
    await db.destroy();
  }
});
