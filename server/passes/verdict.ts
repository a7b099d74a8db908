import { fiscalYearLabel } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { UNSAID_LOSS_REISSUES } from '../settings/year-rule.ts';
import { DELIVERY_METHOD_NAMES, type DeliveryMethod, type PassStatus } from './pass.ts';
import { findApplicationProblem } from './pass-moves.ts';
import { OPEN_RETURN_STAGES, RETURN_STAGE_NAMES, type ReturnStage } from './return-stages.ts';

// The answer a branch office hears on the telephone: may this person be handed a pass, and why.

export const VERDICTS = ['issuable', 'issued', 'not-eligible', 'needs-check'] as const;
export type VerdictKind = (typeof VERDICTS)[number];

export interface Verdict {
  kind: VerdictKind;
  /** In large letters. */
  heading: string;
  reason: string;
  /** Whether a lost or damaged pass may be replaced; only when one was issued. */
  mayReissue: { lost: boolean; damaged: boolean };
}

export interface VerdictPerson {
  excludedOn: LocalDate | null;
  exclusionReason: keyof typeof EXCLUSION_REASON_NAMES | null;
  goneOn: LocalDate | null;
}

export interface VerdictPass {
  id: number;
  status: PassStatus;
  issuedOn: LocalDate;
  officeName: string;
  deliveryMethod: DeliveryMethod;
  returnedOn: LocalDate | null;
  returnStage: ReturnStage | null;
  /** How often the pass's fiscal year replaces a lost one; null while nobody has set the year. */
  lossReissues: number | null;
}

export const EXCLUSION_REASON_NAMES = {
  moved_out: '転出',
  died: '死亡',
  not_eligible: '非該当',
  own_wish: '本人申出',
  other: 'その他',
} as const;

const NO_REISSUE = { lost: false, damaged: false };

/** Judges a person for one fiscal year from the passes of that year. */
export function judge(person: VerdictPerson, ofYear: readonly VerdictPass[], fiscalYear: number): Verdict {
  const year = fiscalYearLabel(fiscalYear);
  if (person.excludedOn !== null) {
    const why = EXCLUSION_REASON_NAMES[person.exclusionReason ?? 'other'];
    const reason = `${formatWareki(person.excludedOn)}に除外（${why}）されています。`;
    return { kind: 'not-eligible', heading: '対象外', reason, mayReissue: NO_REISSUE };
  }
  if (person.goneOn !== null) {
    const reason = `${formatWareki(person.goneOn)}基準のホスト抽出に載らなくなりました。資格を確かめるまで交付できません。`;
    return { kind: 'needs-check', heading: '要確認', reason, mayReissue: NO_REISSUE };
  }
  const valid = ofYear.find(({ status }) => status === 'valid');
  if (valid === undefined) {
    return {
      kind: 'issuable',
      heading: '交付可',
      reason: `対象者です。${year}の入浴証は未交付です。`,
      mayReissue: NO_REISSUE,
    };
  }
  const how = `${formatWareki(valid.issuedOn)}に${valid.officeName}で交付済み（${DELIVERY_METHOD_NAMES[valid.deliveryMethod]}）です。`;
  const limit = valid.lossReissues ?? UNSAID_LOSS_REISSUES;
  const mayReissue = {
    lost: findApplicationProblem('reissue_lost', ofYear, limit) === undefined,
    damaged: findApplicationProblem('reissue_damaged', ofYear, limit) === undefined,
  };
  if (isBackWithUs(valid)) {
    const stage = RETURN_STAGE_NAMES[valid.returnStage ?? 'registered'];
    const reason = `${how}${formatWareki(valid.returnedOn!)}に郵便が返戻されています（${stage}）。住所を確かめてください。`;
    return { kind: 'needs-check', heading: '要確認', reason, mayReissue };
  }
  return { kind: 'issued', heading: '交付済', reason: how, mayReissue };
}

/** Whether a pass came back by post and nobody has it yet. */
export function isBackWithUs({
  returnedOn,
  returnStage,
}: Pick<VerdictPass, 'returnedOn' | 'returnStage'>): boolean {
  return returnedOn !== null && (returnStage === null || OPEN_RETURN_STAGES.includes(returnStage));
}
