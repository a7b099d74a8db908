import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Config } from '../config.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { NotFound, Refused } from '../errors.ts';
import { recordResent } from '../passes/returned-mail.ts';
import { takeLetterRelease } from '../register/protected-release.ts';
import { type CoverLetter, composeCoverLetter } from './cover-letter.ts';
import type { LetterProblem } from './destination.ts';
import { readFrame, readTemplates } from './frame.ts';
import { holdPaper, settleHeld } from './held.ts';
import { findPrintProblem } from './print-problem.ts';
import { recordPrintRun } from './print-run.ts';
import { findOfficePrinter, getPrinter, offsetOf } from './printers.ts';
import { renderLetter, sha256 } from './render-letter.ts';
import { drawSerials, sampleSerial } from './serial.ts';
import {
  factsOf,
  findEarlierLetter,
  kindFor,
  type LetterSubject,
  occasionOf,
  readSubjects,
} from './subject.ts';

export interface LetterRequest {
  passId: number;
  /** Why it is printed a second time; '' when it is not. */
  reprintReason: string;
  /** The printer of the actor's office when none is named. */
  printerId?: number;
}

type FontConfig = Pick<Config, 'municipalityFont'>;

const TRIES = 3;
const NO_SAMPLE =
  '支援措置等の対象の人のため、見本は表示しませんでした。入浴証の処理の画面から、送付状の印刷を申請してください。';

/**
 * Prints the cover letter of a pass: composes it from the register as it stands, gives it a number, draws it and
 * keeps what it says with the hash of its PDF. Returns the letter's id. A second letter for the same purpose needs
 * a reason. Throws Refused for a pass that may have none, and for a letter that is held.
 */
export async function printLetter(
  db: Database,
  config: FontConfig,
  actor: Actor,
  request: LetterRequest,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const done = await inTransaction(db, (trx) => printOnce(trx, config, actor, request));
      if (typeof done === 'number') return done;
      throw new Refused(done.sentence);
    } catch (error) {
      // A colleague printed the same letter, or the office's first of the day, at the same moment.
      if (attempt >= TRIES || !isDuplicate(error)) throw error;
    }
  }
}

/** The letter a pass would get now, marked as a sample by its number. Nothing is changed. Throws as printing does. */
export async function previewLetter(
  db: Database,
  config: FontConfig,
  at: Date,
  passId: number,
): Promise<{ subject: LetterSubject; letter: CoverLetter }> {
  const printedOn = businessDay(at);
  const subject = await getSubject(db, passId, printedOn);
  if (subject.isProtected === 1) throw new Refused(NO_SAMPLE);
  const kind = kindFor(subject);
  const isReprint = findEarlierLetter(subject, kind) !== undefined;
  const facts = factsOf(subject, { kind, printedOn, serial: '見本', isReprint });
  const frame = await readFrame(db, config, printedOn);
  const template = (await readTemplates(db)).get(kind)!;
  const { letter, problem } = composeCoverLetter(facts, template, frame);
  if (problem !== undefined) throw new Refused(problem.sentence);
  return { subject, letter };
}

async function printOnce(
  trx: Trx,
  config: FontConfig,
  actor: Actor,
  { passId, reprintReason, printerId }: LetterRequest,
): Promise<number | LetterProblem> {
  const printedOn = businessDay(actor.at);
  const subject = await getSubject(trx, passId, printedOn);
  if (subject.isProtected === 1) await takeLetterRelease(trx, actor, passId);
  const kind = kindFor(subject);
  const earlier = findEarlierLetter(subject, kind);
  if (earlier !== undefined && reprintReason === '') {
    throw new Refused(
      `この入浴証の送付状は発行番号${earlier.serial}で印刷済みのため、印刷しませんでした。もう一度印刷するときは理由を入力してください。`,
    );
  }
  const printer =
    printerId === undefined
      ? await findOfficePrinter(trx, actor.officeCode)
      : await getPrinter(trx, printerId);
  const frame = await readFrame(trx, config, printedOn, offsetOf(printer));
  const template = (await readTemplates(trx)).get(kind)!;
  const isReprint = earlier !== undefined;
  const compose = (serial: string) =>
    composeCoverLetter(factsOf(subject, { kind, printedOn, serial, isReprint }), template, frame);
  // A letter that is held takes no number: it is tried with a number of the same length first.
  const { problem } = compose(sampleSerial(printedOn, actor.officeCode));
  if (problem !== undefined) {
    await holdPaper(trx, actor, 'letter', subject, problem);
    return problem;
  }
  const [serial] = await drawSerials(trx, printedOn, actor.officeCode, 1);
  const letter = compose(serial!).letter!;
  const pdf = await renderLetter(letter, actor.at, frame.ownFont);
  const run = {
    kind: 'letter' as const,
    title: letter.title,
    fileName: `cover-letter-${serial}.pdf`,
    pages: 1,
    addressees: 1,
    templateVersion: template.version,
    sha256: sha256(pdf),
    reason: isReprint ? reprintReason : '',
    printerName: printer?.name ?? '',
  };
  const printRunId = await recordPrintRun(trx, actor, run);
  const { id } = await trx
    .insertInto('letter')
    .values({
      passId,
      personId: subject.personId,
      kind,
      occasion: occasionOf(subject, kind),
      serial: serial!,
      printRunId,
      pageNumber: 1,
      printedOn,
      printedAt: actor.at.toISOString(),
      printedBy: actor.accountId,
      officeCode: actor.officeCode,
      templateVersion: template.version,
      content: JSON.stringify(letter),
      reprintReason: run.reason,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await settleHeld(trx, actor, ['letter', 'labels'], 'passId', [passId]);
  if (kind === 'resend') await recordResent(trx, actor, passId);
  const { personId } = subject;
  recordEvent(trx, actor, { kind: 'letter.printed', personId, passId, letterId: id, serial: serial! });
  return id;
}

async function getSubject(db: Database | Trx, passId: number, on: string): Promise<LetterSubject> {
  const [subject] = await readSubjects(db, [passId], on);
  if (subject === undefined) throw new NotFound('この入浴証は記録にありません。個人票を開き直してください。');
  const problem = findPrintProblem(subject);
  if (problem !== undefined) throw new Refused(problem);
  return subject;
}
