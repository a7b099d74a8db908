import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { mayDo } from '../accounts/rights.ts';
import type { Actor } from '../audit/record-event.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { Invalid } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { listOffices, type Office } from '../offices/queries.ts';
import { judgeBy, listPasses, passNames } from '../passes/queries.ts';
import {
  REASONS_TO_SHOW_ADDRESS,
  type ReasonToShowAddress,
  recordAddressShown,
  recordInquiry,
} from './inquiry.ts';
import { maskAddress } from './mask-address.ts';
import { birthOf } from './person.ts';
import { getPerson, listCircumstances, type PersonRecord } from './queries.ts';
import { type FoundPerson, searchPeople } from './search.ts';
import { findBareYear } from './search-terms.ts';
import { recordSearch, recordView } from './view-person.ts';

declare module 'express-session' {
  interface SessionData {
    /** The office that telephones, kept from one inquiry to the next. */
    lookup?: { officeCode: string; caller: string };
  }
}

const FIELDS = ['officeCode', 'caller', 'terms', 'personId'] as const;
const MAX_TERMS = 100;
const MAX_CALLER = 50;

/** Telephone mode (電話照会): an office calls, and hears one verdict. */
export function lookupRoutes(context: AppContext): Router {
  const router = Router();
  const { db, clock } = context;

  router.get('/lookup', requireRight(context, 'lookup.answer'), async (request, response) => {
    const { handedOver, lookup } = request.session;
    // That call is over; the next one is somebody else's, more often than not of the same office.
    if (handedOver !== undefined && lookup !== undefined) lookup.caller = '';
    const recorded = handedOver && (await handoverOf(actorOf(request, context), handedOver));
    show(request, response, await listOffices(db), { terms: '', recorded });
  });

  // A search is a POST: what was typed must not stand in an address, a history or a log.
  router.post('/lookup', requireRight(context, 'lookup.answer'), async (request, response) => {
    const typed = readForm(request, FIELDS);
    const terms = typed.terms.trim().slice(0, MAX_TERMS);
    const asked = askedBy(request, typed);
    const offices = await listOffices(db);
    if (!offices.some(({ code }) => code === asked.officeCode)) {
      const problem = '照会元の課・特別出張所を選んでください。';
      return show(request, response.status(422), offices, { terms, problem });
    }
    remember(request, asked);
    delete request.session.handedOver;
    const actor = actorOf(request, context);
    const today = businessDay(clock.now());
    const { people, isCut, readAs } = await searchPeople(db, terms, today);
    const read = { terms, readAs, bareYear: findBareYear(terms, today) };
    // Only somebody who answers to what was typed can be picked: numbers cannot be tried out one by one.
    const picked = people.length === 1 ? people[0] : people.find(({ id }) => id === readId(typed.personId));
    if (picked !== undefined) {
      const { verdict, shown } = await verdictOn(request, picked);
      const answerText = `${verdict.heading} ${verdict.reason}`;
      const inquiry = { personId: picked.id, ...asked, answer: verdict.kind, answerText };
      const inquiryId = await recordInquiry(db, actor, inquiry, terms);
      return show(request, response, offices, { ...read, answered: { ...shown, inquiryId } });
    }
    if (people.length > 0) await recordSearch(db, actor, terms, people);
    else if (terms !== '') await recordInquiry(db, actor, { ...NOBODY, ...asked }, terms);
    show(request, response, offices, { ...read, people, isCut });
  });

  router.post('/lookup/:id/address', requireRight(context, 'person.address'), async (request, response) => {
    const { reason } = readForm(request, ['reason']);
    if (!Object.hasOwn(REASONS_TO_SHOW_ADDRESS, reason)) {
      throw new Invalid({ reason: '住所を表示する理由を選んでください。' });
    }
    const inquiryId = readId(request.params.id);
    const because = reason as ReasonToShowAddress;
    const personId = await recordAddressShown(db, actorOf(request, context), inquiryId, because);
    const person = await getPerson(db, personId);
    const { shown } = await verdictOn(request, person);
    const { postalCode, address, building } = person;
    const answered = { ...shown, inquiryId, address: { postalCode, address, building } };
    show(request, response, await listOffices(db), { terms: '', answered });
  });

  /** What was recorded from here, in words for the clerk who goes on to the next caller. */
  async function handoverOf(actor: Actor, { personId, passIds }: { personId: number; passIds: number[] }) {
    const { name } = await getPerson(db, personId);
    await recordView(db, actor, personId);
    const passes = (await listPasses(db, [personId])).filter(({ id }) => passIds.includes(id));
    return { personId, name, passes };
  }

  /** The verdict on a person and what of them the account may see; a branch sees what tells people apart. */
  async function verdictOn(request: Request, person: FoundPerson | PersonRecord) {
    const today = businessDay(clock.now());
    const fiscalYear = fiscalYearOf(today);
    const passes = await listPasses(db, [person.id]);
    const judged = judgeBy(passes, [person], fiscalYear).get(person.id)!;
    const circumstances = await listCircumstances(db, person.id, today);
    const isCaution = person.isProtected === 1 || circumstances.some(({ kind }) => kind === 'caution');
    const verdict = isCaution && judged.kind !== 'not-eligible' ? { ...judged, ...CAUTION } : judged;
    const { name, kana } = person;
    const apart = { verdict, name, kana, birth: birthOf(person), address: undefined };
    if (!mayDo(request.account!, 'register.view')) return { verdict, shown: apart };
    const valid = passes.find((pass) => pass.fiscalYear === fiscalYear && pass.status === 'valid');
    const isAddressToBeHad = person.isProtected === 0;
    const whole = { personId: person.id, valid, maskedAddress: maskAddress(person), isAddressToBeHad };
    return { verdict, shown: { ...apart, ...whole, formKey: randomUUID() } };
  }

  function show(request: Request, response: Response, offices: readonly Office[], found: object) {
    const today = businessDay(clock.now());
    response.render('register/lookup', {
      title: '電話照会',
      returnTo: '/lookup',
      ...passNames,
      birthOf,
      reasons: REASONS_TO_SHOW_ADDRESS,
      documents: DOCUMENTS,
      offices,
      asked: askedBy(request, request.session.lookup ?? { officeCode: '', caller: '' }),
      today,
      todayShort: formatWarekiShort(today),
      people: undefined,
      isCut: false,
      readAs: [],
      bareYear: undefined,
      answered: undefined,
      problem: undefined,
      recorded: undefined,
      ...found,
    });
  }

  return router;
}

/** What the ward takes as proof at its counters (区の案内). */
const DOCUMENTS = [
  'マイナンバーカード',
  '健康保険の資格確認書',
  '障害者手帳',
  '児童育成手当認定兼支払通知書',
  'その他',
];

const NOBODY = { personId: null, answer: 'not-found', answerText: '該当なし' } as const;
const CAUTION = {
  kind: 'needs-check',
  heading: '要確認',
  reason: '個別事由の登録があります。課で確かめてから回答します。',
} as const;

/** Who asks: what was typed, or for a branch's own account that branch. */
function askedBy(request: Request, typed: { officeCode: string; caller: string }) {
  const account = request.account!;
  if (account.role === 'branch') return { officeCode: account.officeCode, caller: account.displayName };
  return { officeCode: typed.officeCode, caller: typed.caller.trim().slice(0, MAX_CALLER) };
}

/** Keeps the office for the next inquiry; the session is written only when it is another one. */
function remember(request: Request, asked: { officeCode: string; caller: string }): void {
  const known = request.session.lookup;
  if (known?.officeCode !== asked.officeCode || known.caller !== asked.caller) request.session.lookup = asked;
}
