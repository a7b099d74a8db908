import type { Actor } from '../../audit/record-event.ts';
import type { ValueChange } from '../../audit/values.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { type Addressee, holdPaper, settleHeld } from '../held.ts';

// Who is on a run of labels or postcards, and who was left out of it and why.

/** Somebody for whom nothing was printed. */
export interface LeftOut extends Addressee {
  problem: 'character' | 'overflow' | 'address' | 'protected';
  sentence: string;
}

/** One of a list: ready to be drawn, or left out. */
export type Composed<Card> = (Addressee & { card: Card }) | LeftOut;

/** Parts those who can be drawn from those who are left out. */
export function part<Card>(all: readonly Composed<Card>[]) {
  return { ready: all.filter((one) => 'card' in one), leftOut: all.filter((one) => 'problem' in one) };
}

/** Puts those who cannot be printed as the register stands on the list of what is held, and takes the others off. */
export async function settlePeople(
  trx: Trx,
  actor: Actor,
  paper: 'labels' | 'postcards',
  { ready, leftOut }: { ready: readonly Addressee[]; leftOut: readonly LeftOut[] },
): Promise<void> {
  const of = paper === 'labels' ? 'passId' : 'personId';
  const ids = ready.map((one) => one[of]).filter((id) => id !== null);
  await settleHeld(trx, actor, [paper], of, ids);
  for (const { problem, sentence, ...addressee } of leftOut) {
    if (problem !== 'protected') await holdPaper(trx, actor, paper, addressee, { kind: problem, sentence });
  }
}

/** Beside the event of a run, so that the record of a person says that they were printed. */
export function valuesOf(ready: readonly Addressee[], fileName: string): ValueChange[] {
  const people = new Set(ready.map(({ personId }) => personId));
  return [...people].map((personId) => ({
    personId,
    field: 'printed_file',
    oldValue: '',
    newValue: fileName,
  }));
}

const ROWS_AN_INSERT = 200;

/** Keeps who is on a printed run, in the order they were drawn, and then who was left out. */
export async function recordPeople(
  trx: Trx,
  printRunId: number,
  { ready, leftOut }: { ready: readonly Addressee[]; leftOut: readonly LeftOut[] },
): Promise<void> {
  const printed = ready.map(({ personId, passId }) => ({
    personId,
    passId,
    problem: '' as const,
    sentence: '',
  }));
  const left = leftOut.map(({ personId, passId, problem, sentence }) => ({
    personId,
    passId,
    problem,
    sentence,
  }));
  const rows = [...printed, ...left].map((one, at) => ({ printRunId, ordinal: at + 1, ...one }));
  for (let from = 0; from < rows.length; from += ROWS_AN_INSERT) {
    await trx
      .insertInto('printRunPerson')
      .values(rows.slice(from, from + ROWS_AN_INSERT))
      .execute();
  }
}

/** Everybody of a run by name, in the order they were drawn, those who were left out at the end. */
export async function listRunPeople(db: Database, printRunId: number) {
  return await db
    .selectFrom('printRunPerson')
    .innerJoin('person', 'person.id', 'printRunPerson.personId')
    .leftJoin('pass', 'pass.id', 'printRunPerson.passId')
    .select(['printRunPerson.personId', 'person.name', 'person.residentNumber'])
    .select(['pass.fiscalYear', 'pass.passNumber', 'printRunPerson.problem', 'printRunPerson.sentence'])
    .where('printRunPerson.printRunId', '=', printRunId)
    .orderBy('printRunPerson.ordinal')
    .execute();
}
