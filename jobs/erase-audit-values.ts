import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { countErasable, type Erasure, type ErasureScope, eraseValues } from '../server/audit/erase-values.ts';
import { isLocalDate } from '../server/calendar/local-date.ts';
import { requireCurrentSchema } from '../server/db/migrate.ts';
import { jobActor, openJobContext, runJob } from './job-context.ts';

// node jobs/erase-audit-values.ts (--person ID | --before YYYY-MM-DD) [--ground TEXT --erase]
// Erases residents' values kept beside the record of acts, their former names and addresses and the telephone
// inquiries about them; without --erase it only says how many.
// ID is the number in the address of the person's page, not the resident number. Exit: 0 done · 1 not done.

const USAGE =
  'usage: erase-audit-values.ts (--person ID | --before YYYY-MM-DD) [--ground 起案番号など --erase]';

function readScope(person: string | undefined, before: string | undefined): ErasureScope | undefined {
  if (person !== undefined && before === undefined && /^[1-9]\d{0,8}$/.test(person)) {
    return { personId: Number(person) };
  }
  return person === undefined && before !== undefined && isLocalDate(before) ? { before } : undefined;
}

function wordsFor({ events, values, formerValues, inquiries }: Erasure): string {
  return `操作${events}件の値${values}件、前の氏名・住所など${formerValues}件、電話照会${inquiries}件`;
}

await runJob(async () => {
  const { values } = parseArgs({
    options: {
      person: { type: 'string' },
      before: { type: 'string' },
      ground: { type: 'string', default: '' },
      erase: { type: 'boolean', default: false },
    },
  });
  const scope = readScope(values.person, values.before);
  if (scope === undefined) {
    console.error(USAGE);
    return 1;
  }
  const { db, clock } = openJobContext();
  try {
    await requireCurrentSchema(db);
    if (!values.erase) {
      const due = await countErasable(db, scope);
      console.log(`消去の対象は${wordsFor(due)}です。消去するときは --ground と --erase を付けてください。`);
      return 0;
    }
    const actor = jobActor(`erase-audit-values (${userInfo().username})`, clock.now());
    const erased = await eraseValues(db, actor, scope, values.ground);
    console.log(`${wordsFor(erased)}を消去し、操作記録に残しました。`);
    return 0;
  } finally {
    await db.destroy();
  }
});
