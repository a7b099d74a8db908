import { fullToHalfKana } from '../../server/names/kana.ts';
import { FAMILY_NAMES, GAIJI_CHARACTERS, VARIANT_CHARACTERS } from './family-names.ts';
import { FOREIGN_NAMES } from './foreign-names.ts';
import { FEMALE_GIVEN_NAMES } from './given-names-female.ts';
import { MALE_GIVEN_NAMES } from './given-names-male.ts';
import { type Random, weighted } from './random.ts';

/** A name or part of one: as written (full width) and its reading in half-width katakana. */
export interface Name {
  readonly written: string;
  readonly reading: string;
}

type Draw = (random: Random) => Name;

/** 0.3 % of names hold a 外字 and about 2 % a 異体字, which only some family names have (about one in six). */
const GAIJI_SHARE = 0.003;
const VARIANT_SHARE = 0.13;

const FAMILIES = readNames(FAMILY_NAMES);
const FAMILY_READINGS: ReadonlySet<string> = new Set(FAMILIES.map((family) => family.reading));
const drawFamily = byRank(FAMILIES, 15);
const drawMale = givenNamesByYear(MALE_GIVEN_NAMES);
const drawFemale = givenNamesByYear(FEMALE_GIVEN_NAMES);
const drawForeignGroup = weighted(
  FOREIGN_NAMES.map((group) => ({
    share: group.share,
    family: byRank(readNames(group.family), 4),
    male: byRank(readNames(group.male), 6),
    female: byRank(readNames(group.female), 6),
  })),
  (group) => group.share,
);

/** Draws a Japanese name whose given name is of the bearer's generation: 氏, a full-width space, 名. */
export function drawJapaneseName(random: Random, female: boolean, birthYear: number): Name {
  const given = (female ? drawFemale : drawMale)(birthYear)(random);
  const family = drawFamily(random);
  if (random.chance(GAIJI_SHARE)) return joinName(...withGaiji(random, family, given));
  return joinName(withVariant(random, family), given);
}

/** Draws the name of a foreign resident: kanji with their katakana reading, or full-width Latin capitals. */
export function drawForeignName(random: Random, female: boolean): Name {
  const group = drawForeignGroup(random);
  return joinName(group.family(random), (female ? group.female : group.male)(random));
}

/**
 * The name after a marriage: another Japanese family name before the same given name. Undefined for a name whose
 * family name is none of ours, as a foreign resident's.
 */
export function drawMarriedName(random: Random, name: Name): Name | undefined {
  const [familyReading, givenReading] = name.reading.split(' ');
  const [, given] = name.written.split('　');
  if (!FAMILY_READINGS.has(familyReading!) || given === undefined || givenReading === undefined)
    return undefined;
  let family = drawFamily(random);
  while (family.reading === familyReading) family = drawFamily(random);
  return joinName(family, { written: given, reading: givenReading });
}

function withVariant(random: Random, family: Name): Name {
  for (const character of family.written) {
    const variants = VARIANT_CHARACTERS[character];
    if (variants === undefined) continue;
    if (!random.chance(VARIANT_SHARE)) return family;
    return { ...family, written: family.written.replace(character, random.pick(variants)) };
  }
  return family;
}

/** Puts a 外字 in place of a character known to have some, else of the first character of the given name. */
function withGaiji(random: Random, family: Name, given: Name): [family: Name, given: Name] {
  for (const character of family.written) {
    const gaiji = GAIJI_CHARACTERS[character];
    if (gaiji !== undefined) {
      return [{ ...family, written: family.written.replace(character, random.pick(gaiji)) }, given];
    }
  }
  // U+E757 is F9FC, the last of the user area: one in ten, so that the edge of the table is always tried.
  const other = random.chance(0.1) ? 0xe757 : 0xe040 + random.int(0x180);
  return [family, { ...given, written: String.fromCharCode(other) + given.written.slice(1) }];
}

function joinName(family: Name, given: Name): Name {
  return { written: `${family.written}　${given.written}`, reading: `${family.reading} ${given.reading}` };
}

/** Reads `written=reading` pairs; `/` within one is the space of its own width. */
function readNames(text: string): Name[] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [written, reading] = entry.split('=') as [string, string];
      return {
        written: written.replaceAll('/', '　'),
        reading: fullToHalfKana(reading).replaceAll('/', ' '),
      };
    });
}

/** Weight falls as 1 / (rank + flatness): near enough to how names really spread. */
function byRank(names: readonly Name[], flatness: number): Draw {
  return weighted(names, (_, rank) => 1 / (rank + flatness));
}

function givenNamesByYear(generations: ReadonlyArray<readonly [lastBirthYear: number, names: string]>) {
  const draws = generations.map(([last, names]) => ({ last, draw: byRank(readNames(names), 6) }));
  return (birthYear: number): Draw => draws.find((generation) => birthYear <= generation.last)!.draw;
}
