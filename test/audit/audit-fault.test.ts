import { randomUUID } from 'node:crypto';
import { type KyselyPlugin, MssqlQueryCompiler } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../../server/accounts/create-account.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { businessDay } from '../../server/calendar/local-date.ts';
import { connect } from '../../server/db/connect.ts';
import { engineWords } from '../../server/db/dialect.ts';
import type { Database } from '../../server/db/schema.ts';
import { printLetter } from '../../server/letters/print-letter.ts';
import { revokePass } from '../../server/passes/end-pass.ts';
import { issuePass } from '../../server/passes/issue.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { recordView } from '../../server/register/view-person.ts';
import { changeSetting } from '../../server/settings/change-setting.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { importPeople, makePerson } from '../support/people.ts';
import { digestTables } from '../support/world.ts';

// The audit write fails at its first, second, … n-th statement, until an act goes through without meeting
// the fault. Each time the act must be refused and the whole database stand as it stood before.

class Injected extends Error {}

/** Lets the n-th statement that touches the audit tables fail after the database has done it. */
function auditFault() {
  const words = engineWords('mssql');
  const compiler = new MssqlQueryCompiler();
  const audits = new WeakSet<object>();
  let left = Number.POSITIVE_INFINITY;
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (node.kind !== 'SelectQueryNode') {
        const text = compiler.compileQuery(words.transformQuery({ node, queryId }), queryId).sql;
        if (/(insert into|update) "?audit_?(event|head|value)/i.test(text)) audits.add(queryId);
      }
      return node;
    },
    async transformResult({ result, queryId }) {
      if (audits.has(queryId)) {
        left -= 1;
        if (left === 0) throw new Injected('the audit write failed');
      }
      return result;
    },
  };
  return {
    plugin,
    failAt: (statement: number) => {
      left = statement;
    },
    wasMet: () => left <= 0,
  };
}

describe.each(databases)('a fault in the audit write on %s', (engine) => {
  const used = useDatabase(engine);
  const fault = auditFault();
  let faulty: Database;
  beforeAll(() => {
    faulty = connect(used.url, { observer: fault.plugin });
  });
  afterAll(() => faulty.destroy());

  /** Runs an act with the fault at every place; returns how many places there were. */
  async function failEverywhere(act: (db: Database) => Promise<unknown>, without = /^$/): Promise<number> {
    for (let statement = 1; ; statement += 1) {
      const before = await digestTables(used.db, without);
      fault.failAt(statement);
      const failed = await act(faulty).then(
        () => false,
        () => true,
      );
      const wasMet = fault.wasMet();
      fault.failAt(Number.POSITIVE_INFINITY);
      if (!wasMet) {
        expect(failed, 'without the fault the act goes through').toBe(false);
        expect(await digestTables(used.db, without), 'and changes something').not.toEqual(before);
        expect(await verifyChain(used.db)).toMatchObject({ whole: true });
        return statement - 1;
      }
      expect(failed, `the fault at statement ${statement} is not swallowed`).toBe(true);
      expect(await digestTables(used.db, without), `after the fault at statement ${statement}`).toEqual(
        before,
      );
    }
  }

  const context = () => testContext(used.db);
  const request = (personId: number) => {
    const today = businessDay(context().clock.now());
    return {
      personId,
      kind: 'new' as const,
      appliedOn: today,
      issuedOn: today,
      officeCode: '00',
      deliveryMethod: 'post' as const,
      applicant: 'self' as const,
      proxyName: '',
      proxyRelation: '',
      documentSeen: '',
      formKey: randomUUID(),
    };
  };
  const actor = () => testActor(context());

  test('a page of personal data is not shown', async () => {
    const personId = await makePerson(context());
    expect(await failEverywhere((db) => recordView(db, actor(), personId))).toBeGreaterThanOrEqual(3);
  });

  test('issue', async () => {
    const personId = await makePerson(context());
    const asked = request(personId);
    expect(await failEverywhere((db) => issuePass(db, actor(), asked))).toBeGreaterThanOrEqual(3);
  });

  test('reissue', async () => {
    const personId = await makePerson(context());
    await issuePass(used.db, actor(), request(personId));
    const asked = { ...request(personId), kind: 'reissue_damaged' as const };
    expect(await failEverywhere((db) => issuePass(db, actor(), asked))).toBeGreaterThanOrEqual(3);
  });

  test('revoke', async () => {
    const personId = await makePerson(context());
    const { id: passId } = await issuePass(used.db, actor(), request(personId));
    const revoke = (db: Database) => revokePass(db, actor(), { passId, version: 1, reason: '試験' });
    expect(await failEverywhere(revoke)).toBeGreaterThanOrEqual(3);
  });

  test('change of telephone number, with values beside the chain', async () => {
    const personId = await makePerson(context());
    const change = { personId, version: 1, phone: '03-1234-5678' };
    expect(await failEverywhere((db) => changePhone(db, actor(), change))).toBeGreaterThanOrEqual(5);
  });

  test('letter', async () => {
    const personId = await makePerson(context());
    const { id: passId } = await issuePass(used.db, actor(), request(personId));
    const { config } = context();
    const print = (db: Database) => printLetter(db, config, actor(), { passId, reprintReason: '' });
    expect(await failEverywhere(print)).toBeGreaterThanOrEqual(3);
  });

  test('account', async () => {
    const given = { loginName: 'tanaka', displayName: '田中', officeCode: '00', role: 'clerk' };
    expect(await failEverywhere((db) => createAccount(db, actor(), given))).toBeGreaterThanOrEqual(3);
  });

  test('setting', async () => {
    const change = { name: 'password.least-length', value: '20', seen: '15' };
    expect(await failEverywhere((db) => changeSetting(db, actor(), change))).toBeGreaterThanOrEqual(3);
  });

  describe('an import into an empty register', () => {
    const empty = useDatabase(engine);
    let alsoFaulty: Database;
    beforeAll(() => {
      alsoFaulty = connect(empty.url, { observer: fault.plugin });
    });
    afterAll(() => alsoFaulty.destroy());

    test('nobody is added, and the run says that it failed', async () => {
      const people = async () => (await empty.db.selectFrom('person').select('id').execute()).length;
      for (let statement = 1; ; statement += 1) {
        fault.failAt(statement);
        const failed = await importPeople({ ...context(), db: alsoFaulty }, 30, 7).then(
          () => false,
          () => true,
        );
        const wasMet = fault.wasMet();
        fault.failAt(Number.POSITIVE_INFINITY);
        expect(await verifyChain(empty.db)).toMatchObject({ whole: true });
        expect([failed, await people()]).toEqual(wasMet ? [true, 0] : [false, 30]);
        if (!wasMet) return expect(statement).toBeGreaterThan(5);
      }
    });
  });
});
