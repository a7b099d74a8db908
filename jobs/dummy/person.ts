import { drawAddress } from './address.ts';
import { type Birth, birthColumns, drawBirthDay, LAST_DAY_OF_TAISHO } from './birth.ts';
import { compact, dateOf, dayOf } from './days.ts';
import { drawForeignName, drawJapaneseName } from './names.ts';
import { drawDisabledAge, drawElderlyAge, drawParentAge, femaleShare } from './population.ts';
import type { Random } from './random.ts';
import type { Person } from './row.ts';

const FOREIGN_SHARE = 0.06;
/** 性別 0 未記入 and 9 その他, so that they are there at all. */
const OTHER_SEX_SHARE = 0.0004;
/** Of people of 60 and over: with a 手帳; bringing up a child before school age with 児童育成手当. */
const ELDERLY_DISABLED_SHARE = 0.11;
const ELDERLY_CHILD_SHARE = 0.0003;
/** Of those under 60: eligible by a child; of these, by a 手帳 as well. */
const PARENT_SHARE = 0.15;
const PARENT_DISABLED_SHARE = 0.06;
const PARENT_FEMALE_SHARE = 0.88;

/** Draws someone of 60 or over on the base date. */
export function drawElderly(random: Random, baseDay: number, residentNumber: string): Person {
  const age = drawElderlyAge(random);
  return elderlyBorn(random, baseDay, residentNumber, drawBirthDay(random, baseDay, age), age);
}

/** Draws someone of 60 or over whose birth date, as a day, is given. */
export function elderlyBorn(
  random: Random,
  baseDay: number,
  residentNumber: string,
  birthDay: number,
  age: number,
): Person {
  const birth = birthColumns(random, birthDay, age);
  const person = drawPerson(random, residentNumber, birth, random.chance(femaleShare(age)));
  person.elderly = '1';
  if (random.chance(ELDERLY_DISABLED_SHARE)) person.disabled = '1';
  if (age < 70 && random.chance(ELDERLY_CHILD_SHARE)) markParent(random, baseDay, person);
  return person;
}

/** Draws someone of 60 or over born on the last day of 大正. */
export function drawBornOnLastDayOfTaisho(random: Random, residentNumber: string): Person {
  const person = drawPerson(random, residentNumber, LAST_DAY_OF_TAISHO, true);
  person.elderly = '1';
  return person;
}

/** Draws someone under 60, eligible by a 手帳 of their own or a child before school age, or both. */
export function drawUnderSixty(random: Random, baseDay: number, residentNumber: string): Person {
  const isParent = random.chance(PARENT_SHARE);
  const age = (isParent ? drawParentAge : drawDisabledAge)(random);
  const birth = birthColumns(random, drawBirthDay(random, baseDay, age), age);
  const female = random.chance(isParent ? PARENT_FEMALE_SHARE : femaleShare(age));
  const person = drawPerson(random, residentNumber, birth, female);
  if (isParent) markParent(random, baseDay, person);
  if (!isParent || random.chance(PARENT_DISABLED_SHARE)) person.disabled = '1';
  return person;
}

function drawPerson(random: Random, residentNumber: string, birth: Birth, female: boolean): Person {
  const birthYear = Number(birth.birth.slice(0, 4));
  const name = random.chance(FOREIGN_SHARE)
    ? drawForeignName(random, female)
    : drawJapaneseName(random, female, birthYear);
  const home = drawAddress(random);
  return {
    residentNumber,
    name: name.written,
    nameKana: name.reading,
    birth: birth.birth,
    birthWareki: birth.birthWareki,
    birthUnknown: birth.birthUnknown,
    sex: random.chance(OTHER_SEX_SHARE) ? random.pick(['0', '9']) : female ? '2' : '1',
    postalCode: home.postalCode,
    address: home.address,
    building: home.building,
    office: home.office,
    elderly: '0',
    disabled: '0',
    child: '0',
    childEndsOn: '',
    state: '1',
    reason: '',
    movedOn: '',
  };
}

/** 児童該当 ends on the 31 March before the child's entry into school, at most six of them ahead. */
function markParent(random: Random, baseDay: number, person: Person): void {
  const year = Number(dateOf(baseDay).slice(0, 4));
  const nextEnd = baseDay <= dayOf(year, 3, 31) ? year : year + 1;
  person.child = '1';
  person.childEndsOn = compact(dateOf(dayOf(nextEnd + random.int(6), 3, 31)));
}
