import type { LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { Invalid } from '../errors.ts';
import { EVENT_KINDS, type EventFields, kindOf } from './event.ts';
import type { EventFilter } from './queries.ts';

export const FILTER_FIELDS = ['from', 'to', 'account', 'kind'] as const;
export type TypedFilter = Record<(typeof FILTER_FIELDS)[number], string>;

export const PURPOSES = EVENT_KINDS['audit.exported'].fields.purpose;
export type Purpose = EventFields['audit.exported']['purpose'];

/** Reads the period, account and kind asked for. Throws Invalid with a sentence for each entry at fault. */
export function readFilter(typed: TypedFilter): EventFilter {
  const faults: Record<string, string> = {};
  const filter: EventFilter = {};
  const from = readDay(typed.from, (problem) => (faults.from = `期間の初日: ${problem}`));
  const to = readDay(typed.to, (problem) => (faults.to = `期間の末日: ${problem}`));
  if (from !== undefined && to !== undefined && to < from) {
    faults.to = '期間の末日が初日より前になっています。初日と同じか、後の日にしてください。';
  }
  if (typed.account !== '' && !/^[1-9]\d{0,8}$/.test(typed.account)) {
    faults.account = '操作者を一覧から選び直してください。';
  }
  if (typed.kind !== '' && kindOf(typed.kind) === undefined) {
    faults.kind = '操作の種類を一覧から選び直してください。';
  }
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  if (from !== undefined) filter.from = from;
  if (to !== undefined) filter.to = to;
  if (typed.account !== '') filter.accountId = Number(typed.account);
  if (typed.kind !== '') filter.kind = typed.kind;
  return filter;
}

function readDay(text: string, fault: (problem: string) => void): LocalDate | undefined {
  if (text.trim() === '') return undefined;
  const read = parseDate(text);
  if ('date' in read) return read.date;
  fault(read.problem);
  return undefined;
}

const LONGEST_EXPLANATION = 200;

/** Reads why the record is exported. Throws Invalid. */
export function readPurpose(purpose: string, explanation: string): { purpose: Purpose; explanation: string } {
  if (!Object.hasOwn(PURPOSES, purpose)) throw new Invalid({ purpose: '出力の目的を選んでください。' });
  if (explanation.length > LONGEST_EXPLANATION) {
    throw new Invalid({ explanation: `説明は${LONGEST_EXPLANATION}文字までで入力してください。` });
  }
  if (purpose === 'other' && explanation.trim() === '') {
    throw new Invalid({ explanation: '目的が「その他」のときは、説明を入力してください。' });
  }
  return { purpose: purpose as Purpose, explanation: explanation.trim() };
}
