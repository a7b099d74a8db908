import type { Actor } from '../../server/audit/record-event.ts';
import {
  addDays,
  businessDay,
  dayOfWeek,
  daysBetween,
  type LocalDate,
} from '../../server/calendar/local-date.ts';
import type { AppContext } from '../../server/context.ts';
import type { Database } from '../../server/db/schema.ts';
import { Refused } from '../../server/errors.ts';
import { printLetter } from '../../server/letters/print-letter.ts';
import { type IssueRequest, issuePass } from '../../server/passes/issue.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { createRandom } from '../dummy/random.ts';
import { progressBar } from '../progress-bar.ts';

// A plausible history through the real functions: most passes go out by post at the beginning of the
// fiscal year, the rest at the counters day by day, some are lost or damaged, some people leave a number.

// Of 89,086 eligible people 25,972 hold a pass: 24,083 of the elderly, 1,889 of the others.
const SHARE_OF_ELDERLY = 24_083 / 82_816;
const SHARE_OF_OTHERS = 1_889 / 6_270;
const SHARE_BY_POST = 0.94;
const SHARE_REISSUED = 0.012;
const SHARE_WITH_PHONE = 0.35;
const DAYS_WITH_LETTERS = 3;

interface Period {
  from: LocalDate;
  until: LocalDate;
  /** The moment the demo was started; nothing is dated later. */
  present: Date;
}

interface Holder {
  id: number;
  version: number;
}

/** Gives passes to those who still lack one; a second run goes on where the first stopped. */
export async function makeHistory(context: AppContext, { from, until, present }: Period): Promise<void> {
  const { db } = context;
  const clerk = await db
    .selectFrom('account')
    .select('id')
    .where('loginName', '=', 'tanto')
    .executeTakeFirstOrThrow();
  const holders = [...(await choose(db, 1, SHARE_OF_ELDERLY)), ...(await choose(db, 0, SHARE_OF_OTHERS))];
  const { next: random } = createRandom(`history ${holders.length}`);
  const days = workingDays(from, until);
  const bar = progressBar('交付');
  const acts = holders
    .map((holder) => ({ holder, byPost: random() < SHARE_BY_POST, at: random() }))
    .map((act) => ({ ...act, day: act.byPost ? days[0]! : days[Math.floor(act.at * days.length)]! }))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.at - b.at));
  for (const [done, { holder, byPost, at, day }] of acts.entries()) {
    const actor = actorAt(clerk.id, momentOf(day, at, present));
    const office = byPost ? '00' : String(Math.floor(random() * 11)).padStart(2, '0');
    const issued = await issuePass(db, actor, request(holder.id, 'new', day, office, byPost));
    if (random() < SHARE_WITH_PHONE) await leavePhone(db, actor, holder, random());
    if (random() < SHARE_REISSUED) {
      await issuePass(
        db,
        actor,
        request(holder.id, random() < 0.6 ? 'reissue_lost' : 'reissue_damaged', day, office, false),
      );
    } else if (!byPost && daysBetween(day, until) < DAYS_WITH_LETTERS) {
      await printLetter(db, context.config, actor, { passId: issued.id, reprintReason: '' }).catch(leaveHeld);
    }
    if (done % 50 === 0) bar.show(done / acts.length);
  }
  bar.done();
  const { holding } = await db
    .selectFrom('pass')
    .select((count) => count.fn.countAll<number>().as('holding'))
    .where('status', '=', 'valid')
    .executeTakeFirstOrThrow();
  console.log(`有効な入浴証 ${holding}枚（${businessDay(present)}まで）`);
}

/** A letter whose name cannot be printed is held; the history goes on without it. */
function leaveHeld(error: unknown): void {
  if (!(error instanceof Refused)) throw error;
}

/** Every n-th eligible person of a kind, so many that the share holds; of them those without a pass yet. */
async function choose(db: Database, isElderly: 0 | 1, share: number): Promise<Holder[]> {
  const people = await db
    .selectFrom('person')
    .select(['id', 'version'])
    .where('isElderly', '=', isElderly)
    .where('goneOn', 'is', null)
    .where('excludedOn', 'is', null)
    .orderBy('id')
    .execute();
  const passes = await db.selectFrom('pass').select('personId').distinct().execute();
  const holding = new Set(passes.map(({ personId }) => personId));
  const wanted = Math.round(people.length * share);
  const chosenBefore = (at: number) => Math.floor((at * wanted) / people.length);
  return people.filter(({ id }, at) => chosenBefore(at + 1) > chosenBefore(at) && !holding.has(id));
}

function workingDays(from: LocalDate, until: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) {
    if (dayOfWeek(day) % 6 !== 0) days.push(day);
  }
  return days.length > 0 ? days : [until];
}

/** A moment of the office's hours, half past eight to five in Japan, never after the present. */
function momentOf(day: LocalDate, share: number, present: Date): Date {
  const opening = Date.parse(`${day}T08:30:00+09:00`);
  return new Date(Math.min(opening + Math.floor(share * 8.5 * 3_600_000), present.getTime()));
}

function actorAt(accountId: number, at: Date): Actor {
  return { accountId, name: 'tanto', officeCode: '00', terminal: '127.0.0.1', requestId: 'demo', at };
}

function request(
  personId: number,
  kind: IssueRequest['kind'],
  day: LocalDate,
  officeCode: string,
  byPost: boolean,
): IssueRequest {
  return {
    personId,
    kind,
    appliedOn: day,
    issuedOn: day,
    officeCode,
    deliveryMethod: byPost ? 'post' : 'counter',
    applicant: 'self',
    proxyName: '',
    proxyRelation: '',
    documentSeen: byPost ? '' : 'マイナンバーカード',
    formKey: crypto.randomUUID(),
  };
}

async function leavePhone(
  db: Database,
  actor: Actor,
  { id, version }: Holder,
  random: number,
): Promise<void> {
  const digits = String(Math.floor(random * 10_000)).padStart(4, '0');
  await changePhone(db, actor, { personId: id, version, phone: `03-0000-${digits}` });
}
