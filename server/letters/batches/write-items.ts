import type { Trx } from '../../db/schema.ts';
import { destinationOf, type LetterSubject } from '../subject.ts';

const ROWS_AN_INSERT = 200;

/** Writes the items of a batch in the order of its letters; `whyHeld` says of one why it is not to be printed. */
export async function writeItems(
  trx: Trx,
  batchId: number,
  subjects: readonly LetterSubject[],
  whyHeld: (subject: LetterSubject) => string | undefined = () => undefined,
): Promise<void> {
  const rows = subjects.map((subject, at) => {
    const problem = whyHeld(subject);
    return {
      batchId,
      ordinal: at + 1,
      passId: subject.passId,
      postalCode: destinationOf(subject).postalCode,
      state: problem === undefined ? ('waiting' as const) : ('held' as const),
      problem: problem ?? '',
      letterId: null,
    };
  });
  for (let from = 0; from < rows.length; from += ROWS_AN_INSERT) {
    await trx
      .insertInto('letterBatchItem')
      .values(rows.slice(from, from + ROWS_AN_INSERT))
      .execute();
  }
}
