import { randomUUID } from 'node:crypto';
import type { Random } from '../../jobs/dummy/random.ts';
import type { EventKind } from '../../server/audit/event.ts';
import type { Actor } from '../../server/audit/record-event.ts';
import type { AppContext } from '../../server/context.ts';
import { revokePass, surrenderPass } from '../../server/passes/end-pass.ts';
import { type IssueRequest, issuePasses } from '../../server/passes/issue.ts';
import { RETURN_STAGES } from '../../server/passes/return-stages.ts';
import { advanceReturn, recordReturnedMail } from '../../server/passes/returned-mail.ts';
import {
  addCircumstance,
  changeCircumstance,
  endCircumstance,
} from '../../server/register/change-circumstance.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { excludePerson, liftExclusion } from '../../server/register/exclude.ts';
import { searchPeople } from '../../server/register/search.ts';
import { recordSearch } from '../../server/register/view-person.ts';

export const TODAY = '2026-11-20';

/** What a clerk did, with the one event that stands for it and the row whose version it moved. */
export interface Done {
  kind: EventKind;
  personId: number;
  /** The passes an issue handed out. */
  issued?: { id: number; passNumber: number }[];
  moved?: { table: 'pass' | 'circumstance'; id: number };
}

export interface Desk {
  context: AppContext;
  actor: Actor;
  random: Random;
  personId: number;
}

type Act = (desk: Desk) => Promise<Done | undefined>;

/** Each act looks first, as a clerk does, and acts on what it saw: in between a colleague may have been there. */
export const ACTS: Readonly<Record<string, Act>> = {
  async search({ context, actor, personId }) {
    const { people } = await searchPeople(context.db, 'しんじゅく たろう', TODAY);
    await recordSearch(context.db, actor, 'しんじゅく たろう', people);
    return { kind: 'person.searched', personId };
  },
  issue: (desk) => issue(desk, 'new'),
  reissueLost: (desk) => issue(desk, 'reissue_lost'),
  reissueDamaged: (desk) => issue(desk, 'reissue_damaged'),
  async surrender(desk) {
    const pass = await validPass(desk);
    if (pass === undefined) return undefined;
    const { context, actor, personId } = desk;
    await surrenderPass(context.db, actor, { passId: pass.id, version: pass.version, reason: 'no_use' });
    return { kind: 'pass.surrendered', personId, moved: { table: 'pass', id: pass.id } };
  },
  async revoke(desk) {
    const pass = await validPass(desk);
    if (pass === undefined) return undefined;
    const { context, actor, personId } = desk;
    await revokePass(context.db, actor, { passId: pass.id, version: pass.version, reason: '試し' });
    return { kind: 'pass.revoked', personId, moved: { table: 'pass', id: pass.id } };
  },
  async returnMail(desk) {
    const pass = await validPass(desk);
    if (pass === undefined) return undefined;
    const { context, actor, personId } = desk;
    const mail = { passId: pass.id, version: pass.version, returnedOn: TODAY, reason: 'moved', note: '' };
    await recordReturnedMail(context.db, actor, mail);
    return { kind: 'pass.mail-returned', personId, moved: { table: 'pass', id: pass.id } };
  },
  async advanceReturn(desk) {
    const pass = await validPass(desk);
    if (pass === undefined || pass.returnStage === null) return undefined;
    const { context, actor, personId, random } = desk;
    const stage = random.pick(RETURN_STAGES.slice(1));
    await advanceReturn(context.db, actor, { passId: pass.id, version: pass.version, stage, note: '' });
    return { kind: 'pass.return-advanced', personId, moved: { table: 'pass', id: pass.id } };
  },
  async phone({ context, actor, personId, random }) {
    const { version } = await personOf(context, personId);
    await changePhone(context.db, actor, { personId, version, phone: `03-0000-${1000 + random.int(9000)}` });
    return { kind: 'person.contact-changed', personId };
  },
  async exclude({ context, actor, personId }) {
    const { version } = await personOf(context, personId);
    await excludePerson(
      context.db,
      actor,
      { personId, version },
      { on: TODAY, reason: 'own_wish', note: '' },
    );
    return { kind: 'person.excluded', personId };
  },
  async liftExclusion({ context, actor, personId }) {
    const { version } = await personOf(context, personId);
    await liftExclusion(context.db, actor, { personId, version }, '試し');
    return { kind: 'person.exclusion-lifted', personId };
  },
  async addCircumstance({ context, actor, personId, random }) {
    const details = { ...CIRCUMSTANCE, kind: random.pick(['caution', 'protected'] as const) };
    const id = await addCircumstance(context.db, actor, personId, { ...details, subKind: 'support' });
    return { kind: 'circumstance.added', personId, moved: { table: 'circumstance', id } };
  },
  async changeCircumstance(desk) {
    const held = await openCircumstance(desk);
    if (held === undefined) return undefined;
    const { context, actor, personId } = desk;
    await changeCircumstance(context.db, actor, held, {
      ...CIRCUMSTANCE,
      subKind: 'similar',
      ground: randomUUID(),
    });
    return { kind: 'circumstance.changed', personId, moved: { table: 'circumstance', id: held.id } };
  },
  async endCircumstance(desk) {
    const held = await openCircumstance(desk);
    if (held === undefined) return undefined;
    await endCircumstance(desk.context.db, desk.actor, held, '試し');
    return {
      kind: 'circumstance.ended',
      personId: desk.personId,
      moved: { table: 'circumstance', id: held.id },
    };
  },
};

const CIRCUMSTANCE = {
  subKind: '',
  startsOn: TODAY,
  endsOn: null,
  reviewOn: null,
  ground: '試し',
  addressee: '',
  postalCode: '',
  address: '',
  building: '',
} as const;

async function issue({ context, actor, personId, random }: Desk, kind: IssueRequest['kind']): Promise<Done> {
  const request: IssueRequest = {
    personId,
    kind,
    appliedOn: TODAY,
    issuedOn: TODAY,
    officeCode: actor.officeCode,
    deliveryMethod: 'counter',
    applicant: 'self',
    proxyName: '',
    proxyRelation: '',
    documentSeen: '',
    formKey: randomUUID(),
  };
  const sendings = random.chance(0.2) ? [request, request] : [request];
  const [first, ...again] = await Promise.all(sendings.map((one) => issuePasses(context.db, actor, one)));
  for (const other of again) {
    if (other[0]!.id !== first![0]!.id) throw new Error('the same form handed out two passes');
  }
  return { kind: 'pass.issued', personId, issued: first! };
}

async function validPass({ context, personId }: Desk) {
  return await context.db
    .selectFrom('pass')
    .select(['id', 'version', 'returnStage'])
    .where('personId', '=', personId)
    .where('status', '=', 'valid')
    .executeTakeFirst();
}

async function openCircumstance({ context, personId }: Desk) {
  return await context.db
    .selectFrom('circumstance')
    .select(['id', 'version'])
    .where('personId', '=', personId)
    .where('endedAt', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

async function personOf({ db }: AppContext, personId: number) {
  return await db.selectFrom('person').select('version').where('id', '=', personId).executeTakeFirstOrThrow();
}
