import { beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../jobs/dummy/row.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { signedIn, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { BASES, drawPeople, importThese } from '../support/extracts.ts';

describe.each(databases)('host-extract §2.7 the worklist of the gone, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: ReturnType<typeof testContext>;
  let people: Person[];
  let clerk: Awaited<ReturnType<typeof signedIn>>;

  beforeAll(async () => {
    context = testContext(used.db);
    people = await drawPeople(800);
    await importThese(context, people, BASES[0]);
    clerk = await signedIn(context, 'clerk');
    await issueTo(people[4]!);
    await importThese(context, people.slice(6), BASES[1]);
  });

  const find = async ({ residentNumber }: Person) =>
    await used.db
      .selectFrom('person')
      .selectAll()
      .where('residentNumber', '=', residentNumber)
      .executeTakeFirstOrThrow();
  const settle = async (person: Person, fields: Record<string, string>) => {
    const { id, version } = await find(person);
    return await clerk.post(
      `/gone/${id}`,
      { version: String(version), page: '1', on: 'R8.11.1', note: '', ...fields },
      '/gone',
    );
  };

  async function issueTo(person: Person) {
    const { id } = await find(person);
    const form = await clerk.get(`/people/${id}/passes/new`);
    const formKey = /name="formKey" value="([^"]+)"/.exec(form.text)![1]!;
    const fields = { kind: 'new', appliedOn: 'R8.11.19', issuedOn: 'R8.11.20', officeCode: '00', formKey };
    const answer = await clerk.post(
      `/people/${id}/passes`,
      {
        ...fields,
        deliveryMethod: 'counter',
        applicant: 'self',
        proxyName: '',
        proxyRelation: '',
        documentSeen: '',
      },
      `/people/${id}/passes/new`,
    );
    expect(answer.status).toBe(303);
  }

  test('lists them, who holds a valid pass first; the home page leads there', async () => {
    const home = await clerk.get('/');
    expect(home.text).toContain('href="/gone"');
    const page = await clerk.get('/gone');
    expect(page.text).toMatch(/<strong>6人<\/strong>（うち有効な入浴証を持つ人 <strong>1人<\/strong>/);
    const names = [...page.text.matchAll(/<a href="\/people\/(\d+)">/g)].map(([, id]) => Number(id));
    expect(names[0]).toBe((await find(people[4]!)).id);
    expect(page.text).toContain('26-000001');
    const desk = await clerk.get(`/people/${(await find(people[0]!)).id}`);
    expect(desk.text).toContain('要確認');
  });

  test('a clerk excludes with reason and day; the same form twice has one effect', async () => {
    const before = await find(people[0]!);
    const fields = { decision: 'died', on: '令和8年11月2日', version: String(before.version) };
    expect((await settle(people[0]!, fields)).status).toBe(303);
    expect((await settle(people[0]!, fields)).status).toBe(303);
    expect(await find(people[0]!)).toMatchObject({
      excludedOn: '2026-11-02',
      exclusionReason: 'died',
      exclusionSource: 'gone',
      version: before.version + 1,
    });
    const events = await used.db
      .selectFrom('auditEvent')
      .select('personId')
      .where('kind', '=', 'gone.settled')
      .execute();
    expect(events).toEqual([{ personId: before.id }]);
    const pass = await used.db.selectFrom('pass').select('status').executeTakeFirstOrThrow();
    expect(pass.status, 'a pass is not cancelled by itself').toBe('valid');
  });

  test('an entry at fault is told with what was typed; a row changed since is refused', async () => {
    const future = await settle(people[1]!, { decision: 'moved_out', on: 'R9.1.1' });
    expect(future.status).toBe(422);
    expect(future.text).toContain('先の日付');
    expect(future.text).toContain('value="R9.1.1"');
    const without = await settle(people[1]!, { decision: 'other' });
    expect(without.text).toContain('補足に理由を入力');
    const stale = await settle(people[1]!, { decision: 'moved_out', version: '99' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('別の職員または取込がこの人の記録を変えた');
  });

  test('still eligible until the next file: may be issued a pass, and is listed again when still absent', async () => {
    expect((await settle(people[2]!, { decision: 'eligible' })).status).toBe(303);
    const person = await find(people[2]!);
    expect(person).toMatchObject({ goneOn: null, excludedOn: null });
    expect((await clerk.get(`/people/${person.id}`)).text).toContain('交付可');
    expect((await clerk.get('/gone')).text).not.toContain(`href="/people/${person.id}"`);
    const outcome = await importThese(context, people.slice(6), BASES[2]);
    expect(outcome).toMatchObject({ outcome: 'applied', gone: 1 });
    expect((await clerk.get('/gone')).text).toContain(`href="/people/${person.id}"`);
  });

  test('who is on the next list returns without a trace of harm, excluded from the worklist or not', async () => {
    const outcome = await importThese(context, people, BASES[3]);
    expect(outcome).toMatchObject({ outcome: 'applied', returned: 6, gone: 0 });
    for (const person of people.slice(0, 6)) {
      expect(await find(person)).toMatchObject({
        goneOn: null,
        goneRunId: null,
        excludedOn: null,
        exclusionReason: null,
        exclusionSource: null,
        exclusionNote: '',
      });
    }
    expect((await clerk.get(`/people/${(await find(people[4]!)).id}`)).text).toContain('交付済');
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });
});
