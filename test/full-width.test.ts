import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role, roleMayDo } from '../server/accounts/rights.ts';
import { issuePass } from '../server/passes/issue.ts';
import { addStockRange } from '../server/passes/stock-ranges.ts';
import { addCircumstance } from '../server/register/change-circumstance.ts';
import { readRules } from './calendar/read-rules.ts';
import { makeAccount, signedIn, testActor, testContext } from './support/app.ts';
import { useDatabase } from './support/databases.ts';
import { importPeople, makePerson } from './support/people.ts';
import { crawl, formsOf, routesOf } from './support/walk.ts';

// Whoever types a number or a date with the input method left on (全角) is understood: every such field of every
// screen stands in test/fixtures/full-width.csv.

const fields = readRules<'画面' | '項目' | '入力' | 'ほかの入力' | '結果'>('full-width.csv');
const NO_NUMBER = '番号でも日付でもない';
/** What is no number is as if nothing had been asked. */
const IGNORES = ['least'];

describe('全角のまま打った数字と日付', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => (served ??= testContext(used.db));
  const visitors = new Map<Role, Awaited<ReturnType<typeof signedIn>>>();
  const visitorTo = async (screen: string) => {
    const { access } = routesOf(context()).find(
      ({ method, path }) =>
        method === 'get' && new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(screen),
    )!;
    const role = ['supervisor' as const, ...ROLES].find((one) => roleMayDo(one, access as never))!;
    const visitor = visitors.get(role) ?? (await signedIn(context(), role));
    visitors.set(role, visitor);
    return visitor;
  };

  const makePass = async () => {
    const application = { kind: 'new', deliveryMethod: 'post', applicant: 'self', officeCode: '00' } as const;
    const days = { appliedOn: '2026-11-20', issuedOn: '2026-11-20', formKey: randomUUID() };
    const proxy = { proxyName: '', proxyRelation: '', documentSeen: '' };
    const personId = await makePerson(context());
    const request = { personId, ...application, ...days, ...proxy };
    return (await issuePass(used.db, testActor(context()), request)).id;
  };
  const fresh = async (screen: string) => {
    if (screen.startsWith('/people/')) return screen.replace(':id', String(await makePerson(context())));
    if (screen.startsWith('/passes/')) return screen.replace(':id', String(await makePass()));
    if (screen.startsWith('/circumstances/')) {
      const details = { startsOn: '2026-11-01', endsOn: null, reviewOn: null, ground: '申出', building: '' };
      const kind = { kind: 'mailing_address', subKind: '', addressee: '', postalCode: '1600022' } as const;
      const address = '新宿一丁目１番１号';
      const personId = await makePerson(context());
      const circumstance = { ...details, ...kind, address };
      const id = await addCircumstance(used.db, testActor(context()), personId, circumstance);
      return screen.replace(':id', String(id));
    }
    if (screen.startsWith('/gone')) await makePerson(context(), { goneOn: '2026-10-31' });
    return screen.replace(':id', String((await makeAccount(context(), 'clerk')).id));
  };

  beforeAll(async () => {
    await importPeople(context(), 40);
    const range = { fiscalYear: 2026, firstNumber: 90_000, lastNumber: 90_999, officeCode: '00' };
    await addStockRange(used.db, testActor(context()), range);
    await makePass();
    await makePerson(context(), { residentNumber: '099900007777770' });
  });

  const send = async (screen: string, field: string, value: string, others: string) => {
    const visitor = await visitorTo(screen);
    const { text } = await visitor.get(screen);
    const typed = { ...Object.fromEntries(new URLSearchParams(others)), [field]: value };
    const box = new RegExp(`<input(?![^>]*type="hidden")[^>]*\\sname="${field}"`);
    const blocks = (text.match(/<form\b[\s\S]*?<\/form>/g) ?? []).filter((block) => box.test(block));
    const form = blocks.flatMap((block) => formsOf(screen, block))[0];
    if (form === undefined) return await visitor.agent.get(screen).query(typed);
    if ('loginName' in form.fields)
      Object.assign(typed, { loginName: `zenkaku-${randomUUID().slice(0, 8)}` });
    const post = visitor.agent.post(form.action);
    const filled = { ...form.fields, ...typed };
    const answer = await (form.multipart ? post.field(filled) : post.type('form').send(filled));
    return answer.status === 303 ? await visitor.get(answer.headers.location!) : answer;
  };
  const isRefused = ({ status, text }: { status: number; text: string }, field: string) =>
    text.includes(`id="${field}-error"`) || (status >= 400 && !/ id="\w+-error"/.test(text));

  test.each(fields)('%s', async (_note, { 画面, 項目, 入力, ほかの入力, 結果 }) => {
    const taken = await send(await fresh(画面), 項目, 入力, ほかの入力);
    expect(isRefused(taken, 項目), /class="error"[^>]*>([^<]*)/.exec(taken.text)?.[1]).toBe(false);
    expect(taken.text).toContain(結果);
    if (IGNORES.includes(項目)) return;
    const refused = await send(await fresh(画面), 項目, NO_NUMBER, ほかの入力);
    expect(refused.status >= 400 || isRefused(refused, 項目), NO_NUMBER).toBe(true);
  });

  test('数字と日付の欄は、どれも表にある', async () => {
    const missing = new Set<string>();
    for (const role of ['supervisor', 'administrator'] as const) {
      const visitor = await signedIn(context(), role);
      const { answers } = await crawl(context(), (path) => Promise.resolve(visitor.get(path)));
      for (const { path, response } of answers) {
        const screen = path.replace(/\?.*/, '').replace(/\/\d+/g, '/:id');
        for (const [tag] of (response.text ?? '').matchAll(
          /<input[^>]*\sinputmode="(numeric|tel|decimal)"[^>]*>/g,
        )) {
          const name = /\sname="([^"]+)"/.exec(tag)![1]!;
          const isKnown = fields.some(([, one]) => one.項目 === name && isSame(one.画面, screen));
          if (!isKnown) missing.add(`${screen} ${name}`);
        }
      }
    }
    expect([...missing]).toEqual([]);
  });
});

/** Lists and analyses share their fields, whatever they are of. */
function isSame(known: string, screen: string): boolean {
  const family = (path: string) =>
    path.replace('/audit/people/:id', '/audit').replace(/^(\/lists|\/audit\/analyses)\/.*/, '$1');
  return family(known) === family(screen);
}
