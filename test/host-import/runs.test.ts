import { copyFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese, registerNow, writeExtract } from '../support/extracts.ts';

// Babelfish, which stands in for SQL Server here, aborts as a whole when sp_getapplock has to give up.
const isBabelfish = process.env.TEST_SQLSERVER_URL?.includes('babelfish') ?? false;

describe.each(databases)('what a run promises, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let first: string;

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(300);
    first = await writeExtract(people, BASES[0]);
    const outcome = await importHostExtract(context, testActor(context), first);
    expect(outcome).toMatchObject({ outcome: 'applied', read: 300, new: 300 });
  });

  test('host-extract §2.1 the same file again, renamed or not, changes nothing and names the earlier run', async () => {
    const before = await registerNow(context);
    const copy = join(dirname(first), 'FNT_20991231_09.csv');
    copyFileSync(first, copy);
    for (const path of [first, copy]) {
      const outcome = await importHostExtract(context, testActor(context), path);
      expect(outcome).toMatchObject({ outcome: 'nothing' });
      expect(outcome.reason).toContain('取込番号1');
    }
    expect(await registerNow(context)).toEqual(before);
  });

  test('host-extract §2.1 an older base date, or the same, is refused and names the newer run', async () => {
    for (const baseOn of ['2026-09-30', BASES[0]]) {
      const outcome = await importThese(context, people.slice(0, 299), baseOn);
      expect(outcome).toMatchObject({ outcome: 'refused' });
      expect(outcome.reason).toMatch(
        /取込番号1（抽出基準日 2026-10-15）より新しくない.*台帳は変わっていません/,
      );
    }
  });

  test('host-extract §2.1 the original is kept as received, readable by the service only', async () => {
    const { fileSha256 } = await used.db
      .selectFrom('importRun')
      .select('fileSha256')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow();
    const folder = join(context.config.receivedDirectory, fileSha256);
    const [name] = readdirSync(folder);
    expect(statSync(join(folder, name!)).mode & 0o077).toBe(0);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  test('host-extract §2.4 a number that stands twice refuses the whole file', async () => {
    const before = await registerNow(context);
    const outcome = await importThese(context, [...people, people[5]!], BASES[1]);
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(outcome.reason).toContain('同じ住民番号が2行以上');
    expect(await registerNow(context)).toEqual(before);
  });

  test('host-extract §2.6 an empty list is refused', async () => {
    const outcome = await importThese(context, [], BASES[1]);
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(outcome.reason).toContain('1人も載っていない');
  });

  test('host-extract §2 a dry run is the same code, undone', async () => {
    const before = await registerNow(context);
    const outcome = await importThese(context, people.slice(1), BASES[1], { dryRun: true });
    expect(outcome).toMatchObject({ outcome: 'dry-run', gone: 1, same: 299 });
    expect(await registerNow(context)).toEqual(before);
  });

  test('host-extract §2 the count of the processing sheet must agree', async () => {
    const outcome = await importThese(context, people, BASES[1], { expectedCount: 301 });
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(outcome.reason).toContain('指定された件数301件とファイルの件数300件');
  });

  test('host-extract §2.7 two runs at once: one is applied, the other told to wait; no double', async () => {
    const next = await writeExtract(people.slice(1), BASES[1]);
    const once = () => importHostExtract(context, testActor(context), next);
    const [a, b] =
      engine === 'mssql' && isBabelfish ? [await once(), await once()] : await Promise.all([once(), once()]);
    const outcomes = [a.outcome, b.outcome].sort();
    expect([
      ['applied', 'refused'],
      ['applied', 'nothing'],
    ]).toContainEqual(outcomes);
    const { applied } = await used.db
      .selectFrom('importRun')
      .select((count) => count.fn.countAll<number>().as('applied'))
      .where('status', '=', 'applied')
      .executeTakeFirstOrThrow();
    expect(Number(applied)).toBe(2);
  });

  test('host-extract §2.5 §2.7 gone, ended, changed, returned; what clerks typed stays', async () => {
    const [lost, dead, moved] = people as [Person, Person, Person];
    const id = async ({ residentNumber }: Person) =>
      await used.db
        .selectFrom('person')
        .select(['id', 'version'])
        .where('residentNumber', '=', residentNumber)
        .executeTakeFirstOrThrow();
    const { id: personId, version } = await id(moved);
    await changePhone(used.db, testActor(context), { personId, version, phone: '03-1234-5678' });
    const death = { ...dead, state: '3', reason: '23', movedOn: '20261105' };
    const move = { ...moved, address: '新宿一丁目９番９号', building: '' };
    const outcome = await importThese(context, [lost, death, move, ...people.slice(3)], BASES[2]);
    expect(outcome).toMatchObject({
      outcome: 'applied',
      returned: 1,
      ended: 1,
      changed: 1,
      gone: 0,
      same: 297,
    });
    const now = new Map((await registerNow(context)).map((row) => [row.residentNumber, row]));
    expect(now.get(lost.residentNumber)).toMatchObject({ goneOn: null, goneRunId: null, excludedOn: null });
    expect(now.get(dead.residentNumber)).toMatchObject({
      excludedOn: '2026-11-05',
      exclusionReason: 'died',
      exclusionSource: 'host',
    });
    expect(now.get(moved.residentNumber)).toMatchObject({
      address: '新宿一丁目９番９号',
      phone: '03-1234-5678',
    });
  });

  test('host-extract §2.8 each value of each changed person stands beside the chain, and the chain holds', async () => {
    const { appliedSequence } = await used.db
      .selectFrom('importRun')
      .select('appliedSequence')
      .where('status', '=', 'applied')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const values = await used.db
      .selectFrom('auditValue')
      .innerJoin('person', 'person.id', 'auditValue.personId')
      .select(['residentNumber', 'field', 'oldValue', 'newValue'])
      .where('eventSequence', '=', appliedSequence!)
      .execute();
    expect(values).toContainEqual({
      residentNumber: people[2]!.residentNumber,
      field: 'address',
      oldValue: people[2]!.address,
      newValue: '新宿一丁目９番９号',
    });
    expect(values).toContainEqual({
      residentNumber: people[1]!.residentNumber,
      field: 'excluded_on',
      oldValue: '',
      newValue: '2026-11-05',
    });
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('host-extract §2.7 a clerk who edits while a run applies loses nothing, nor does the run', async () => {
    const person = await used.db
      .selectFrom('person')
      .select(['id', 'version', 'residentNumber'])
      .where('residentNumber', '=', people[10]!.residentNumber)
      .executeTakeFirstOrThrow();
    const changed = people.map((one, at) => (at === 10 ? { ...one, address: '新宿二丁目１番１号' } : one));
    const next = changed.filter((_, at) => at !== 1);
    const edit = async () => {
      for (let phone = 0; ; phone += 1) {
        const { version } = await used.db
          .selectFrom('person')
          .select('version')
          .where('id', '=', person.id)
          .executeTakeFirstOrThrow();
        try {
          await changePhone(used.db, testActor(context), {
            personId: person.id,
            version,
            phone: `03-0000-${String(phone).padStart(4, '0')}`,
          });
          if (phone >= 20) return `03-0000-${String(phone).padStart(4, '0')}`;
        } catch (error) {
          if (!(error as Error).message.includes('取込がこの人の記録を変えた')) throw error;
        }
      }
    };
    const [outcome, last] = await Promise.all([importThese(context, next, BASES[3]), edit()]);
    expect(outcome).toMatchObject({ outcome: 'applied' });
    const after = await used.db
      .selectFrom('person')
      .select(['address', 'phone'])
      .where('id', '=', person.id)
      .executeTakeFirstOrThrow();
    expect(after).toEqual({ address: '新宿二丁目１番１号', phone: last });
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('host-extract §2.7 a person who changed behind the lock, after the file was read, ends the run', async () => {
    const before = await registerNow(context);
    const changeDigest = (from: string, to: string) =>
      used.db.updateTable('person').set({ hostDigest: to }).where('hostDigest', '=', from).execute();
    const { hostDigest } = before.find((person) => person.excludedOn === null && person.goneOn === null)!;
    let changed: Promise<unknown> | undefined;
    const outcome = await importThese(context, people, '2026-12-01', {
      onProgress: () => {
        changed ??= changeDigest(hostDigest, 'altered');
      },
    });
    await changed;
    expect(outcome).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('台帳は変わっていません'),
    });
    await changeDigest('altered', hostDigest);
    expect(await registerNow(context)).toEqual(before);
  });

  test('host-extract §2.10 a run whose process was killed needs no repair: the next one closes it', async () => {
    await inTransaction(used.db, async (trx) => {
      await trx
        .insertInto('importRun')
        .values({
          fileName: 'FNT_20261231_01.csv',
          fileSha256: 'f'.repeat(64),
          fileSize: 1,
          startedAt: context.clock.now().toISOString(),
          status: 'running',
          actor: 'job:test',
          report: '{}',
        })
        .execute();
    });
    await importThese(context, [], '2026-12-15');
    const killed = await used.db
      .selectFrom('importRun')
      .select(['status', 'reason'])
      .where('fileName', '=', 'FNT_20261231_01.csv')
      .executeTakeFirstOrThrow();
    expect(killed).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('途中でプログラムが止まった'),
    });
  });
});
