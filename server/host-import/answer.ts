import { requireOtherPerson } from '../accounts/second-person.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';

// The answer to a held run (承認待ち): a second person with the right, and a reason. A run that the night
// started has no first person, so any one person with the right may answer it.

export interface Answer {
  runId: number;
  /** The hash of the differences on the page the answer was given on. */
  comparison: string;
  reason: string;
}

const LONGEST_REASON = 200;

/** A reason as typed. Throws Invalid when there is none. */
export function readReason(typed: string): string {
  const reason = typed.trim();
  if (reason === '')
    throw new Invalid({ reason: '理由を入力してください。あとで確かめるときの根拠になります。' });
  if (reason.length > LONGEST_REASON)
    throw new Invalid({ reason: `理由は${LONGEST_REASON}文字までにしてください。` });
  return reason;
}

/** A held run whose approval has been recorded, ready to be taken through once more. */
export interface Approved {
  runId: number;
  fileName: string;
  sha256: string;
  comparison: string;
  expectedCount: number | undefined;
}

/**
 * Records the approval of a held run; applying it is the caller's next step, which compares again and
 * applies only what was approved. Throws Invalid without a reason, Forbidden for the person who started
 * the run, Refused when it does not wait or waits with other figures than were shown.
 */
export async function approveRun(db: Database, actor: Actor, answer: Answer): Promise<Approved> {
  return await inTransaction(db, async (trx) => {
    const run = await answerRun(trx, actor, answer, 'running');
    recordEvent(
      trx,
      actor,
      { kind: 'import.approved', importRunId: answer.runId, comparison: answer.comparison },
      reasonBeside(answer),
    );
    return {
      runId: run.id,
      fileName: run.fileName,
      sha256: run.fileSha256,
      comparison: answer.comparison,
      expectedCount: run.expectedCount ?? undefined,
    };
  });
}

/** Rejects a held run: the register stays as it was, and the same file is not taken up by the night again. */
export async function rejectRun(db: Database, actor: Actor, answer: Answer): Promise<void> {
  await inTransaction(db, async (trx) => {
    await answerRun(trx, actor, answer, 'rejected');
    recordEvent(
      trx,
      actor,
      { kind: 'import.rejected', importRunId: answer.runId, comparison: answer.comparison },
      reasonBeside(answer),
    );
  });
}

async function answerRun(trx: Trx, actor: Actor, answer: Answer, status: 'running' | 'rejected') {
  const reason = readReason(answer.reason);
  const run = await trx
    .selectFrom('importRun')
    .select(['id', 'status', 'accountId', 'comparisonHash', 'fileName', 'fileSha256', 'expectedCount'])
    .where('id', '=', answer.runId)
    .executeTakeFirst();
  if (run === undefined) throw new NotFound('この取込は記録にありません。取込の一覧から選び直してください。');
  requireOtherPerson(actor, run.accountId, '取込');
  const at = actor.at.toISOString();
  const { numUpdatedRows } = await trx
    .updateTable('importRun')
    .set({
      status,
      answeredBy: actor.accountId,
      answeredAt: at,
      answerReason: reason,
      reason: status === 'rejected' ? '却下されたため、反映していません。台帳は変わっていません。' : '',
      progress: 0,
      progressAt: at,
    })
    .where('id', '=', answer.runId)
    .where('status', '=', 'held')
    .where('comparisonHash', '=', answer.comparison)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new Refused(
      run.status === 'held'
        ? '表示してから今までの間に差分を比べ直したため、受け付けませんでした。新しい差分を確かめてから、もう一度操作してください。'
        : 'この取込はもう承認を待っていないため、受け付けませんでした。今の結果を確かめてください。',
    );
  }
  return run;
}

// What a person writes may name a resident, so it stands beside the chain and not in it.
function reasonBeside({ reason }: Answer) {
  return [{ personId: 0, field: 'reason', oldValue: '', newValue: reason.trim() }];
}
