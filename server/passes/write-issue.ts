import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Trx } from '../db/schema.ts';
import { NotFound, Refused } from '../errors.ts';
import type { IssuedPass, IssueRequest } from './issue.ts';
import type { ApplicationKind } from './pass.ts';
import { stateAfter } from './pass-moves.ts';
import { drawPassNumber } from './pass-number.ts';
import { readStockNumber } from './stock.ts';
import { judge } from './verdict.ts';

/** An application for one fiscal year that was found to be possible. */
export interface ReadyIssue {
  fiscalYear: number;
  kind: ApplicationKind;
  ofYear: Awaited<ReturnType<typeof readPassesOfYears>>;
  /** Whether the limit of reissues is passed with a reason. */
  isOverridden: boolean;
}

/** Throws Refused with the verdict's sentence for somebody excluded or gone, and NotFound. */
export async function requireEligible(trx: Trx, personId: number, fiscalYear: number): Promise<void> {
  const person = await trx
    .selectFrom('person')
    .select(['excludedOn', 'exclusionReason', 'goneOn'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  const verdict = judge(person, [], fiscalYear);
  if (verdict.kind === 'not-eligible') throw new Refused(`対象外のため交付できません。${verdict.reason}`);
  if (verdict.kind === 'needs-check') throw new Refused(`確認が必要なため交付できません。${verdict.reason}`);
}

/** A person's passes of some fiscal years, in the order in which they were issued. */
export async function readPassesOfYears(trx: Trx, personId: number, fiscalYears: readonly number[]) {
  return await trx
    .selectFrom('pass')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .leftJoin('fiscalYearRule', 'fiscalYearRule.fiscalYear', 'pass.fiscalYear')
    .select(['pass.id', 'pass.status', 'pass.issuedOn', 'pass.deliveryMethod', 'pass.returnedOn'])
    .select(['pass.returnStage', 'pass.fiscalYear', 'fiscalYearRule.lossReissues'])
    .select('office.name as officeName')
    .where('pass.personId', '=', personId)
    .where('pass.fiscalYear', 'in', fiscalYears)
    .orderBy('pass.id')
    .execute();
}

/** Writes an application with its pass; the number is `typed` from stock or drawn. Throws Invalid for a number. */
export async function writeIssue(
  trx: Trx,
  actor: Actor,
  request: IssueRequest,
  { fiscalYear, kind, ofYear, isOverridden }: ReadyIssue,
  typed: string,
): Promise<IssuedPass> {
  const createdAt = actor.at.toISOString();
  const { personId, appliedOn, issuedOn, officeCode, deliveryMethod } = request;
  const overrideReason = isOverridden ? request.overrideReason! : '';
  const { id: applicationId } = await trx
    .insertInto('application')
    .values({
      personId,
      fiscalYear,
      kind,
      appliedOn,
      officeCode,
      applicant: request.applicant,
      proxyName: request.proxyName,
      proxyRelation: request.proxyRelation,
      documentSeen: request.documentSeen,
      documentNote: request.documentNote ?? '',
      proxyDocument: request.proxyDocument ?? '',
      overrideReason,
      accountId: actor.accountId,
      formKey: request.formKey,
      createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const predecessor = ofYear.find(({ status }) => status === 'valid');
  if (predecessor !== undefined && kind !== 'new') {
    const status = stateAfter(kind, predecessor.status)!;
    await trx
      .updateTable('pass')
      .set((set) => ({ status, statusOn: issuedOn, version: set('version', '+', 1) }))
      .where('id', '=', predecessor.id)
      .execute();
  }
  const field = typed === request.passNumber ? 'passNumber' : 'nextPassNumber';
  const passNumber =
    typed === ''
      ? await drawPassNumber(trx, fiscalYear)
      : await readStockNumber(trx, fiscalYear, typed, field);
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
  const issued = { personId, passId: id, fiscalYear, passNumber };
  const atOffice = { ...actor, officeCode };
  recordEvent(trx, atOffice, { kind: 'pass.issued', ...issued, applicationKind: kind, deliveryMethod });
  if (isOverridden) {
    recordEvent(trx, atOffice, { kind: 'pass.limit-overridden', personId, passId: id, fiscalYear }, [
      { personId, field: 'override_reason', oldValue: '', newValue: overrideReason },
    ]);
  }
  return { id, fiscalYear, passNumber };
}
