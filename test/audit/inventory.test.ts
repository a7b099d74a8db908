import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../server/audit/event.ts';
import { describeEvents } from '../../server/audit/inventory.ts';

test('docs/audit-events.md is the list in the code (vitest run … -u renews it)', async () => {
  await expect(describeEvents()).toMatchFileSnapshot('../../docs/audit-events.md');
});

test('kinds fit their column on SQL Server', () => {
  expect(Object.keys(EVENT_KINDS).filter((kind) => kind.length > 40)).toEqual([]);
});
