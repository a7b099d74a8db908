import type { LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import type { PassStatus } from '../passes/pass.ts';
import type { LetterFacts } from './cover-letter.ts';
import type { Destination } from './destination.ts';
import type { LetterKind } from './template.ts';

// The pass a letter goes with, its person, where it is sent, and the letters already printed for it.

export interface MailingAddress {
  addressee: string;
  postalCode: string;
  address: string;
  building: string;
}

export type LetterSubject = Awaited<ReturnType<typeof readSubjects>>[number];

// Ids stand as parameters of one query: SQL Server takes 2,100 of them.
const IDS_A_QUERY = 1000;

/** Passes with what their letters need, by id; those that are not there are left out. */
export async function readSubjects(db: Database | Trx, passIds: readonly number[], on: LocalDate) {
  const found = [];
  for (let from = 0; from < passIds.length; from += IDS_A_QUERY) {
    found.push(...(await readSome(db, passIds.slice(from, from + IDS_A_QUERY), on)));
  }
  return found;
}

async function readSome(db: Database | Trx, passIds: number[], on: LocalDate) {
  const rows = await db
    .selectFrom('pass')
    .innerJoin('person', 'person.id', 'pass.personId')
    .innerJoin('application', 'application.id', 'pass.applicationId')
    .select(['pass.id as passId', 'pass.personId', 'pass.fiscalYear', 'pass.passNumber', 'pass.status'])
    .select(['pass.issuedOn', 'pass.returnedOn', 'application.kind as applicationKind'])
    .select(['person.name', 'person.postalCode', 'person.address', 'person.building'])
    .select(['person.excludedOn', 'person.goneOn', 'person.isProtected', 'person.mailingStoppedOn'])
    .where('pass.id', 'in', passIds)
    .execute();
  const mailing = await readMailingAddresses(
    db,
    rows.map(({ personId }) => personId),
    on,
  );
  const letters = await db
    .selectFrom('letter')
    .select(['passId', 'kind', 'occasion', 'serial'])
    .where('passId', 'in', passIds)
    .orderBy('id')
    .execute();
  const byPass = Map.groupBy(letters, ({ passId }) => passId);
  return rows.map((row) => ({
    ...row,
    status: row.status as PassStatus,
    mailing: mailing.get(row.personId),
    letters: byPass.get(row.passId) ?? [],
  }));
}

/** The alternative addresses (送付先変更) in force on a day, by person; the last registered counts. */
export async function readMailingAddresses(
  db: Database | Trx,
  personIds: readonly number[],
  on: LocalDate,
): Promise<Map<number, MailingAddress>> {
  const found: (MailingAddress & { personId: number })[] = [];
  for (let from = 0; from < personIds.length; from += IDS_A_QUERY) {
    found.push(...(await readSomeAddresses(db, personIds.slice(from, from + IDS_A_QUERY), on)));
  }
  return new Map(found.map((row) => [row.personId, row]));
}

async function readSomeAddresses(db: Database | Trx, personIds: readonly number[], on: LocalDate) {
  return await db
    .selectFrom('circumstance')
    .select(['personId', 'addressee', 'postalCode', 'address', 'building'])
    .where('personId', 'in', personIds)
    .where('kind', '=', 'mailing_address')
    .where('startsOn', '<=', on)
    .where((where) => where.or([where('endsOn', 'is', null), where('endsOn', '>=', on)]))
    .where('endedAt', 'is', null)
    .orderBy('id')
    .execute();
}

/** Where and to whom a letter goes: the alternative address wins over the host's. */
export function destinationOf({
  mailing,
  ...person
}: { name: string; postalCode: string; address: string; building: string } & {
  mailing: MailingAddress | undefined;
}): Destination {
  return {
    addressee: mailing?.addressee || person.name,
    postalCode: mailing?.postalCode ?? person.postalCode,
    address: mailing?.address ?? person.address,
    building: mailing?.building ?? person.building,
  };
}

/** The letter that fits a pass as it stands: it came back since the last one, it replaces another, or it is new. */
export function kindFor({ returnedOn, applicationKind, letters }: LetterSubject): LetterKind {
  if (returnedOn !== null) return 'resend';
  return letters.at(-1)?.kind ?? (applicationKind === 'new' ? 'new' : 'reissue');
}

/** What a letter of a kind is printed for: each return of the mail is an occasion of its own. */
export function occasionOf({ returnedOn }: LetterSubject, kind: LetterKind): string {
  return kind === 'resend' ? (returnedOn ?? '') : '';
}

/** The letter already printed for the same purpose; printing it again is a 再発行 and needs a reason. */
export function findEarlierLetter(subject: LetterSubject, kind: LetterKind) {
  const occasion = occasionOf(subject, kind);
  return subject.letters.findLast((letter) => letter.kind === kind && letter.occasion === occasion);
}

/** The facts of a letter, for `composeCoverLetter`. */
export function factsOf(
  subject: LetterSubject,
  letter: { kind: LetterKind; printedOn: LocalDate; serial: string; isReprint: boolean },
): LetterFacts {
  const { fiscalYear, passNumber, issuedOn, returnedOn } = subject;
  return { ...destinationOf(subject), ...letter, fiscalYear, passNumber, issuedOn, returnedOn };
}
