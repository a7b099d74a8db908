import type { Database } from '../db/schema.ts';
import { Refused } from '../errors.ts';

/**
 * Keeps a file of many addressees closed once somebody in it has come under protection (支援措置等). Labels and
 * postcards do not name their people, so a file older than the last support measure stays closed. Throws Refused.
 */
export async function requireNoProtected(
  db: Database,
  run: { id: number; kind: string; printedAt: string },
): Promise<void> {
  const inBatch = db
    .selectFrom('letter')
    .innerJoin('person', 'person.id', 'letter.personId')
    .select('letter.id')
    .where('letter.printRunId', '=', run.id)
    .where('person.isProtected', '=', 1);
  const later = db
    .selectFrom('circumstance')
    .select('id')
    .where('kind', '=', 'protected')
    .where('endedAt', 'is', null)
    .where('createdAt', '>=', run.printedAt);
  const found =
    run.kind === 'batch'
      ? await inBatch.limit(1).executeTakeFirst()
      : await later.limit(1).executeTakeFirst();
  if (found === undefined) return;
  throw new Refused(
    '印刷した後に支援措置等の対象となった人を含むか、含むおそれがあるため、このファイルは表示しませんでした。要るものを作成し直してください。',
  );
}
