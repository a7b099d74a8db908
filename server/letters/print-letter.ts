import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';
import { composeCoverLetter, type LetterFacts, TEMPLATE_VERSION } from './cover-letter.ts';

/**
 * Prints the cover letter of a pass: composes it from the register as it stands, gives it a number and
 * keeps what it says. Returns the letter's id. A second letter for the same pass needs a reason.
 * Throws Refused for a pass that is not valid, or of a person who is excluded or gone.
 */
export async function printLetter(
  db: Database,
  actor: Actor,
  passId: number,
  reprintReason: string,
): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const subject = await getSubject(trx, passId);
    if (subject.status !== 'valid') {
      throw new Refused(
        'この入浴証は有効でないため、送付状を印刷しませんでした。有効な入浴証の行から印刷してください。',
      );
    }
    if (subject.excludedOn !== null || subject.goneOn !== null) {
      throw new Refused(
        'この人は除外または要確認のため、送付状を印刷しませんでした。資格を確かめてから印刷してください。',
      );
    }
    const earlier = await trx
      .selectFrom('letter')
      .select('serial')
      .where('passId', '=', passId)
      .executeTakeFirst();
    if (earlier !== undefined && reprintReason.trim() === '') {
      throw new Refused(
        `この入浴証の送付状は発行番号${earlier.serial}で印刷済みのため、印刷しませんでした。もう一度印刷するときは理由を入力してください。`,
      );
    }
    return await writeLetter(trx, actor, subject, reprintReason.trim());
  });
}

async function getSubject(trx: Trx, passId: number) {
  const subject = await trx
    .selectFrom('pass')
    .innerJoin('person', 'person.id', 'pass.personId')
    .innerJoin('application', 'application.id', 'pass.applicationId')
    .select(['pass.id as passId', 'pass.personId', 'pass.fiscalYear', 'pass.passNumber', 'pass.status'])
    .select(['person.name', 'person.postalCode', 'person.address', 'person.building'])
    .select(['person.excludedOn', 'person.goneOn', 'application.kind as applicationKind'])
    .where('pass.id', '=', passId)
    .executeTakeFirst();
  if (subject === undefined) throw new NotFound('この入浴証は記録にありません。個人票を開き直してください。');
  return subject;
}

async function writeLetter(
  trx: Trx,
  actor: Actor,
  subject: Awaited<ReturnType<typeof getSubject>>,
  reprintReason: string,
): Promise<number> {
  const printedOn = businessDay(actor.at);
  const serial = await nextSerial(trx, printedOn, actor.officeCode);
  const mailing = await findMailingAddress(trx, subject.personId, printedOn);
  const facts: LetterFacts = {
    addressee: mailing?.addressee || subject.name,
    postalCode: mailing?.postalCode ?? subject.postalCode,
    address: mailing?.address ?? subject.address,
    building: mailing?.building ?? subject.building,
    fiscalYear: subject.fiscalYear,
    passNumber: subject.passNumber,
    applicationKind: subject.applicationKind,
    printedOn,
    serial,
  };
  const { id } = await trx
    .insertInto('letter')
    .values({
      passId: subject.passId,
      personId: subject.personId,
      kind: subject.applicationKind === 'new' ? 'new' : 'reissue',
      serial,
      printedOn,
      printedAt: actor.at.toISOString(),
      printedBy: actor.accountId,
      officeCode: actor.officeCode,
      templateVersion: TEMPLATE_VERSION,
      content: JSON.stringify(composeCoverLetter(facts)),
      reprintReason,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { personId, passId } = subject;
  recordEvent(trx, actor, { kind: 'letter.printed', personId, passId, letterId: id, serial });
  return id;
}

/** The next issue number of a day and office, such as 20261120-00-0001. */
async function nextSerial(trx: Trx, on: string, officeCode: string): Promise<string> {
  const prefix = `${on.replaceAll('-', '')}-${officeCode}-`;
  const last = await trx
    .selectFrom('letter')
    .select('serial')
    .where('serial', 'like', `${prefix}%`)
    .orderBy('serial', 'desc')
    .limit(1)
    .executeTakeFirst();
  const next = last === undefined ? 1 : Number(last.serial.slice(prefix.length)) + 1;
  return `${prefix}${String(next).padStart(5, '0')}`;
}

/** The alternative address (送付先変更) in force on a day; it goes before the host's. */
async function findMailingAddress(trx: Trx, personId: number, on: string) {
  return await trx
    .selectFrom('circumstance')
    .select(['addressee', 'postalCode', 'address', 'building'])
    .where('personId', '=', personId)
    .where('kind', '=', 'mailing_address')
    .where('startsOn', '<=', on)
    .where((where) => where.or([where('endsOn', 'is', null), where('endsOn', '>=', on)]))
    .where('endedAt', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
