import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { businessDay } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { Invalid, NotFound, Refused } from '../errors.ts';

// The worklist of those who are no longer on the host's list (消滅・要確認). A clerk settles each: excluded,
// with a reason and a day, or still eligible until the next file says otherwise.

export const DECISIONS = {
  moved_out: '転出のため除外',
  died: '死亡のため除外',
  not_eligible: '非該当のため除外',
  other: 'その他の理由で除外',
  eligible: '次の取込まで対象とする',
} as const;
export type Decision = keyof typeof DECISIONS;

export interface Settlement {
  personId: number;
  /** The version of the row the clerk saw. */
  version: number;
  decision: Decision;
  /** The day of the exclusion; of no meaning for who stays eligible. */
  on: LocalDate | null;
  note: string;
}

const LONGEST_NOTE = 100;

/** Reads the form of one person. Throws Invalid with a sentence for each entry at fault. */
export function readSettlement(
  typed: { decision: string; on: string; note: string; version: string },
  personId: number,
  at: Date,
): Settlement {
  const faults: Record<string, string> = {};
  const decision = Object.hasOwn(DECISIONS, typed.decision) ? (typed.decision as Decision) : undefined;
  if (decision === undefined) faults.decision = '確認の結果を選んでください。';
  let on: LocalDate | null = null;
  if (decision !== 'eligible') {
    const read = parseDate(typed.on);
    if ('problem' in read) faults.on = `除外日: ${read.problem}`;
    else if (read.date > businessDay(at))
      faults.on = '除外日が先の日付になっています。今日までの日にしてください。';
    else on = read.date;
  }
  const note = typed.note.trim();
  if (note.length > LONGEST_NOTE) faults.note = `補足は${LONGEST_NOTE}文字までにしてください。`;
  if (decision === 'other' && note === '')
    faults.note = 'その他の理由のときは、補足に理由を入力してください。';
  if (decision === undefined || Object.keys(faults).length > 0) throw new Invalid(faults);
  return { personId, version: Number(typed.version), decision, on, note };
}

/**
 * Settles a gone person. The same form sent twice has the effect of one. Throws NotFound, and Refused when
 * the row was changed since it was shown.
 */
export async function settleGone(db: Database, actor: Actor, settlement: Settlement): Promise<void> {
  const { personId, version, decision, on, note } = settlement;
  await inTransaction(db, async (trx) => {
    const before = await findState(trx, personId);
    if (before === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
    if (before.version === version + 1 && isSettledSo(before, settlement)) return;
    const state =
      decision === 'eligible'
        ? { goneOn: null, goneRunId: null }
        : {
            excludedOn: on,
            exclusionReason: decision,
            exclusionSource: 'gone' as const,
            exclusionNote: note,
          };
    const { numUpdatedRows } = await trx
      .updateTable('person')
      .set({ ...state, version: version + 1, updatedAt: actor.at.toISOString() })
      .where('id', '=', personId)
      .where('version', '=', version)
      .where('goneOn', 'is not', null)
      .where('excludedOn', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new Refused(
        '一覧を表示してから今までの間に、別の職員または取込がこの人の記録を変えたため、記録しませんでした。今の状態を確かめてください。',
      );
    }
    const values: [string, string | null, string | null][] =
      decision === 'eligible'
        ? [['gone_on', before.goneOn, '']]
        : [
            ['excluded_on', '', on],
            ['exclusion_reason', '', decision],
            ['exclusion_note', before.exclusionNote, note],
          ];
    recordEvent(
      trx,
      actor,
      { kind: 'gone.settled', personId, decision },
      values.map(([field, oldValue, newValue]) => ({
        personId,
        field,
        oldValue: oldValue ?? '',
        newValue: newValue ?? '',
      })),
    );
  });
}

async function findState(trx: Trx, personId: number) {
  return await trx
    .selectFrom('person')
    .select(['goneOn', 'excludedOn', 'exclusionReason', 'exclusionNote', 'version'])
    .where('id', '=', personId)
    .executeTakeFirst();
}

function isSettledSo(
  state: { goneOn: string | null; excludedOn: string | null; exclusionReason: string | null },
  { decision, on }: Settlement,
): boolean {
  if (decision === 'eligible') return state.goneOn === null && state.excludedOn === null;
  return state.excludedOn === on && state.exclusionReason === decision;
}
