import { verifyChain } from '../../server/audit/verify.ts';
import type { Database } from '../../server/db/schema.ts';
import type { Done } from './desk-acts.ts';

/** What is wrong with a register after so many acts by so many hands; empty when every rule held. */
export async function checkHistory(db: Database, history: readonly Done[], since: number): Promise<string[]> {
  return [
    ...(await numbersHandedTwice(db, history)),
    ...(await twoValidPasses(db)),
    ...(await lostMoves(db, history)),
    ...(await lostValues(db, since)),
    ...(await actsOffTheRecord(db, history, since)),
    ...(await marksOutOfStep(db)),
    ...((await verifyChain(db)).whole ? [] : ['the chain of the record is broken']),
  ];
}

async function numbersHandedTwice(db: Database, history: readonly Done[]): Promise<string[]> {
  const handed = history.flatMap(({ issued = [] }) => issued);
  const numbers = new Map<number, number>();
  const wrong: string[] = [];
  for (const { id, passNumber } of handed) {
    if (numbers.has(passNumber)) wrong.push(`number ${passNumber} was handed out twice`);
    numbers.set(passNumber, id);
  }
  const rows = await db.selectFrom('pass').select(['id', 'passNumber']).execute();
  if (rows.length !== handed.length)
    wrong.push(`${handed.length} passes were handed out, ${rows.length} are held`);
  for (const { id, passNumber } of rows) {
    if (numbers.get(passNumber) !== id) wrong.push(`number ${passNumber} is held and was never handed out`);
  }
  return wrong;
}

async function twoValidPasses(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('pass').select(['personId', 'fiscalYear', 'status']).execute();
  const groups = Map.groupBy(rows, ({ personId, fiscalYear }) => `${personId}/${fiscalYear}`);
  return [...groups].flatMap(([whose, passes]) => {
    const of = (status: string) => passes.filter((pass) => pass.status === status).length;
    const wrong = of('valid') > 1 ? [`${whose} holds ${of('valid')} valid passes`] : [];
    return of('lost') > 1 ? [...wrong, `${whose} lost ${of('lost')} passes in a year`] : wrong;
  });
}

/** Each act that says it moved a row moved its version by one; a version that is behind is a lost update. */
async function lostMoves(db: Database, history: readonly Done[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const table of ['pass', 'circumstance'] as const) {
    const rows = await db.selectFrom(table).select(['id', 'version']).execute();
    const moved = history.filter((done) => done.moved?.table === table && done.kind !== 'circumstance.added');
    for (const { id, version } of rows) {
      const moves = moved.filter((done) => done.moved!.id === id).length;
      // A pass is moved as well by the reissue that replaces it and by the revoke that restores it.
      const isWrong = table === 'pass' ? version < 1 + moves : version !== 1 + moves;
      if (isWrong) wrong.push(`${table} ${id} was moved ${moves} times and is at version ${version}`);
    }
  }
  return wrong;
}

/** Every value on record began where the one before it ended, and the last is the one held. */
async function lostValues(db: Database, since: number): Promise<string[]> {
  const rows = await db
    .selectFrom('auditValue')
    .select(['personId', 'field', 'oldValue', 'newValue'])
    .where('eventSequence', '>', since)
    .where('field', 'in', ['phone', 'excluded_on'])
    .orderBy('eventSequence')
    .execute();
  const people = await db.selectFrom('person').select(['id', 'phone', 'excludedOn']).execute();
  const held = new Map(
    people.map((one) => [one.id, { phone: one.phone, excluded_on: one.excludedOn ?? '' }]),
  );
  const wrong: string[] = [];
  for (const [, values] of Map.groupBy(rows, ({ personId, field }) => `${personId} ${field}`)) {
    const { personId, field } = values[0]!;
    let last = '';
    for (const { oldValue, newValue } of values) {
      if (oldValue !== last) wrong.push(`${field} of ${personId}: an update was lost`);
      last = newValue;
    }
    if (held.get(personId)?.[field as 'phone'] !== last)
      wrong.push(`${field} of ${personId} is not the last one`);
  }
  return wrong;
}

async function actsOffTheRecord(db: Database, history: readonly Done[], since: number): Promise<string[]> {
  const rows = await db
    .selectFrom('auditEvent')
    .select(['kind', (count) => count.fn.countAll<number>().as('times')])
    .where('sequence', '>', since)
    .groupBy('kind')
    .execute();
  const done = Map.groupBy(history, ({ kind }) => kind);
  const recorded = new Map(rows.map(({ kind, times }) => [kind, Number(times)]));
  return [...done]
    .filter(([kind, acts]) => recorded.get(kind) !== acts.length)
    .map(([kind, acts]) => `${kind}: ${acts.length} acts, ${recorded.get(kind) ?? 0} on record`);
}

async function marksOutOfStep(db: Database): Promise<string[]> {
  const people = await db.selectFrom('person').select(['id', 'isProtected']).execute();
  const open = await db
    .selectFrom('circumstance')
    .select('personId')
    .where('kind', '=', 'protected')
    .where('endedAt', 'is', null)
    .execute();
  const marked = new Set(open.map(({ personId }) => personId));
  return people
    .filter(({ id, isProtected }) => (isProtected === 1) !== marked.has(id))
    .map(({ id }) => `the mark of protection of ${id} is out of step`);
}
