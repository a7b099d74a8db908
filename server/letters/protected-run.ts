import type { Database } from '../db/schema.ts';
import { Refused } from '../errors.ts';

/** How many of a printed file of many addressees are under protection (支援措置等) now. */
export async function countProtected(db: Database, printRunId: number): Promise<number> {
  const ofLetters = db
    .selectFrom('letter')
    .innerJoin('person', 'person.id', 'letter.personId')
    .select('letter.personId')
    .where('letter.printRunId', '=', printRunId)
    .where('person.isProtected', '=', 1);
  const ofCards = db
    .selectFrom('printRunPerson')
    .innerJoin('person', 'person.id', 'printRunPerson.personId')
    .select('printRunPerson.personId')
    .where('printRunPerson.printRunId', '=', printRunId)
    .where('printRunPerson.problem', '=', '')
    .where('person.isProtected', '=', 1);
  const people = await ofLetters.union(ofCards).execute();
  return people.length;
}

/** Keeps a file of many addressees closed once somebody in it has come under protection (支援措置等). Throws Refused. */
export async function requireNoProtected(db: Database, printRunId: number): Promise<void> {
  const people = await countProtected(db, printRunId);
  if (people === 0) return;
  throw new Refused(
    `印刷した後に支援措置等の対象となった人が${people}人いるため、このファイルは表示しませんでした。送付状は一括印刷の画面でその人を除いて作り直し、宛名ラベルとはがきは印刷し直してください。`,
  );
}
