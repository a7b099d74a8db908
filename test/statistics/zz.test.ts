import { test } from 'vitest';
import { useDatabase } from '../support/databases.ts';
import { countCube, countHolders } from '../../server/statistics/cube.ts';
import { countByMonth, countByPlace, listPassYears } from '../../server/statistics/acts-by-month.ts';
import { testContext } from '../support/app.ts';
import { makePerson } from '../support/people.ts';
const used = useDatabase('mssql');
test('x', async () => {
  await makePerson(testContext(used.db));
  const time = async (label: string, f: () => Promise<unknown>) => { const t = performance.now(); try { await f(); } catch (e) { console.log(label, (e as Error).message?.slice(0, 300) ?? e); } console.log(label, Math.round(performance.now() - t)); };
  await time('cube', () => countCube(used.db, { baseOn: '2026-11-20', fiscalYear: 2026, untilOn: '2026-11-20' }));
  await time('holders', () => countHolders(used.db, 2026, '2026-11-20'));
  await time('month', () => countByMonth(used.db, 2026, '2026-11-20'));
  await time('place', () => countByPlace(used.db, 2026, '2026-11-20'));
  await time('years', () => listPassYears(used.db, 5));
});
