import { randomUUID } from 'node:crypto';
import { type Right, ROLES, type Role, roleMayDo } from '../../server/accounts/rights.ts';
import type { AppContext } from '../../server/context.ts';
import type { Access } from '../../server/http/require-right.ts';
import { issuePass } from '../../server/passes/issue.ts';
import { recordReturnedMail } from '../../server/passes/returned-mail.ts';
import { addCircumstance } from '../../server/register/change-circumstance.ts';
import { signedIn, testActor } from './app.ts';
import { makePerson } from './people.ts';
import { fillPath, formsOf, routesOf } from './walk.ts';
import { makeWorld } from './world.ts';

export interface Screen {
  /** As in test/fixtures/routes.csv: /people/:id. */
  route: string;
  /** With something real in the place of each parameter. */
  path: string;
  /** A role that may open it; undefined for what is open to those who have not signed in. */
  role: Role | undefined;
}

/** Neither a page nor the whole of one. */
const NO_SCREEN = /^\/health|\.(pdf|csv)$|^\/people\/:id\/summary$|\/progress$|^\/dates$/;
const FIRST_ASKED: readonly Role[] = ['supervisor', ...ROLES];

/** Every screen of the application. A new route is one as soon as it is there. */
export async function screensOf(context: AppContext): Promise<Screen[]> {
  const routes = routesOf(context).filter(({ method, path }) => method === 'get' && !NO_SCREEN.test(path));
  return await Promise.all(
    routes.map(async ({ path: route, access }) => ({
      route,
      path: route === '/print-runs/:id' ? await labelRun(context) : await fillPath(context.db, route),
      role: roleFor(access as Access),
    })),
  );
}

/** Only a run of labels has a page, a letter's has none. */
async function labelRun({ db }: AppContext): Promise<string> {
  const runs = db.selectFrom('printRun').select('id').where('kind', '=', 'labels');
  return `/print-runs/${(await runs.executeTakeFirstOrThrow()).id}`;
}

function roleFor(access: Access): Role | undefined {
  if (access === 'anyone') return undefined;
  if (access === 'signed-in') return 'supervisor';
  return FIRST_ASKED.find((role) => roleMayDo(role, access as Right));
}

/** A register in which every screen has something to show. */
export async function makeWorldOfScreens(context: AppContext): Promise<void> {
  const { db } = context;
  const actor = testActor(context);
  await makeWorld(context);
  const names = { name: '画面　見代', kana: 'がめん みよ', building: 'ロイヤルコーポ高田馬場第二８０６号室' };
  const personId = await makePerson(context, { ...names, phone: '03-1234-5678', phoneDigits: '0312345678' });
  const days = { appliedOn: '2026-11-20', issuedOn: '2026-11-20' };
  const { id: passId } = await issuePass(db, actor, {
    personId,
    kind: 'new',
    ...days,
    officeCode: '00',
    deliveryMethod: 'post',
    applicant: 'proxy',
    proxyName: '画面　代理',
    proxyRelation: '長男',
    documentSeen: '健康保険の資格確認書',
    formKey: randomUUID(),
  });
  const clerk = await signedIn(context, 'supervisor');
  for (const [page, action, typed] of [
    ['/labels', '/labels', { reason: '画面の試験' }],
    ['/letter-batches', '/letter-batches', {}],
    ['/pass-stock', '/pass-stock', { firstNumber: '90001', lastNumber: '90500' }],
  ] as const) {
    const form = formsOf(page, (await clerk.get(page)).text).find((one) => one.action === action)!;
    const made = await clerk.agent
      .post(action)
      .type('form')
      .send({ ...form.fields, ...typed });
    if (made.status !== 303) throw new Error(`${action} led nowhere: ${made.status}`);
  }
  const mail = { passId, returnedOn: '2026-11-20', reason: 'moved', note: '転送期間の終了' };
  await recordReturnedMail(db, actor, { ...mail, version: 1 });
  const circumstance = { startsOn: '2025-12-01', endsOn: '2026-11-30', ground: '本人の申出', addressee: '' };
  const place = { postalCode: '1600022', address: '新宿一丁目１番１号', building: '' };
  const details = { ...circumstance, ...place, subKind: '', reviewOn: null } as const;
  await addCircumstance(db, actor, personId, { ...details, kind: 'mailing_address' });
  const protectedId = await makePerson(context, { name: '隠　里', kana: 'かくれ さと' });
  await addCircumstance(db, actor, protectedId, { ...details, kind: 'protected', subKind: 'support' });
  await makePerson(context, { name: '消滅　一', kana: 'しょうめつ はじめ', goneOn: '2026-10-31' });
}
