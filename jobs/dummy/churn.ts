import { drawAddress } from './address.ts';
import { birthLimit, isElderly, lastBirthDay } from './birth.ts';
import { compact, dateOf } from './days.ts';
import { drawMarriedName } from './names.ts';
import { drawElderly, drawUnderSixty, elderlyBorn } from './person.ts';
import { deathShare } from './population.ts';
import type { Random } from './random.ts';
import { newcomerNumber } from './resident-number.ts';
import { type Person, personDiffers } from './row.ts';

/** What an import finds when it compares the new file with a register made from the earlier ones. */
export interface Churn {
  new: number;
  changed: number;
  returned: number;
  /** Absent from the new file, their end not being told by it. */
  gone: number;
  /** Rows of 転出, 死亡 and other 消除. Those of the earlier file are left out of the new one and count nowhere. */
  ended: number;
  same: number;
}

/** Half a month from one base date to the next, both as days; `churn` is counted up while people are drawn. */
export interface HalfMonth {
  readonly random: Random;
  readonly fromDay: number;
  readonly toDay: number;
  readonly churn: Churn;
}

/** Parts of the people of the earlier file to whom each befalls in half a month; about 1.2 % in all, with deaths. */
const MOVED_OUT_SHARE = 0.001;
const STRUCK_OFF_SHARE = 0.000_03;
const GONE_SHARE = 0.001;
const MOVED_WITHIN_SHARE = 0.004;
const MARRIED_SHARE = 0.0002;
const ABROAD_SHARE = 0.15;
const NEW_SHARE = 0.0045;
/** Of the newcomers: reached 60 since the earlier file; moved in under 60. The rest moved in at 60 or over. */
const TURNED_SIXTY_SHARE = 0.4;
const NEW_UNDER_SIXTY_SHARE = 0.1;
const RETURN_SHARE = 0.2;

/** The people of the earlier file as the new one has them, then the newcomers. */
export async function* nextPeople(earlier: AsyncIterable<Person>, half: HalfMonth): AsyncGenerator<Person> {
  const limit = birthLimit(half.toDay, 60);
  let living = 0;
  for await (const before of earlier) {
    if (before.state !== '1') continue;
    living += 1;
    const after = nextPerson(before, half, limit);
    if (after === undefined) half.churn.gone += 1;
    else if (after.state !== '1') half.churn.ended += 1;
    else if (personDiffers(before, after)) half.churn.changed += 1;
    else half.churn.same += 1;
    if (after !== undefined) yield after;
  }
  yield* newcomers(Math.floor(living * NEW_SHARE + half.random.next()), half);
}

/**
 * People of a file older than the earlier one who are not in the earlier one at all: one in five comes back, and at
 * least one when there are any.
 */
export async function* returningPeople(
  older: AsyncIterable<Person>,
  earlierNumbers: ReadonlySet<string>,
  half: HalfMonth,
): AsyncGenerator<Person> {
  const limit = birthLimit(half.toDay, 60);
  for await (const person of older) {
    if (person.state !== '1' || earlierNumbers.has(person.residentNumber)) continue;
    if (half.churn.returned > 0 && !half.random.chance(RETURN_SHARE)) continue;
    const back = eligibleOn(half.toDay, limit, person);
    if (back === undefined) continue;
    half.churn.returned += 1;
    yield back;
  }
}

function* newcomers(count: number, half: HalfMonth): Generator<Person> {
  const { random, fromDay, toDay } = half;
  const firstBirthDay = lastBirthDay(fromDay, 60) + 1;
  const birthDays = Math.max(1, lastBirthDay(toDay, 60) - firstBirthDay + 1);
  for (let index = 0; index < count; index += 1) {
    const number = newcomerNumber(random, toDay, index);
    const kind = random.next();
    half.churn.new += 1;
    if (kind < TURNED_SIXTY_SHARE) {
      yield elderlyBorn(random, toDay, number, firstBirthDay + random.int(birthDays), 60);
    } else if (kind < TURNED_SIXTY_SHARE + NEW_UNDER_SIXTY_SHARE) {
      yield drawUnderSixty(random, toDay, number);
    } else {
      yield drawElderly(random, toDay, number);
    }
  }
}

/** One person half a month on: ended, changed, as before, or undefined when just absent from the file. */
function nextPerson(before: Person, half: HalfMonth, limit: string): Person | undefined {
  const { random, toDay } = half;
  const age = Number(dateOf(toDay).slice(0, 4)) - Number(before.birth.slice(0, 4));
  if (random.chance(deathShare(age))) return ended(before, half, '3', '23');
  if (random.chance(MOVED_OUT_SHARE)) {
    return ended(before, half, '2', random.chance(ABROAD_SHARE) ? '22' : '21');
  }
  if (random.chance(STRUCK_OFF_SHARE)) return ended(before, half, '9', '26');
  if (random.chance(GONE_SHARE)) return undefined;
  const after = eligibleOn(toDay, limit, before);
  if (after === undefined) return undefined;
  if (random.chance(MOVED_WITHIN_SHARE)) {
    const { postalCode, address, building, office } = drawAddress(random);
    return { ...after, postalCode, address, building, office };
  }
  if (random.chance(MARRIED_SHARE)) {
    const married = drawMarriedName(random, { written: after.name, reading: after.nameKana });
    if (married !== undefined) return { ...after, name: married.written, nameKana: married.reading };
  }
  return after;
}

/** With the categories of the new base date; undefined when a child's entry into school leaves none. */
function eligibleOn(toDay: number, limit: string, before: Person): Person | undefined {
  const after = { ...before, elderly: isElderly(before.birth, limit) ? '1' : '0' };
  if (after.child === '1' && after.childEndsOn < compact(dateOf(toDay))) {
    after.child = '0';
    after.childEndsOn = '';
  }
  return after.elderly + after.disabled + after.child === '000' ? undefined : after;
}

function ended(before: Person, half: HalfMonth, state: string, reason: string): Person {
  const day = half.fromDay + 1 + half.random.int(half.toDay - half.fromDay);
  return { ...before, state, reason, movedOn: compact(dateOf(day)) };
}
