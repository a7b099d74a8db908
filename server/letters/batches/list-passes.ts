import { isLocalDate, type LocalDate } from '../../calendar/local-date.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { Invalid } from '../../errors.ts';
import { findPrintProblem } from '../print-problem.ts';
import { destinationOf, kindFor, type LetterSubject, readSubjects } from '../subject.ts';
import { LIST_DAYS, LIST_KINDS, type ListKind } from './batch.ts';

/** Whose mail: the kind of list and the days it is of. */
export interface ListRequest {
  listKind: ListKind;
  fromOn: LocalDate;
  untilOn: LocalDate;
}

/** Throws Invalid with a sentence for each entry at fault. */
export function requireDays({ listKind, fromOn, untilOn }: ListRequest, today: LocalDate): void {
  if (!LIST_KINDS.includes(listKind)) throw new Invalid({ listKind: '一覧の種類を選んでください。' });
  const faults: Record<string, string> = {};
  const day = LIST_DAYS[listKind];
  if (!isLocalDate(fromOn)) faults.fromOn = `${day}の最初の日を日付として読めません。例）R8.11.20`;
  if (!isLocalDate(untilOn)) faults.untilOn = `${day}の最後の日を日付として読めません。例）R8.11.20`;
  else if (untilOn < fromOn) faults.untilOn = '最後の日が最初の日より前になっています。';
  else if (untilOn > today) faults.untilOn = '最後の日が先の日付になっています。今日までの日にしてください。';
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
}

/** The valid passes by post of a list whose people may have mail, in the order of their postal codes. */
export async function listPassesForPost(
  db: Database | Trx,
  { listKind, fromOn, untilOn }: ListRequest,
  today: LocalDate,
): Promise<LetterSubject[]> {
  const day = listKind === 'resends' ? 'pass.returnedOn' : 'pass.issuedOn';
  const rows = await db
    .selectFrom('pass')
    .select('pass.id')
    .where('pass.status', '=', 'valid')
    .where('pass.deliveryMethod', '=', 'post')
    .where(day, '>=', fromOn)
    .where(day, '<=', untilOn)
    .execute();
  const subjects = await readSubjects(
    db,
    rows.map(({ id }) => id),
    today,
  );
  return subjects
    .filter((subject) => findPrintProblem(subject) === undefined)
    .filter(({ returnedOn }) => listKind === 'resends' || returnedOn === null)
    .filter(({ mailingStoppedOn }) => listKind !== 'annual' || mailingStoppedOn === null)
    .map((subject) => ({ subject, to: destinationOf(subject) }))
    .sort(
      (a, b) =>
        compare(a.to.postalCode, b.to.postalCode) ||
        compare(a.to.address, b.to.address) ||
        a.subject.passId - b.subject.passId,
    )
    .map(({ subject }) => subject);
}

/** The kind of letter a list gives: the annual list says it itself. */
export function listedKind(subject: LetterSubject, listKind: ListKind) {
  return listKind === 'annual' ? 'annual' : kindFor(subject);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
