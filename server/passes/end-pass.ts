import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { stopMailing } from './mailing-stop.ts';
import { moveProblem, stateAfter } from './pass-moves.ts';
import { getSeenPass } from './seen-pass.ts';

export const SURRENDER_REASON_NAMES = {
  moved_out: '転出などで対象外になる',
  no_use: '利用の予定がない',
  other: 'その他',
} as const;
export type SurrenderReason = keyof typeof SURRENDER_REASON_NAMES;

interface SeenPass {
  passId: number;
  /** The version the clerk saw. */
  version: number;
}

/**
 * Records that a pass was given back by its holder (返還). Next year's mailing leaves the person out.
 * Throws Invalid, Refused, ChangedMeanwhile and NotFound.
 */
export async function surrenderPass(
  db: Database,
  actor: Actor,
  { passId, version, reason }: SeenPass & { reason: string },
): Promise<void> {
  if (!Object.hasOwn(SURRENDER_REASON_NAMES, reason))
    throw new Invalid({ reason: '返還の理由を選んでください。' });
  const because = reason as SurrenderReason;
  await inTransaction(db, async (trx) => {
    const pass = await getSeenPass(trx, passId, version);
    requireMove('surrender', pass.status);
    await endPass(trx, actor, passId, 'surrendered', SURRENDER_REASON_NAMES[because]);
    const { personId, fiscalYear, passNumber } = pass;
    recordEvent(trx, actor, {
      kind: 'pass.surrendered',
      personId,
      passId,
      fiscalYear,
      passNumber,
      reason: because,
    });
    await stopMailing(trx, actor, personId, businessDay(actor.at));
  });
}

/**
 * Takes back an issue that was a mistake (交付取消). The number is never used again; the pass that a mistaken
 * reissue had replaced counts again. Throws Invalid without a reason, Refused, ChangedMeanwhile and NotFound.
 */
export async function revokePass(
  db: Database,
  actor: Actor,
  { passId, version, reason }: SeenPass & { reason: string },
): Promise<void> {
  const because = reason.trim();
  if (because === '' || because.length > 200) {
    throw new Invalid({ reason: '交付を取り消す理由を200文字までで入力してください。' });
  }
  await inTransaction(db, async (trx) => {
    const pass = await getSeenPass(trx, passId, version);
    requireMove('revoke', pass.status);
    await endPass(trx, actor, passId, 'revoked', because);
    const { personId, fiscalYear, passNumber, predecessorId } = pass;
    recordEvent(trx, actor, { kind: 'pass.revoked', personId, passId, fiscalYear, passNumber }, [
      { personId, field: 'revoke_reason', oldValue: '', newValue: because },
    ]);
    if (predecessorId !== null) await restorePass(trx, actor, predecessorId);
  });
}

function requireMove(act: 'surrender' | 'revoke', from: Parameters<typeof moveProblem>[1]): void {
  const problem = moveProblem(act, from);
  if (problem !== undefined) throw new Refused(problem);
}

async function endPass(
  trx: Trx,
  actor: Actor,
  id: number,
  status: 'surrendered' | 'revoked',
  statusReason: string,
): Promise<void> {
  await trx
    .updateTable('pass')
    .set((set) => ({
      status,
      statusOn: businessDay(actor.at),
      statusReason,
      version: set('version', '+', 1),
    }))
    .where('id', '=', id)
    .execute();
}

async function restorePass(trx: Trx, actor: Actor, id: number): Promise<void> {
  const { personId, status, issuedOn } = await trx
    .selectFrom('pass')
    .select(['personId', 'status', 'issuedOn'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const restored = stateAfter('restore', status);
  if (restored === undefined) return;
  await trx
    .updateTable('pass')
    .set((set) => ({ status: restored, statusOn: issuedOn, version: set('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
  recordEvent(trx, actor, { kind: 'pass.restored', personId, passId: id });
}
