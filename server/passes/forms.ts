import type { LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { Invalid } from '../errors.ts';
import { ALERT_CODES, confirmField } from './alerts.ts';
import type { IssueRequest } from './issue.ts';
import { APPLICATION_KINDS, DELIVERY_METHODS } from './pass.ts';

export const ISSUE_FIELDS = [
  'kind',
  'years',
  'appliedOn',
  'issuedOn',
  'officeCode',
  'deliveryMethod',
  'applicant',
  'proxyName',
  'proxyRelation',
  'proxyDocument',
  'documentSeen',
  'documentNote',
  'passNumber',
  'nextPassNumber',
  'phone',
  'overrideReason',
  'formKey',
  'after',
  ...ALERT_CODES.map(confirmField),
] as const;

export type TypedIssue = Record<(typeof ISSUE_FIELDS)[number], string>;

/** For which fiscal years an application is made. */
export const YEAR_CHOICES = ['present', 'next', 'both'] as const;

/** Reads the form of an application and issue. Throws Invalid with a sentence for each entry at fault. */
export function readIssueForm(
  typed: TypedIssue,
  personId: number,
  today: LocalDate,
  presentYear: number,
  officeCodes: readonly string[],
): IssueRequest {
  const faults: Record<string, string> = {};
  const appliedOn = readDay(typed.appliedOn, '申請日', today, (problem) => (faults.appliedOn = problem));
  const issuedOn = readDay(typed.issuedOn, '交付日', today, (problem) => (faults.issuedOn = problem));
  if (faults.appliedOn === undefined && faults.issuedOn === undefined && issuedOn < appliedOn) {
    faults.issuedOn = '交付日が申請日より前になっています。申請日と同じか、後の日にしてください。';
  }
  const kind = APPLICATION_KINDS.find((one) => one === typed.kind);
  if (kind === undefined) faults.kind = '申請の種類を選んでください。';
  const years = typed.years === '' ? 'present' : YEAR_CHOICES.find((one) => one === typed.years);
  if (years === undefined) faults.years = '年度を選んでください。';
  const deliveryMethod = DELIVERY_METHODS.find((one) => one === typed.deliveryMethod);
  if (deliveryMethod === undefined) faults.deliveryMethod = '交付方法を選んでください。';
  if (!officeCodes.includes(typed.officeCode)) faults.officeCode = '交付場所を選んでください。';
  const applicant = typed.applicant === 'proxy' ? 'proxy' : 'self';
  if (applicant === 'proxy' && typed.proxyName.trim() === '') {
    faults.proxyName = '代理人による申請のときは、代理人の氏名を入力してください。';
  }
  if (applicant === 'proxy' && typed.proxyRelation.trim() === '') {
    faults.proxyRelation = '代理人による申請のときは、本人との続柄を入力してください。';
  }
  if (typed.documentSeen === 'その他' && typed.documentNote.trim() === '') {
    faults.documentNote = '確認書類が「その他」のときは、書類の名前を入力してください。';
  }
  if (!/^[0-9a-f-]{36}$/.test(typed.formKey)) faults.formKey = '画面を開き直してから入力してください。';
  if (
    kind === undefined ||
    years === undefined ||
    deliveryMethod === undefined ||
    Object.keys(faults).length > 0
  )
    throw new Invalid(faults);
  return {
    personId,
    kind,
    appliedOn,
    issuedOn,
    officeCode: typed.officeCode,
    deliveryMethod,
    applicant,
    ...proxyOf(applicant, typed),
    documentSeen: tidy(typed.documentSeen, 50),
    documentNote: tidy(typed.documentNote, 100),
    fiscalYears: { present: [presentYear], next: [presentYear + 1], both: [presentYear, presentYear + 1] }[
      years
    ],
    passNumber: years === 'next' ? '' : typed.passNumber.trim(),
    nextPassNumber: years === 'present' ? '' : typed.nextPassNumber.trim(),
    phone: typed.phone.trim(),
    overrideReason: tidy(typed.overrideReason, 200),
    confirmed: new Set(ALERT_CODES.filter((code) => typed[confirmField(code)] !== '')),
    formKey: typed.formKey,
  };
}

function proxyOf(applicant: 'self' | 'proxy', typed: TypedIssue) {
  if (applicant === 'self') return { proxyName: '', proxyRelation: '', proxyDocument: '' };
  return {
    proxyName: tidy(typed.proxyName, 100),
    proxyRelation: tidy(typed.proxyRelation, 25),
    proxyDocument: tidy(typed.proxyDocument, 50),
  };
}

/** Without spaces at its ends, and no longer than its column. */
export function tidy(text: string, most: number): string {
  return text.trim().slice(0, most).toWellFormed();
}

/** A day as typed, not after today; the empty text after telling `fault` what is wrong. */
export function readDay(
  text: string,
  label: string,
  today: LocalDate,
  fault: (problem: string) => void,
): LocalDate {
  const read = parseDate(text);
  if ('problem' in read) fault(`${label}: ${read.problem}`);
  else if (read.date > today) fault(`${label}が先の日付になっています。今日までの日にしてください。`);
  return 'date' in read ? read.date : '';
}
