import { addDays, type LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';

/** What the passing of a day alone has changed, in people and circumstances. */
export interface DayJudgement {
  /** Eligible as children only, and the day until which they are has passed. */
  childrenEnded: number;
  /** Support measures past their end, which do not end by a date alone. */
  protectedOverdue: number;
  /** Other circumstances, a mailing address among them, whose last day was yesterday. */
  circumstancesEnded: number;
}

/** Judges anew what hangs on dates, as of `today`. Changes nothing: each is for a clerk, or for the next extract. */
export async function judgeDay(db: Database, today: LocalDate): Promise<DayJudgement> {
  const children = await db
    .selectFrom('person')
    .select((count) => count.fn.countAll<number>().as('people'))
    .where('goneOn', 'is', null)
    .where('excludedOn', 'is', null)
    .where('isChild', '=', 1)
    .where('isElderly', '=', 0)
    .where('isDisabled', '=', 0)
    .where('childEndsOn', '<', today)
    .executeTakeFirstOrThrow();
  const circumstances = db
    .selectFrom('circumstance')
    .select((count) => count.fn.countAll<number>().as('count'))
    .where('endedAt', 'is', null);
  const overdue = await circumstances
    .where('kind', '=', 'protected')
    .where('endsOn', '<', today)
    .executeTakeFirstOrThrow();
  const ended = await circumstances
    .where('kind', '<>', 'protected')
    .where('endsOn', '=', addDays(today, -1))
    .executeTakeFirstOrThrow();
  return {
    childrenEnded: Number(children.people),
    protectedOverdue: Number(overdue.count),
    circumstancesEnded: Number(ended.count),
  };
}
