import { type Actor, recordEvent } from '../audit/record-event.ts';
import { prepared } from '../db/prepared.ts';
import type { Database, InquiryTable } from '../db/schema.ts';
import { inSharedTransaction } from '../db/shared-transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';

export type Answer = InquiryTable['answer'];

export interface Inquiry {
  /** Null when nobody was found. */
  personId: number | null;
  /** The office that telephones (照会元). */
  officeCode: string;
  caller: string;
  answer: Answer;
  answerText: string;
}

interface InquiryRow extends Record<string, string | number | null> {
  personId: number | null;
  officeCode: string;
  caller: string;
  answer: Answer;
  answerText: string;
  accountId: number;
  answeredAt: string;
}

const insertInquiry = prepared<InquiryRow, { id: number }>((db, value) =>
  db
    .insertInto('inquiry')
    .values({
      personId: value('personId'),
      officeCode: value('officeCode'),
      caller: value('caller'),
      answer: value('answer'),
      answerText: value('answerText'),
      accountId: value('accountId'),
      answeredAt: value('answeredAt'),
    })
    .returning('id'),
);

/** Records an inquiry (電話照会) with the answer given; what was typed is kept beside the chain. Returns its id. */
export async function recordInquiry(
  db: Database,
  actor: Actor,
  inquiry: Inquiry,
  terms: string,
): Promise<number> {
  return await inSharedTransaction(db, async (trx) => {
    const [inserted] = await insertInquiry(trx, {
      ...inquiry,
      accountId: actor.accountId!,
      answeredAt: actor.at.toISOString(),
    });
    const { id } = inserted!;
    const { personId, officeCode: askedBy, answer } = inquiry;
    recordEvent(trx, actor, { kind: 'lookup.answered', personId, inquiryId: id, askedBy, answer }, [
      { personId: personId ?? 0, field: 'terms', oldValue: '', newValue: terms },
    ]);
    return id;
  });
}

export const REASONS_TO_SHOW_ADDRESS = {
  identity: '本人確認のため',
  delivery: '送付先を確かめるため',
  other: 'その他',
} as const;

export type ReasonToShowAddress = keyof typeof REASONS_TO_SHOW_ADDRESS;

/**
 * Records that the address of the person of an inquiry is shown, and why. Throws NotFound, and Refused for
 * somebody under protection. Returns the person's id.
 */
export async function recordAddressShown(
  db: Database,
  actor: Actor,
  inquiryId: number,
  reason: ReasonToShowAddress,
): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const inquiry = await trx
      .selectFrom('inquiry')
      .innerJoin('person', 'person.id', 'inquiry.personId')
      .select(['person.id as personId', 'person.isProtected'])
      .where('inquiry.id', '=', inquiryId)
      .executeTakeFirst();
    if (inquiry === undefined) {
      throw new NotFound('この照会は記録にありません。電話照会の画面からやり直してください。');
    }
    const { personId, isProtected } = inquiry;
    if (isProtected === 1) {
      throw new Refused(
        'この人の住所は、電話照会では表示できません。電話では回答せず、上司に相談してください。',
      );
    }
    recordEvent(trx, actor, { kind: 'person.address-shown', personId, inquiryId, reason });
    return personId;
  });
}
