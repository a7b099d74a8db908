import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, LetterHeldTable, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import type { LetterProblem } from './destination.ts';

// What could not be printed (印刷保留): the 文字超過リスト, unknown 外字, no address.

/** Letters and labels go with a pass, postcards with a person alone. */
export type Paper = LetterHeldTable['paper'];
export const PAPER_NAMES: Readonly<Record<Paper, string>> = {
  letter: '送付状',
  labels: '宛名ラベル',
  postcards: 'はがき',
};

/** To whom a paper goes; postcards go with no pass. */
export interface Addressee {
  personId: number;
  passId: number | null;
}

/** Puts a paper that could not be printed on the list of held ones, once for each reason. */
export async function holdPaper(
  trx: Trx,
  actor: Actor,
  paper: Paper,
  { personId, passId }: Addressee,
  { kind: problem, sentence }: LetterProblem,
): Promise<void> {
  await settleHeld(trx, actor, [paper], passId === null ? 'personId' : 'passId', [passId ?? personId]);
  await trx
    .insertInto('letterHeld')
    .values({
      paper,
      passId,
      personId,
      problem,
      sentence,
      heldAt: actor.at.toISOString(),
      heldBy: actor.accountId,
      settledAt: null,
    })
    .execute();
  recordEvent(trx, actor, { kind: 'letter.held', personId, passId, paper, problem });
}

/** Takes papers that were printed after all off the list, by the passes or people they are for (at most 2,000). */
export async function settleHeld(
  trx: Trx,
  actor: Actor,
  papers: readonly Paper[],
  of: 'passId' | 'personId',
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('letterHeld')
    .set({ settledAt: actor.at.toISOString() })
    .where('paper', 'in', papers)
    .where(of, 'in', ids)
    .where('settledAt', 'is', null)
    .execute();
}

/** Takes a paper off the list that is not to be printed any more. Throws Refused when it is not on it. */
export async function dropHeld(db: Database, actor: Actor, id: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    const open = await trx
      .selectFrom('letterHeld')
      .select(['personId', 'passId', 'paper'])
      .where('id', '=', id)
      .where('settledAt', 'is', null)
      .executeTakeFirst();
    if (open === undefined)
      throw new Refused('この印刷保留は、すでに一覧にありません。一覧を開き直してください。');
    await trx
      .updateTable('letterHeld')
      .set({ settledAt: actor.at.toISOString() })
      .where('id', '=', id)
      .execute();
    recordEvent(trx, actor, { kind: 'letter.held-settled', ...open });
  });
}

/** Papers held and not printed since, newest first; of one reason if it is named. */
export async function listHeld(db: Database, problem?: LetterProblem['kind']) {
  let query = db
    .selectFrom('letterHeld')
    .innerJoin('person', 'person.id', 'letterHeld.personId')
    .leftJoin('pass', 'pass.id', 'letterHeld.passId')
    .select(['letterHeld.id', 'letterHeld.paper', 'letterHeld.passId', 'letterHeld.personId'])
    .select(['letterHeld.problem', 'letterHeld.sentence', 'letterHeld.heldAt'])
    .select(['person.name', 'person.residentNumber', 'pass.fiscalYear', 'pass.passNumber'])
    .where('letterHeld.settledAt', 'is', null);
  if (problem !== undefined) query = query.where('letterHeld.problem', '=', problem);
  return await query.orderBy('letterHeld.id', 'desc').limit(500).execute();
}
