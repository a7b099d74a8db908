import { type Actor, recordEvent } from '../audit/record-event.ts';
import { fiscalYearLabel, fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { addPhone } from '../register/change-contact.ts';
import { lockPerson } from '../register/lock-person.ts';
import { readYearRules, type YearRule } from '../settings/year-rule.ts';
import { readAlertFacts } from './alert-facts.ts';
import { type AlertCode, confirmField, findAlerts, isAsked } from './alerts.ts';
import { resumeMailing } from './mailing-stop.ts';
import type { ApplicationKind, DeliveryMethod } from './pass.ts';
import { findApplicationProblem, yearProblem } from './pass-moves.ts';
import { type ReadyIssue, readPassesOfYears, requireEligible, writeIssue } from './write-issue.ts';

export interface IssueRequest {
  personId: number;
  kind: ApplicationKind;
  appliedOn: LocalDate;
  issuedOn: LocalDate;
  officeCode: string;
  deliveryMethod: DeliveryMethod;
  applicant: 'self' | 'proxy';
  proxyName: string;
  proxyRelation: string;
  documentSeen: string;
  documentNote?: string;
  proxyDocument?: string;
  /** The year of the day of issue when absent; in March the next one as well or instead. */
  fiscalYears?: readonly number[];
  /** The numbers of pre-printed passes of the present and the next year; drawn when empty. */
  passNumber?: string;
  nextPassNumber?: string;
  /** Given at the counter by somebody of whom the register holds none. */
  phone?: string;
  /** Why a lost pass is replaced once more than the year allows; only from somebody with the right. */
  overrideReason?: string;
  /** The alerts a clerk has confirmed; absent for a job, which has nobody to ask. */
  confirmed?: ReadonlySet<AlertCode>;
  /** One form, one effect: a second submission with the same key gives back the first one's passes. */
  formKey: string;
}

export interface IssuedPass {
  id: number;
  fiscalYear: number;
  passNumber: number;
}

const TRIES = 3;

/**
 * Records an application and issues the passes on it, one for each fiscal year asked for. A reissue ends the
 * pass it replaces. Throws Refused when the person may not have one, Invalid for a number that is not in stock
 * or an alert that was not confirmed, and NotFound.
 */
export async function issuePasses(db: Database, actor: Actor, request: IssueRequest): Promise<IssuedPass[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(db, (trx) => issueOnce(trx, actor, request));
    } catch (error) {
      // Another transaction wrote the same pass, number or form first and a unique index refused this
      // one; looked at afresh, the register tells what to answer.
      if (attempt >= TRIES || !isDuplicate(error)) throw error;
    }
  }
}

/** `issuePasses` for one fiscal year. */
export async function issuePass(db: Database, actor: Actor, request: IssueRequest): Promise<IssuedPass> {
  return (await issuePasses(db, actor, request))[0]!;
}

async function issueOnce(trx: Trx, actor: Actor, request: IssueRequest): Promise<IssuedPass[]> {
  // The lock comes first: the same form sent twice at once then finds what its first sending did.
  await lockPerson(trx, request.personId);
  const earlier = await findByFormKey(trx, request.formKey);
  if (earlier.length > 0) return earlier;
  const { personId, issuedOn } = request;
  const present = fiscalYearOf(issuedOn);
  requirePresentYear(present, actor.at);
  const [rule, next] = (await readYearRules(trx, [present, present + 1])) as [YearRule, YearRule];
  await requireEligible(trx, personId, present);
  const passes = await readPassesOfYears(trx, personId, [present, present + 1]);
  const years = [...(request.fiscalYears ?? [present])].sort();
  const ready = years.map((fiscalYear): ReadyIssue => {
    const problem = yearProblem(fiscalYear, issuedOn, next);
    if (problem !== undefined) throw new Refused(problem);
    const ofYear = passes.filter((pass) => pass.fiscalYear === fiscalYear);
    const isHeld = ofYear.some(({ status }) => status === 'valid');
    // Both years at once after a loss: the year that has no pass yet gets its first one.
    const kind = years.length > 1 && !isHeld ? 'new' : request.kind;
    const limit = (fiscalYear === present ? rule : next).lossReissues;
    const isOverridden = requireApplicable(kind, ofYear, limit, request.overrideReason ?? '');
    return { fiscalYear, kind, ofYear, isOverridden };
  });
  const ofPresent = passes.filter(({ fiscalYear }) => fiscalYear === present);
  const confirmed = await requireConfirmed(trx, request, ofPresent, next);
  if ((request.phone ?? '') !== '') await addPhone(trx, actor, personId, request.phone!);
  const issued: IssuedPass[] = [];
  for (const one of ready) {
    const typed = (one.fiscalYear === present ? request.passNumber : request.nextPassNumber) ?? '';
    issued.push(await writeIssue(trx, actor, request, one, typed));
  }
  await resumeMailing(trx, actor, personId);
  if (confirmed.length > 0) {
    const passId = issued[0]!.id;
    recordEvent(trx, actor, { kind: 'pass.alerts-confirmed', personId, passId, alerts: confirmed.join(' ') });
  }
  return issued;
}

function requirePresentYear(fiscalYear: number, at: Date): void {
  const present = fiscalYearOf(businessDay(at));
  if (fiscalYear === present) return;
  throw new Refused(
    `交付日が${fiscalYearLabel(fiscalYear)}のため受け付けませんでした。${fiscalYearLabel(present)}の日付にしてください。`,
  );
}

async function findByFormKey(trx: Trx, formKey: string): Promise<IssuedPass[]> {
  return await trx
    .selectFrom('application')
    .innerJoin('pass', 'pass.applicationId', 'application.id')
    .select(['pass.id', 'pass.fiscalYear', 'pass.passNumber'])
    .where('application.formKey', '=', formKey)
    .orderBy('pass.fiscalYear')
    .execute();
}

/** Throws Refused when the application cannot be. Returns whether a limit was passed with a reason. */
function requireApplicable(
  kind: ApplicationKind,
  ofYear: ReadyIssue['ofYear'],
  lossReissues: number,
  overrideReason: string,
): boolean {
  const problem = findApplicationProblem(kind, ofYear, lossReissues);
  if (problem === undefined) return false;
  if (problem.isLimit && overrideReason !== '') return true;
  throw new Refused(problem.sentence);
}

/** Throws Invalid for each alert that has to be confirmed and was not. Returns those that were. */
async function requireConfirmed(
  trx: Trx,
  request: IssueRequest,
  ofPresent: ReadyIssue['ofYear'],
  next: YearRule,
): Promise<AlertCode[]> {
  const { confirmed, personId, issuedOn } = request;
  if (confirmed === undefined) return [];
  const facts = await readAlertFacts(trx, personId, ofPresent, issuedOn, next);
  const withPhone = { ...facts, hasPhone: facts.hasPhone || (request.phone ?? '') !== '' };
  const asked = findAlerts(withPhone).filter((alert) => isAsked(alert, request));
  const missing = asked.filter(({ code }) => !confirmed.has(code));
  if (missing.length > 0) {
    const sentence = (what: string, todo: string) => `${what}${todo}確かめたら印を付けてください。`;
    throw new Invalid(
      Object.fromEntries(missing.map(({ code, what, todo }) => [confirmField(code), sentence(what, todo)])),
    );
  }
  return asked.map(({ code }) => code);
}
