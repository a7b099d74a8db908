import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { RETURN_REASONS, RETURN_STAGES, type ReturnStage, returnMoveProblem } from './return-stages.ts';
import { getSeenPass } from './seen-pass.ts';

export interface ReturnedMail {
  passId: number;
  /** The version the clerk saw. */
  version: number;
  returnedOn: LocalDate;
  reason: string;
  note: string;
}

/**
 * Records that a pass came back by post (返戻). Throws Invalid, Refused when it is not valid or was handed over
 * at a counter, ChangedMeanwhile and NotFound.
 */
export async function recordReturnedMail(
  db: Database,
  actor: Actor,
  { passId, version, returnedOn, reason, note }: ReturnedMail,
): Promise<void> {
  const returnReason = RETURN_REASONS.find((one) => one === reason);
  if (returnReason === undefined) throw new Invalid({ reason: '返戻の事由を選んでください。' });
  await inTransaction(db, async (trx) => {
    const pass = await getSeenPass(trx, passId, version);
    if (pass.status !== 'valid') {
      throw new Refused(
        'この入浴証は有効でないため、返戻を登録しませんでした。有効な入浴証の行から登録してください。',
      );
    }
    if (returnedOn < pass.issuedOn) {
      throw new Invalid({
        returnedOn: `返戻日が交付日（${formatWareki(pass.issuedOn)}）より前になっています。交付日と同じか、後の日にしてください。`,
      });
    }
    const problem = returnMoveProblem(pass.returnStage, 'registered');
    if (problem !== undefined) throw new Refused(problem);
    await trx
      .updateTable('pass')
      .set((set) => ({
        returnedOn,
        returnReason,
        returnNote: note,
        returnStage: 'registered',
        returnStageOn: businessDay(actor.at),
        version: set('version', '+', 1),
      }))
      .where('id', '=', passId)
      .execute();
    const { personId } = pass;
    recordEvent(
      trx,
      actor,
      { kind: 'pass.mail-returned', personId, passId, returnedOn, reason: returnReason },
      [{ personId, field: 'return_note', oldValue: pass.returnNote, newValue: note }],
    );
  });
}

export interface ReturnStep {
  passId: number;
  /** The version the clerk saw. */
  version: number;
  stage: string;
  note: string;
}

/** Takes returned mail a stage further (調査・住所確認・再送付・打切り). Throws as `recordReturnedMail` does. */
export async function advanceReturn(
  db: Database,
  actor: Actor,
  { passId, version, stage, note }: ReturnStep,
): Promise<void> {
  const to = RETURN_STAGES.find((one): one is ReturnStage => one === stage && one !== 'registered');
  if (to === undefined) throw new Invalid({ stage: '次の段階を選んでください。' });
  await inTransaction(db, async (trx) => {
    const pass = await getSeenPass(trx, passId, version);
    const problem = returnMoveProblem(pass.returnStage, to);
    if (problem !== undefined) throw new Refused(problem);
    const returnNote = note === '' ? pass.returnNote : note;
    await trx
      .updateTable('pass')
      .set((set) => ({
        returnStage: to,
        returnStageOn: businessDay(actor.at),
        returnNote,
        version: set('version', '+', 1),
      }))
      .where('id', '=', passId)
      .execute();
    const { personId } = pass;
    recordEvent(trx, actor, { kind: 'pass.return-advanced', personId, passId, stage: to }, [
      { personId, field: 'return_note', oldValue: pass.returnNote, newValue: returnNote },
    ]);
  });
}

/** Takes returned mail on when its letter is printed anew, so that nobody has to enter it a second time. */
export async function recordResent(trx: Trx, actor: Actor, passId: number): Promise<void> {
  const pass = await trx
    .selectFrom('pass')
    .select(['personId', 'returnStage'])
    .where('id', '=', passId)
    .executeTakeFirstOrThrow();
  if (pass.returnStage === null || returnMoveProblem(pass.returnStage, 'resent') !== undefined) return;
  await trx
    .updateTable('pass')
    .set((set) => ({
      returnStage: 'resent',
      returnStageOn: businessDay(actor.at),
      version: set('version', '+', 1),
    }))
    .where('id', '=', passId)
    .execute();
  recordEvent(trx, actor, { kind: 'pass.return-advanced', personId: pass.personId, passId, stage: 'resent' });
}
