import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { recordEvent } from '../../server/audit/record-event.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { countCube } from '../../server/statistics/cube.ts';
import { eligibleOn } from '../../server/statistics/eligible-on.ts';
import { readRules } from '../calendar/read-rules.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';
import { makeRun } from './people-on.ts';

interface Happened {
  field: string;
  oldValue: string;
  newValue: string;
  by: 'run' | 'act' | 'undone';
  on: string;
}

/** 'gone_on 2026-05-15> run 2026-06-15': what a field was and became, by what, on which day. */
function readHappened(text: string): Happened | undefined {
  const read = /^(\w+) ([\d-]*)>([\d-]*) (run|act|undone) ([\d-]+)$/.exec(text);
  if (read === null) return undefined;
  const [, field, oldValue, newValue, by, on] = read as unknown as string[];
  return { field: field!, oldValue: oldValue!, newValue: newValue!, by: by as Happened['by'], on: on! };
}

describe.each(databases)('who was eligible on a day, on %s', (engine) => {
  const used = useDatabase(engine);

  const ask = async (baseOn: string): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`with ${eligibleOn(baseOn)} select id from eligible`.execute(
      used.db,
    );
    return rows.map(({ id }) => id);
  };

  test.each(readRules<string>('statistics/eligible-on.csv'))('%s', async (_note, rule) => {
    const context = testContext(used.db);
    const firstRunId = await makeRun(used.db, rule.初めの基準日!);
    const state = { goneOn: rule.消滅 || null, excludedOn: rule.除外 || null };
    const excluded = rule.除外 ? { exclusionReason: 'other', exclusionSource: 'clerk' } : {};
    const personId = await makePerson(context, { firstRunId, ...state, ...excluded });
    const happened = readHappened(rule.後の出来事!);
    if (happened !== undefined) {
      const { field, oldValue, newValue, by, on } = happened;
      const actor = testActor(context, { at: new Date(`${on}T05:00:00.000Z`) });
      await inTransaction(used.db, async (trx) =>
        recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
          { personId, field, oldValue, newValue },
        ]),
      );
      const { lastSequence } = await used.db.selectFrom('auditHead').selectAll().executeTakeFirstOrThrow();
      if (by !== 'act') await makeRun(used.db, on, lastSequence, by === 'run' ? 'applied' : 'undone');
    }
    expect((await ask(rule.基準日!)).includes(personId)).toBe(rule.対象 === '1');
  });

  test.each(readRules<string>('statistics/age-groups.csv'))('%s', async (_note, rule) => {
    const context = testContext(used.db);
    const districtCode = '99';
    await used.db.updateTable('person').set({ districtCode: '01' }).execute();
    await makePerson(context, {
      districtCode,
      birthEarliestOn: rule.最も早い日!,
      birthLatestOn: rule.最も遅い日!,
    });
    const asked = { baseOn: rule.基準日!, fiscalYear: 2026, untilOn: rule.基準日! };
    const cube = await countCube(used.db, asked);
    const [row] = cube.filter(({ district }) => district === districtCode);
    expect(row).toMatchObject({ ageFrom: Number(rule.階級), eligible: 1, issued: 0 });
  });

  test('who came first with a run that was undone is known from the run that brought them again', async () => {
    const context = testContext(used.db);
    const firstRunId = await makeRun(used.db, '2026-04-30', null, 'undone');
    const personId = await makePerson(context, { firstRunId });
    expect(await ask('2026-10-01')).not.toContain(personId);
    const actor = testActor(context, { at: new Date('2026-06-17T05:00:00.000Z') });
    await inTransaction(used.db, async (trx) =>
      recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
        { personId, field: 'outcome', oldValue: '', newValue: 'returned' },
      ]),
    );
    const { lastSequence } = await used.db.selectFrom('auditHead').selectAll().executeTakeFirstOrThrow();
    await makeRun(used.db, '2026-06-15', lastSequence);
    expect(await ask('2026-06-14')).not.toContain(personId);
    expect(await ask('2026-06-15')).toContain(personId);
  });

  test('categories and district are those of the day', async () => {
    const context = testContext(used.db);
    const firstRunId = await makeRun(used.db, '2026-04-30');
    const personId = await makePerson(context, { firstRunId, isElderly: 1, districtCode: '07' });
    const change = async (on: string, values: [string, string, string][]) => {
      const actor = testActor(context, { at: new Date(`${on}T05:00:00.000Z`) });
      await inTransaction(used.db, async (trx) =>
        recordEvent(
          trx,
          actor,
          { kind: 'person.contact-changed', personId },
          values.map(([field, oldValue, newValue]) => ({ personId, field, oldValue, newValue })),
        ),
      );
    };
    await change('2026-06-01', [
      ['is_elderly', '0', '1'],
      ['is_disabled', '1', '0'],
      ['district_code', '03', '05'],
    ]);
    await change('2026-08-01', [['district_code', '05', '07']]);
    const at = async (baseOn: string) => {
      const { rows } = await sql<Record<string, unknown>>`
        with ${eligibleOn(baseOn)} select is_elderly, is_disabled, district_code from eligible where id = ${personId}`.execute(
        used.db,
      );
      return rows[0];
    };
    expect(await at('2026-05-31')).toEqual({ isElderly: 0, isDisabled: 1, districtCode: '03' });
    expect(await at('2026-07-01')).toEqual({ isElderly: 1, isDisabled: 0, districtCode: '05' });
    expect(await at('2026-09-01')).toEqual({ isElderly: 1, isDisabled: 0, districtCode: '07' });
  });
});
