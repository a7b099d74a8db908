import { afterPrefix } from '../db/dialect.ts';
import type { Database } from '../db/schema.ts';
import { DUMMY_PREFIX } from './dummy-mark.ts';

/** Throws when the register holds dummy people: production must never serve them. */
export async function requireRealData(db: Database): Promise<void> {
  const dummy = await db
    .selectFrom('person')
    .select('id')
    .where('residentNumber', '>=', DUMMY_PREFIX)
    .where('residentNumber', '<', afterPrefix(DUMMY_PREFIX))
    .limit(1)
    .executeTakeFirst();
  if (dummy !== undefined) {
    throw new Error('the register holds dummy data; production starts on an empty or a real register only');
  }
}

/** Throws when the register holds anyone who is not dummy data: the demo never touches real people. */
export async function requireDummyData(db: Database): Promise<void> {
  const real = await db
    .selectFrom('person')
    .select('id')
    .where((where) =>
      where.or([
        where('residentNumber', '<', DUMMY_PREFIX),
        where('residentNumber', '>=', afterPrefix(DUMMY_PREFIX)),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (real !== undefined)
    throw new Error('the register holds people who are not dummy data; the demo does not touch it');
}
