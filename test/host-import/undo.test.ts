import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { listLeftAlone } from '../../server/host-import/difference-queries.ts';
import { readSettlement, settleGone } from '../../server/host-import/gone.ts';
import { getRun } from '../../server/host-import/queries.ts';
import { undoRun } from '../../server/host-import/undo.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { makeAccount, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese, registerNow } from '../support/extracts.ts';

const PEOPLE = 1000;
const KNOWN = 990;

describe.each(databases)('host-extract §2.9 undoing a run, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let supervisor: number;
  const reason = '前月の条件で作成されたファイルだったため';

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(PEOPLE);
    supervisor = (await makeAccount(context, 'supervisor')).id;
    expect(await importThese(context, people.slice(0, KNOWN), BASES[0])).toMatchObject({
      outcome: 'applied',
    });
  });

  const by = () => testActor(context, { accountId: supervisor, name: 'tester' });
  const find = async ({ residentNumber }: Person) =>
    await used.db
      .selectFrom('person')
      .selectAll()
      .where('residentNumber', '=', residentNumber)
      .executeTakeFirstOrThrow();
  const withoutStamps = (rows: Awaited<ReturnType<typeof registerNow>>) =>
    rows.map(({ version: _, updatedAt: __, ...row }) => row);

  // Of the second file: 0 and 1 are gone, 2 has died, 3 and 4 have moved, the last ten are new.
  const second = () =>
    people.slice(2).map((one, at) => {
      if (at === 0) return { ...one, state: '3', reason: '23', movedOn: '20261020' };
      return at === 1 || at === 2 ? { ...one, name: '新宿　花', address: '新宿九丁目９番' } : one;
    });

  test('puts back every value, deletes nobody, and lets the same file in again', async () => {
    const before = withoutStamps(await registerNow(context));
    const { runId } = await importThese(context, second(), BASES[1]);
    await expect(undoRun(used.db, by(), { runId, reason: '' })).rejects.toThrow('理由を入力');
    await expect(undoRun(used.db, by(), { runId: 1, reason })).rejects.toThrow('最も新しく反映した取込だけ');
    const undone = await undoRun(used.db, by(), { runId, reason });
    expect(undone).toEqual({ restored: 5, excluded: 10, toCheck: 0, leftAlone: 0 });
    const after = withoutStamps(await registerNow(context));
    const known = new Set(before.map(({ residentNumber }) => residentNumber));
    expect(after.filter(({ residentNumber }) => known.has(residentNumber))).toEqual(before);
    const brought = after.filter(({ residentNumber }) => !known.has(residentNumber));
    expect(brought).toHaveLength(10);
    for (const person of brought)
      expect(person).toMatchObject({ exclusionSource: 'undone', excludedOn: '2026-11-20' });
    expect(await getRun(used.db, runId)).toMatchObject({
      status: 'undone',
      undoneBy: supervisor,
      undoReason: reason,
    });
    await expect(undoRun(used.db, by(), { runId, reason })).rejects.toThrow('もう取り消されている');
    const { former } = await used.db
      .selectFrom('personFormerValue')
      .select((count) => count.fn.countAll<number>().as('former'))
      .executeTakeFirstOrThrow();
    expect(Number(former)).toBe(0);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });

    const again = await importThese(context, second(), BASES[1]);
    expect(again).toMatchObject({ outcome: 'applied', returned: 10, gone: 2, ended: 1, changed: 2 });
    for (const person of people.slice(KNOWN)) {
      expect(await find(person)).toMatchObject({
        excludedOn: null,
        exclusionSource: null,
        exclusionNote: '',
        goneOn: null,
      });
    }
  });

  test('records what went back, value for value', async () => {
    const { sequence } = await used.db
      .selectFrom('auditEvent')
      .select('sequence')
      .where('kind', '=', 'import.undone')
      .executeTakeFirstOrThrow();
    const values = await used.db
      .selectFrom('auditValue')
      .select(['personId', 'field', 'oldValue', 'newValue'])
      .where('eventSequence', '=', sequence)
      .execute();
    const { id } = await find(people[3]!);
    expect(values).toContainEqual({
      personId: id,
      field: 'name',
      oldValue: '新宿　花',
      newValue: people[3]!.name,
    });
    expect(values).toContainEqual({ personId: 0, field: 'reason', oldValue: '', newValue: reason });
  });

  test('leaves alone what was changed since, lists it, and puts who has an application on the worklist', async () => {
    const { id: runId } = await used.db
      .selectFrom('importRun')
      .select('id')
      .where('status', '=', 'applied')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const settled = await find(people[0]!);
    const form = { decision: 'moved_out', on: 'R8.11.1', note: '', version: String(settled.version) };
    await settleGone(used.db, by(), readSettlement(form, settled.id, context.clock.now()));
    const moved = await find(people[4]!);
    await changePhone(used.db, by(), { personId: moved.id, version: moved.version, phone: '03-1111-2222' });
    const corrected = await find(people[3]!);
    await inTransaction(used.db, async (trx) => {
      await trx.updateTable('person').set({ hostDigest: 'x' }).where('id', '=', corrected.id).execute();
      // Somebody the run brought in the first place, so that there is an application of theirs.
      await trx
        .updateTable('person')
        .set({ firstRunId: runId })
        .where('id', '=', await idOf(180))
        .execute();
      await trx
        .insertInto('application')
        .values({
          personId: await idOf(180),
          fiscalYear: 2026,
          kind: 'new',
          appliedOn: '2026-11-20',
          officeCode: '00',
          applicant: 'self',
          accountId: null,
          formKey: 'undo-test',
          createdAt: context.clock.now().toISOString(),
        } as never)
        .execute();
    });
    const undone = await undoRun(used.db, by(), { runId, reason });
    expect(undone).toMatchObject({ leftAlone: 2, toCheck: 1 });
    expect(await find(people[0]!)).toMatchObject({ exclusionReason: 'moved_out', exclusionSource: 'gone' });
    expect(await find(people[1]!)).toMatchObject({ goneOn: null, excludedOn: null });
    expect(await find(people[4]!), 'a telephone number is the clerk’s').toMatchObject({
      phone: '03-1111-2222',
      name: people[4]!.name,
      address: people[4]!.address,
    });
    expect(await find(people[3]!)).toMatchObject({ name: '新宿　花' });
    expect(await find(people[180]!)).toMatchObject({ goneOn: BASES[1], goneRunId: runId, excludedOn: null });
    const left = await listLeftAlone(used.db, runId);
    expect(left.map(({ residentNumber, leftAlone }) => [residentNumber, leftAlone]).sort()).toEqual(
      [
        [people[0]!.residentNumber, 'state'],
        [people[3]!.residentNumber, 'host'],
      ].sort(),
    );
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  async function idOf(at: number): Promise<number> {
    return (await find(people[at]!)).id;
  }
});
