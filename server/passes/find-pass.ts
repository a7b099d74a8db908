import type { Database } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { OPEN_RETURN_STAGES } from './return-stages.ts';

/** One pass with what its own page shows. Throws NotFound. */
export async function getPass(db: Database, id: number) {
  const pass = await db
    .selectFrom('pass')
    .innerJoin('person', 'person.id', 'pass.personId')
    .innerJoin('office', 'office.code', 'pass.issuedAtOffice')
    .innerJoin('application', 'application.id', 'pass.applicationId')
    .leftJoin('account', 'account.id', 'application.accountId')
    .select([
      'pass.id',
      'pass.personId',
      'pass.fiscalYear',
      'pass.passNumber',
      'pass.status',
      'pass.statusOn',
    ])
    .select([
      'pass.statusReason',
      'pass.issuedOn',
      'pass.appliedOn',
      'pass.deliveryMethod',
      'pass.returnedOn',
    ])
    .select([
      'pass.returnReason',
      'pass.returnStage',
      'pass.returnStageOn',
      'pass.returnNote',
      'pass.version',
    ])
    .select(['pass.predecessorId', 'application.kind as applicationKind', 'application.applicant'])
    .select(['application.proxyName', 'application.proxyRelation', 'application.proxyDocument'])
    .select(['application.documentSeen', 'application.documentNote', 'application.overrideReason'])
    .select(['office.name as officeName', 'account.displayName as issuedBy', 'person.name', 'person.kana'])
    .select('person.isProtected')
    .where('pass.id', '=', id)
    .executeTakeFirst();
  if (pass === undefined) {
    throw new NotFound('この入浴証は記録にありません。番号を確かめて、もう一度入力してください。');
  }
  return pass;
}

/** The pass with a number, of the given year or else the newest year that has it. Throws NotFound. */
export async function getPassByNumber(
  db: Database,
  { fiscalYear, passNumber }: { fiscalYear?: number; passNumber: number },
): Promise<number> {
  let query = db.selectFrom('pass').select('id').where('passNumber', '=', passNumber);
  if (fiscalYear !== undefined) query = query.where('fiscalYear', '=', fiscalYear);
  const pass = await query.orderBy('fiscalYear', 'desc').limit(1).executeTakeFirst();
  if (pass !== undefined) return pass.id;
  throw new NotFound('この整理番号の入浴証はありません。番号を確かめて、もう一度入力してください。');
}

const MOST = 500;

/** Passes that came back by post and that nobody has yet, the longest waiting first, at most 500. */
export async function listReturned(db: Database) {
  return await db
    .selectFrom('pass')
    .innerJoin('person', 'person.id', 'pass.personId')
    .select(['pass.id', 'pass.personId', 'pass.fiscalYear', 'pass.passNumber', 'pass.returnedOn'])
    .select(['pass.returnReason', 'pass.returnStage', 'pass.returnStageOn', 'pass.returnNote'])
    .select(['person.name', 'person.kana', 'person.phone'])
    .where('pass.returnStage', 'in', OPEN_RETURN_STAGES)
    .where('pass.status', '=', 'valid')
    .orderBy('pass.returnedOn')
    .orderBy('pass.id')
    .limit(MOST)
    .execute();
}

/** How many passes came back by post and nobody has yet. */
export async function countReturned(db: Database): Promise<number> {
  const { waiting } = await db
    .selectFrom('pass')
    .select((count) => count.fn.countAll<number>().as('waiting'))
    .where('returnStage', 'in', OPEN_RETURN_STAGES)
    .where('status', '=', 'valid')
    .executeTakeFirstOrThrow();
  return Number(waiting);
}
