import { fiscalYearLabel, fiscalYearOf } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { YearRule } from '../settings/year-rule.ts';
import { type ApplicationKind, PASS_STATUS_NAMES, type PassOfYear, type PassStatus } from './pass.ts';

// The pass as a state machine: which act takes it from which state to which. docs/pass-states.md draws this table.

export interface PassMove {
  act: 'reissue_lost' | 'reissue_damaged' | 'surrender' | 'revoke' | 'restore';
  label: string;
  from: PassStatus;
  to: PassStatus;
}

export const PASS_MOVES: readonly PassMove[] = [
  { act: 'reissue_lost', label: '紛失による再交付', from: 'valid', to: 'lost' },
  { act: 'reissue_damaged', label: '汚損による交換', from: 'valid', to: 'damaged' },
  { act: 'surrender', label: '返還', from: 'valid', to: 'surrendered' },
  { act: 'revoke', label: '交付取消', from: 'valid', to: 'revoked' },
  // A reissue that was itself a mistake: the pass it had replaced counts again.
  { act: 'restore', label: '再交付の取消による復活', from: 'lost', to: 'valid' },
  { act: 'restore', label: '再交付の取消による復活', from: 'damaged', to: 'valid' },
];

/** The state a pass gets by an act; undefined when the act is not open to it. */
export function stateAfter(act: PassMove['act'], from: PassStatus): PassStatus | undefined {
  return PASS_MOVES.find((move) => move.act === act && move.from === from)?.to;
}

/** Why an act is not open to a pass, as a sentence; undefined when it is. */
export function moveProblem(act: 'surrender' | 'revoke', from: PassStatus): string | undefined {
  if (stateAfter(act, from) !== undefined) return undefined;
  const label = PASS_MOVES.find((move) => move.act === act)!.label;
  return `この入浴証は「${PASS_STATUS_NAMES[from]}」のため、${label}を記録しませんでした。有効な入浴証の行から記録してください。`;
}

export interface ApplicationProblem {
  sentence: string;
  /** Whether it is the limit of reissues, which somebody with the right may go past with a reason. */
  isLimit: boolean;
}

/**
 * Why an application of this kind cannot lead to a pass, given the person's passes of the same fiscal year and
 * how often that year replaces a lost one; undefined when it can.
 */
export function findApplicationProblem(
  kind: ApplicationKind,
  ofYear: readonly PassOfYear[],
  lossReissues: number,
): ApplicationProblem | undefined {
  const isHeld = ofYear.some(({ status }) => status === 'valid');
  if (kind === 'new') {
    return isHeld ? { sentence: ALREADY_HELD, isLimit: false } : undefined;
  }
  if (!isHeld) return { sentence: NOTHING_TO_REPLACE, isLimit: false };
  if (kind === 'reissue_damaged') return undefined;
  const lost = ofYear.filter(({ status }) => status === 'lost').length;
  if (lost < lossReissues) return undefined;
  const sentence =
    lossReissues === 0
      ? 'この年度は紛失による再交付を行わないため、交付できません。次の年度の入浴証を案内してください。'
      : `紛失による再交付は年度内に${lossReissues}回までで、すでに行っているため交付できません。次の年度の入浴証を案内してください。`;
  return { sentence, isLimit: true };
}

const ALREADY_HELD =
  'この年度の有効な入浴証がすでにあるため、新規の交付はできません。紛失・汚損のときは再交付を選んでください。';
const NOTHING_TO_REPLACE =
  'この年度の有効な入浴証がないため、再交付はできません。新規の交付を選んでください。';

/** The fiscal years whose passes are issued on a day: the present one, and the next once its first day has come. */
export function issuableYears(on: LocalDate, next: Pick<YearRule, 'issueFromOn'>): number[] {
  const present = fiscalYearOf(on);
  return on >= next.issueFromOn ? [present, present + 1] : [present];
}

/** Why a pass of a fiscal year cannot be issued on a day, as a sentence; undefined when it can. */
export function yearProblem(fiscalYear: number, on: LocalDate, next: YearRule): string | undefined {
  if (issuableYears(on, next).includes(fiscalYear)) return undefined;
  if (fiscalYear === next.fiscalYear) {
    return `${fiscalYearLabel(fiscalYear)}の入浴証は${formatWareki(next.issueFromOn)}から交付します。それまでは${fiscalYearLabel(fiscalYearOf(on))}の入浴証だけを交付してください。`;
  }
  return `${fiscalYearLabel(fiscalYear)}の入浴証は、この交付日では交付できません。年度を選び直してください。`;
}
