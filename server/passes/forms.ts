import type { LocalDate } from '../calendar/local-date.ts';
import { parseDate } from '../calendar/parse-date.ts';
import { Invalid } from '../errors.ts';
import type { IssueRequest } from './issue.ts';
import { APPLICATION_KINDS, DELIVERY_METHODS } from './pass.ts';

export const ISSUE_FIELDS = [
  'kind',
  'appliedOn',
  'issuedOn',
  'officeCode',
  'deliveryMethod',
  'applicant',
  'proxyName',
  'proxyRelation',
  'documentSeen',
  'formKey',
] as const;

export type TypedIssue = Record<(typeof ISSUE_FIELDS)[number], string>;

/** Reads the form of an application and issue. Throws Invalid with a sentence for each entry at fault. */
export function readIssueForm(
  typed: TypedIssue,
  personId: number,
  today: LocalDate,
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
  const deliveryMethod = DELIVERY_METHODS.find((one) => one === typed.deliveryMethod);
  if (deliveryMethod === undefined) faults.deliveryMethod = '交付方法を選んでください。';
  if (!officeCodes.includes(typed.officeCode)) faults.officeCode = '交付場所を選んでください。';
  const applicant = typed.applicant === 'proxy' ? 'proxy' : 'self';
  if (applicant === 'proxy' && typed.proxyName.trim() === '') {
    faults.proxyName = '代理人による申請のときは、代理人の氏名を入力してください。';
  }
  if (!/^[0-9a-f-]{36}$/.test(typed.formKey)) faults.formKey = '画面を開き直してから入力してください。';
  if (kind === undefined || deliveryMethod === undefined || Object.keys(faults).length > 0)
    throw new Invalid(faults);
  return {
    personId,
    kind,
    appliedOn,
    issuedOn,
    officeCode: typed.officeCode,
    deliveryMethod,
    applicant,
    proxyName: applicant === 'proxy' ? typed.proxyName.trim().slice(0, 100) : '',
    proxyRelation: applicant === 'proxy' ? typed.proxyRelation.trim().slice(0, 25) : '',
    documentSeen: typed.documentSeen.trim().slice(0, 50),
    formKey: typed.formKey,
  };
}

function readDay(text: string, label: string, today: LocalDate, fault: (problem: string) => void): LocalDate {
  const read = parseDate(text);
  if ('problem' in read) fault(`${label}: ${read.problem}`);
  else if (read.date > today) fault(`${label}が先の日付になっています。今日までの日にしてください。`);
  return 'date' in read ? read.date : '';
}
