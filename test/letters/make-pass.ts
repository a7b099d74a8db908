import { randomUUID } from 'node:crypto';
import type { AppContext } from '../../server/context.ts';
import type { PassTable } from '../../server/db/schema.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { drawPassNumber } from '../../server/passes/pass-number.ts';

/** A valid pass of 2026, issued by post on 20 November, as it stands after an application. Returns its id. */
export async function makePass(
  context: AppContext,
  personId: number,
  over: Partial<Pick<PassTable, 'status' | 'issuedOn' | 'returnedOn' | 'deliveryMethod'>> = {},
): Promise<number> {
  const issuedOn = over.issuedOn ?? '2026-11-20';
  const createdAt = context.clock.now().toISOString();
  return await inTransaction(context.db, async (trx) => {
    const { id: applicationId } = await trx
      .insertInto('application')
      .values({
        personId,
        fiscalYear: 2026,
        kind: 'new',
        appliedOn: issuedOn,
        officeCode: '00',
        applicant: 'self',
        accountId: null,
        formKey: randomUUID(),
        createdAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id } = await trx
      .insertInto('pass')
      .values({
        personId,
        fiscalYear: 2026,
        passNumber: await drawPassNumber(trx, 2026),
        applicationId,
        appliedOn: issuedOn,
        issuedOn,
        issuedAtOffice: '00',
        deliveryMethod: over.deliveryMethod ?? 'post',
        status: over.status ?? 'valid',
        statusOn: issuedOn,
        returnedOn: over.returnedOn ?? null,
        predecessorId: null,
        createdAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}
