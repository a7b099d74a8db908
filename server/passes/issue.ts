import { type Actor, recordEvent } from '../audit/record-event.ts';
import { fiscalYearLabel, fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay, type LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';
import { type ApplicationKind, applicationProblem, type DeliveryMethod, REPLACED_STATUS } from './pass.ts';
import { drawPassNumber } from './pass-number.ts';
import { judge, type Verdict, type VerdictPass } from './verdict.ts';

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
  /** One form, one effect: a second submission with the same key gives back the first one's pass. */
  formKey: string;
}

export interface IssuedPass {
  id: number;
  fiscalYear: number;
  passNumber: number;
}

const TRIES = 3;

/**
 * Records an application and issues the pass on it, for the fiscal year of the day of issue. A reissue
 * ends the pass it replaces. Throws Refused when the person may not have one, and NotFound.
 */
export async function issuePass(db: Database, actor: Actor, request: IssueRequest): Promise<IssuedPass> {
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

async function issueOnce(trx: Trx, actor: Actor, request: IssueRequest): Promise<IssuedPass> {
  const earlier = await findByFormKey(trx, request.formKey);
  if (earlier !== undefined) return earlier;
  const fiscalYear = fiscalYearOf(request.issuedOn);
  requirePresentYear(fiscalYear, actor.at);
  const { verdict, ofYear } = await judgeNow(trx, request.personId, fiscalYear);
  requireEligible(verdict);
  const problem = applicationProblem(request.kind, ofYear);
  if (problem !== undefined) throw new Refused(problem);
  return await writeIssue(trx, actor, request, fiscalYear, ofYear);
}

function requirePresentYear(fiscalYear: number, at: Date): void {
  const present = fiscalYearOf(businessDay(at));
  if (fiscalYear === present) return;
  throw new Refused(
    `交付日が${fiscalYearLabel(fiscalYear)}のため受け付けませんでした。${fiscalYearLabel(present)}の日付にしてください。`,
  );
}

function requireEligible(verdict: Verdict): void {
  if (verdict.kind === 'not-eligible') throw new Refused(`対象外のため交付できません。${verdict.reason}`);
  if (verdict.kind === 'needs-check') throw new Refused(`確認が必要なため交付できません。${verdict.reason}`);
}

async function findByFormKey(trx: Trx, formKey: string): Promise<IssuedPass | undefined> {
  return await trx
    .selectFrom('application')
    .innerJoin('pass', 'pass.applicationId', 'application.id')
    .select(['pass.id', 'pass.fiscalYear', 'pass.passNumber'])
    .where('application.formKey', '=', formKey)
    .executeTakeFirst();
}

async function judgeNow(
  trx: Trx,
  personId: number,
  fiscalYear: number,
): Promise<{ verdict: Verdict; ofYear: VerdictPass[] }> {
  const person = await trx
    .selectFrom('person')
    .select(['excludedOn', 'exclusionReason', 'goneOn'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  const ofYear = await trx
    .selectFrom('pass')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .select(['pass.id', 'pass.status', 'pass.issuedOn', 'pass.deliveryMethod', 'pass.returnedOn'])
    .select('office.name as officeName')
    .where('pass.personId', '=', personId)
    .where('pass.fiscalYear', '=', fiscalYear)
    .orderBy('pass.id')
    .execute();
  return { verdict: judge(person, ofYear, fiscalYear), ofYear };
}

async function writeIssue(
  trx: Trx,
  actor: Actor,
  request: IssueRequest,
  fiscalYear: number,
  ofYear: readonly VerdictPass[],
): Promise<IssuedPass> {
  const createdAt = actor.at.toISOString();
  const { personId, kind, appliedOn, issuedOn, officeCode, deliveryMethod, ...application } = request;
  const { id: applicationId } = await trx
    .insertInto('application')
    .values({
      ...application,
      personId,
      kind,
      appliedOn,
      officeCode,
      fiscalYear,
      accountId: actor.accountId,
      createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const predecessor = ofYear.find(({ status }) => status === 'valid');
  if (predecessor !== undefined && kind !== 'new') {
    await trx
      .updateTable('pass')
      .set((set) => ({ status: REPLACED_STATUS[kind], statusOn: issuedOn, version: set('version', '+', 1) }))
      .where('id', '=', predecessor.id)
      .execute();
  }
  const passNumber = await drawPassNumber(trx, fiscalYear);
  const { id } = await trx
    .insertInto('pass')
    .values({
      personId,
      fiscalYear,
      passNumber,
      applicationId,
      appliedOn,
      issuedOn,
      issuedAtOffice: officeCode,
      deliveryMethod,
      status: 'valid',
      statusOn: issuedOn,
      predecessorId: predecessor?.id ?? null,
      createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  recordEvent(
    trx,
    { ...actor, officeCode },
    {
      kind: 'pass.issued',
      personId,
      passId: id,
      fiscalYear,
      passNumber,
      applicationKind: kind,
      deliveryMethod,
    },
  );
  return { id, fiscalYear, passNumber };
}
