import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { approveRun, rejectRun } from '../../server/host-import/answer.ts';
import { inBackground } from '../../server/host-import/background.ts';
import { listDifferences } from '../../server/host-import/difference-queries.ts';
import type { GuardFigure } from '../../server/host-import/plausibility.ts';
import { getRun } from '../../server/host-import/queries.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { makeAccount, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese, registerNow, writeExtract } from '../support/extracts.ts';

const PEOPLE = 2000;
const fullWidth = (number: number) =>
  String(number).replace(/\d/g, (digit) => '０１２３４５６７８９'[Number(digit)]!);

/** A year later, in both columns of the birth date. */
function bornLater(person: Person): Person {
  const year = Number(person.birthWareki.slice(1, 3));
  if (person.birthWareki === '' || year < 3 || year > 60 || person.birth.slice(4) === '0229') return person;
  const wareki = `${person.birthWareki[0]}${String(year + 1).padStart(2, '0')}${person.birthWareki.slice(3)}`;
  return {
    ...person,
    birth: `${Number(person.birth.slice(0, 4)) + 1}${person.birth.slice(4)}`,
    birthWareki: wareki,
  };
}

const yearOf = ({ birth }: Person) => Number(birth.slice(0, 4));

// What a file that is read without a fault may still have wrong, and the limits that stop it.
const WRONG: readonly { what: string; over: string; make: (people: readonly Person[]) => Person[] }[] = [
  {
    what: 'every third person is missing',
    over: 'lost',
    make: (people) => people.filter((_, at) => at % 3 > 0),
  },
  {
    what: 'a category is missing from everybody who has another one too',
    over: 'disabled',
    make: (people) =>
      people.map((one) =>
        one.disabled === '1' && (one.elderly === '1' || one.child === '1') ? { ...one, disabled: '0' } : one,
      ),
  },
  {
    what: 'the list has grown by a tenth',
    over: 'total',
    make: (people) => [
      ...people,
      ...people
        .slice(0, PEOPLE / 10)
        .map((one) => ({ ...one, residentNumber: `099909${one.residentNumber.slice(6)}` })),
    ],
  },
  {
    what: 'names are taken from the column of the address',
    over: 'names',
    make: (people) => people.map((one) => ({ ...one, name: one.address.slice(0, 40) })),
  },
  {
    what: 'addresses are shifted by one row',
    over: 'addresses',
    make: (people) =>
      people.map((one, at) => {
        const { postalCode, address, building } = people[(at + 1) % people.length]!;
        return { ...one, postalCode, address, building };
      }),
  },
  { what: 'birth dates are a year late', over: 'births', make: (people) => people.map(bornLater) },
  {
    what: 'sexes are exchanged',
    over: 'sexes',
    make: (people) => people.map((one) => ({ ...one, sex: one.sex === '1' ? '2' : one.sex })),
  },
  {
    what: 'the condition is 61 and over instead of 60',
    over: 'lost',
    make: (people) =>
      people.filter((one) => one.elderly !== '1' || one.disabled === '1' || yearOf(one) < 1965),
  },
  {
    what: 'others have taken the place of the youngest, one for one',
    over: 'ages',
    make: (people) => {
      const young = people.filter((one) => yearOf(one) >= 1962 && yearOf(one) <= 1966).slice(0, 90);
      const taken = new Set(young.map(({ residentNumber }) => residentNumber));
      const others = young.map((one) => ({
        ...one,
        residentNumber: `099908${one.residentNumber.slice(6)}`,
        birth: '19300401',
        birthWareki: '3050401',
        birthUnknown: '',
      }));
      return [...people.filter(({ residentNumber }) => !taken.has(residentNumber)), ...others];
    },
  },
  {
    what: 'a few rows in a thousand have a code that there is not',
    over: 'rejected',
    make: (people) => people.map((one, at) => (at % 400 === 0 ? { ...one, sex: '5' } : one)),
  },
];

describe.each(databases)('host-extract §2.6 a wrong file is held, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(PEOPLE);
    await inTransaction(used.db, async (trx) => {
      const changed = { changedAt: context.clock.now().toISOString(), changedBy: null };
      await trx
        .insertInto('setting')
        .values({ name: 'import.lost-people', value: '50', ...changed })
        .execute();
    });
    expect(await importThese(context, people, BASES[0])).toMatchObject({ outcome: 'applied' });
  });

  test.each(WRONG)('$what: over the limit of $over, with the evidence', async ({ over, make }) => {
    const before = await registerNow(context);
    const outcome = await importThese(context, make(people), BASES[1]);
    expect(outcome).toMatchObject({ outcome: 'held' });
    expect(outcome.reason).toMatch(
      /反映していません。台帳は変わっていません。.*別の職員の承認を待っています/,
    );
    const run = await getRun(used.db, outcome.runId);
    const { figures } = JSON.parse(run.report) as { figures: GuardFigure[] };
    const figure = figures.find(({ guard }) => guard === over)!;
    expect(figure.isOver).toBe(true);
    expect(figure.figure).toBeGreaterThan(figure.limit);
    if (over !== 'rejected') expect((await listDifferences(used.db, run)).length).toBeGreaterThan(0);
    expect(await registerNow(context)).toEqual(before);
  });

  test('an ordinary half-month is over no limit', async () => {
    const next = people
      .filter((_, at) => at !== 3)
      .map((one, at) => (at % 250 === 0 ? { ...one, address: `新宿${fullWidth(at)}番` } : one));
    const outcome = await importThese(context, next, BASES[1], { dryRun: true });
    expect(outcome).toMatchObject({ outcome: 'dry-run', reason: '試行のため、反映せずに元に戻しました。' });
  });

  test('a dry run says that the real one would be held, and leaves nothing that waits', async () => {
    const outcome = await importThese(context, people.slice(1000), '2026-11-01', { dryRun: true });
    expect(outcome).toMatchObject({ outcome: 'held', reason: expect.stringContaining('試行のため') });
    const run = await getRun(used.db, outcome.runId);
    expect(run.status).toBe('dry_run');
  });

  test('limits are settings with bounds; none can be switched off', async () => {
    const { SETTINGS, isWithinBounds } = await import('../../server/settings/setting.ts');
    const limits = Object.entries(SETTINGS).filter(([name]) =>
      /^import\.(lost|category|total|changed|rejected|age)/.test(name),
    );
    expect(limits.length).toBe(10);
    for (const [, setting] of limits) {
      expect(isWithinBounds(1_000_000, setting)).toBe(false);
      expect('mayBeOff' in setting).toBe(false);
    }
  });
});

describe.each(databases)('host-extract §2.6 the answer to a held run, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let supervisor: number;
  let starter: number;

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(PEOPLE);
    starter = (await makeAccount(context, 'supervisor')).id;
    supervisor = (await makeAccount(context, 'supervisor')).id;
    expect(await importThese(context, people, BASES[0])).toMatchObject({ outcome: 'applied' });
  });

  const by = (accountId: number | null) => testActor(context, { accountId, name: 'tester' });
  const held = async (from: number, baseOn: string, accountId: number | null = starter) => {
    const path = await writeExtract(people.slice(from), baseOn);
    const outcome = await importHostExtract(context, by(accountId), path);
    expect(outcome.outcome).toBe('held');
    return { path, run: await getRun(used.db, outcome.runId) };
  };
  const approve = async (runId: number, comparison: string, accountId = supervisor) => {
    const approved = await approveRun(used.db, by(accountId), { runId, comparison, reason: '確認した' });
    const { fileName, sha256 } = approved;
    const path = `${context.config.receivedDirectory}/${sha256}/${fileName}`;
    await inBackground(context, by(accountId), {
      kind: 'import',
      path,
      fileName,
      runId,
      expectedCount: undefined,
      approved: { comparison, sha256 },
    });
    return await getRun(used.db, runId);
  };

  test('needs another person, and a reason; rejecting leaves everything as it was', async () => {
    const before = await registerNow(context);
    const { path, run } = await held(800, '2026-10-20');
    const answer = { runId: run.id, comparison: run.comparisonHash, reason: '確認した' };
    await expect(approveRun(used.db, by(starter), answer)).rejects.toThrow('本人は');
    await expect(approveRun(used.db, by(null), answer)).rejects.toThrow('サインイン');
    await expect(approveRun(used.db, by(supervisor), { ...answer, reason: ' ' })).rejects.toThrow('理由');
    await expect(approveRun(used.db, by(supervisor), { ...answer, comparison: '0' })).rejects.toThrow(
      '比べ直した',
    );
    const again = await importHostExtract(context, by(starter), path);
    expect(again, 'the same file while it waits').toMatchObject({
      outcome: 'held',
      reason: expect.stringContaining(`取込番号${run.id}`),
    });
    await rejectRun(used.db, by(supervisor), answer);
    expect((await getRun(used.db, run.id)).status).toBe('rejected');
    await expect(rejectRun(used.db, by(supervisor), answer)).rejects.toThrow('もう承認を待っていない');
    expect(await registerNow(context)).toEqual(before);
  });

  test('approved by a second person, exactly what was shown is applied, once', async () => {
    const { run } = await held(700, '2026-10-21');
    const applied = await approve(run.id, run.comparisonHash);
    expect(applied).toMatchObject({ status: 'applied', goneCount: 700, answeredBy: supervisor });
    const { gone } = await used.db
      .selectFrom('person')
      .select((count) => count.fn.countAll<number>().as('gone'))
      .where('goneOn', '=', '2026-10-21')
      .executeTakeFirstOrThrow();
    expect(Number(gone)).toBe(700);
    await expect(
      approveRun(used.db, by(supervisor), { runId: run.id, comparison: run.comparisonHash, reason: 'x' }),
    ).rejects.toThrow('もう承認を待っていない');
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('a register changed since is compared again, and the run waits again with the new figures', async () => {
    const { run } = await held(1400, '2026-10-22', null);
    await inTransaction(used.db, async (trx) => {
      await trx
        .updateTable('person')
        .set({ excludedOn: '2026-10-22', exclusionReason: 'other', exclusionSource: 'clerk', version: 9 })
        .where('residentNumber', '=', people[900]!.residentNumber)
        .execute();
    });
    const again = await approve(run.id, run.comparisonHash);
    expect(again).toMatchObject({ status: 'held', goneCount: run.goneCount - 1, answeredBy: null });
    expect(again.reason).toContain('比べ直しました');
    expect(again.comparisonHash).not.toBe(run.comparisonHash);
    expect(await approve(run.id, again.comparisonHash)).toMatchObject({ status: 'applied' });
  });

  test('an approval that its process did not survive waits again', async () => {
    const { run } = await held(1950, '2026-10-23', null);
    await approveRun(used.db, by(supervisor), { runId: run.id, comparison: run.comparisonHash, reason: 'x' });
    await importThese(context, [], '2026-10-24');
    const waiting = await getRun(used.db, run.id);
    expect(waiting).toMatchObject({ status: 'held', answeredBy: null });
    expect(await approve(run.id, waiting.comparisonHash)).toMatchObject({ status: 'applied' });
  });

  test('a kept original that was altered is not applied', async () => {
    const { run } = await held(1998, '2026-10-25', null);
    const { writeFileSync } = await import('node:fs');
    const path = `${context.config.receivedDirectory}/${run.fileSha256}/${run.fileName}`;
    writeFileSync(path, 'something else');
    const refused = await approve(run.id, run.comparisonHash);
    expect(refused).toMatchObject({ status: 'refused', reason: expect.stringContaining('内容と違う') });
  });
});
