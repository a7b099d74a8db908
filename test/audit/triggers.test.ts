import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createRandom } from '../../jobs/dummy/random.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { useDatabase } from '../support/databases.ts';
import { makeRecord } from './sample.ts';

// On SQL Server the same is a matter of grants: sql/sqlserver-operations/grants.sql.

const used = useDatabase('sqlite');

test.each([
  "update audit_event set actor = 'x' where sequence = 1",
  'delete from audit_event where sequence = 12',
  'insert or replace into audit_event select * from audit_event where sequence = 1',
  'update audit_head set last_sequence = last_sequence - 1',
  'delete from audit_head',
  "update audit_value set new_value = ''",
  'delete from audit_value',
  "update audit_value_salt set salt = ''",
  'delete from audit_value_salt',
  "update audit_value_erasure set remaining_hash = ''",
  'delete from audit_value_erasure',
])('%s', async (statement) => {
  const { sequence } = (await used.db
    .selectFrom('auditEvent')
    .select((max) => max.fn.max('sequence').as('sequence'))
    .executeTakeFirst())!;
  if (sequence === null) await makeRecord(used.db, 10, createRandom('triggers'));
  await expect(sql.raw(statement).execute(used.db)).rejects.toThrow(/append-only|forward|never|record of it/);
  expect(await verifyChain(used.db)).toMatchObject({ whole: true, events: 12 });
});
