import { fiscalYearLabel } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { applicationProblem, DELIVERY_METHOD_NAMES, type DeliveryMethod, type PassStatus } from './pass.ts';

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
  exclusionReason: 'moved_out' | 'died' | 'not_eligible' | 'other' | null;
  goneOn: LocalDate | null;
}

export interface VerdictPass {
  id: number;
  status: PassStatus;
  issuedOn: LocalDate;
  officeName: string;
  deliveryMethod: DeliveryMethod;
  returnedOn: LocalDate | null;
}

export const EXCLUSION_REASON_NAMES = {
  moved_out: '転出',
  died: '死亡',
  not_eligible: '非該当',
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
  const mayReissue = {
    lost: applicationProblem('reissue_lost', ofYear) === undefined,
    damaged: applicationProblem('reissue_damaged', ofYear) === undefined,
  };
  if (valid.returnedOn !== null) {
    const reason = `${how}${formatWareki(valid.returnedOn)}に郵便が返戻されています。住所を確かめてください。`;
    return { kind: 'needs-check', heading: '要確認', reason, mayReissue };
  }
  return { kind: 'issued', heading: '交付済', reason: how, mayReissue };
}
