import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import type { CoverLetter } from './cover-letter.ts';

/** Letters of a person, newest first. */
export async function listLetters(db: Database, personId: number) {
  return await db
    .selectFrom('letter')
    .leftJoin('account', 'account.id', 'letter.printedBy')
    .select(['letter.id', 'letter.passId', 'letter.serial', 'letter.printedOn', 'letter.reprintReason'])
    .select('account.displayName as printedByName')
    .where('letter.personId', '=', personId)
    .orderBy('letter.id', 'desc')
    .execute();
}

/** How many papers (送付状・宛名ラベル・はがき) could not be printed and wait to be (印刷保留). */
export async function countHeld(db: Database): Promise<number> {
  const { held } = await db
    .selectFrom('letterHeld')
    .select((row) => row.fn.countAll<number>().as('held'))
    .where('settledAt', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(held);
}

/** A letter as it was printed, with the moment that stands in its PDF. Throws NotFound. */
export async function getLetter(db: Database, id: number) {
  const row = await db
    .selectFrom('letter')
    .select(['id', 'personId', 'passId', 'serial', 'content', 'printedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('この送付状は記録にありません。個人票を開き直してください。');
  const { content, printedAt, ...rest } = row;
  return { ...rest, printedAt: new Date(printedAt), letter: JSON.parse(content) as CoverLetter };
}
