import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import type { LetterProblem } from './destination.ts';

/** Puts a letter that could not be printed on the list of held ones (文字超過リスト, 外字), once for each reason. */
export async function holdLetter(
  trx: Trx,
  actor: Actor,
  { passId, personId }: { passId: number; personId: number },
  { kind: problem, sentence }: LetterProblem,
): Promise<void> {
  await trx
    .updateTable('letterHeld')
    .set({ settledAt: actor.at.toISOString() })
    .where('passId', '=', passId)
    .where('settledAt', 'is', null)
    .execute();
  await trx
    .insertInto('letterHeld')
    .values({
      passId,
      personId,
      problem,
      sentence,
      heldAt: actor.at.toISOString(),
      heldBy: actor.accountId,
      settledAt: null,
    })
    .execute();
  recordEvent(trx, actor, { kind: 'letter.held', personId, passId, problem });
}

/** Takes letters that were printed after all off the list. */
export async function settleHeld(trx: Trx, actor: Actor, passIds: readonly number[]): Promise<void> {
  if (passIds.length === 0) return;
  await trx
    .updateTable('letterHeld')
    .set({ settledAt: actor.at.toISOString() })
    .where('passId', 'in', passIds)
    .where('settledAt', 'is', null)
    .execute();
}

/** Letters held and not printed since, newest first; of one reason if it is named. */
export async function listHeld(db: Database, problem?: LetterProblem['kind']) {
  let query = db
    .selectFrom('letterHeld')
    .innerJoin('person', 'person.id', 'letterHeld.personId')
    .innerJoin('pass', 'pass.id', 'letterHeld.passId')
    .select(['letterHeld.id', 'letterHeld.passId', 'letterHeld.personId', 'letterHeld.problem'])
    .select(['letterHeld.sentence', 'letterHeld.heldAt', 'person.name', 'person.residentNumber'])
    .select(['person.address', 'person.building', 'pass.fiscalYear', 'pass.passNumber'])
    .where('letterHeld.settledAt', 'is', null);
  if (problem !== undefined) query = query.where('letterHeld.problem', '=', problem);
  return await query.orderBy('letterHeld.id', 'desc').limit(500).execute();
}
