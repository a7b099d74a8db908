import { type Random, weighted } from './random.ts';

/** Of the seed's 89,086 eligible people 82,816 were 60 or over; the same part of any number, rounded. */
const SEED_PEOPLE = 89_086;
const SEED_ELDERLY = 82_816;

/** How many of `people` are 60 or over on the base date. */
export function elderlyAmong(people: number): number {
  return Math.round((people * SEED_ELDERLY) / SEED_PEOPLE);
}

/** A curve over ages, straight between its points. */
type Curve = ReadonlyArray<readonly [age: number, value: number]>;

/** People by year of age, as a ward of Tokyo has them. */
const ELDERLY_AGES: Curve = [
  [60, 3300],
  [66, 3550],
  [70, 3350],
  [75, 2700],
  [80, 2150],
  [85, 1550],
  [90, 850],
  [95, 270],
  [100, 60],
  [105, 4],
  [108, 0.3],
  [112, 0],
];
const DISABLED_AGES: Curve = [
  [3, 20],
  [18, 35],
  [25, 60],
  [40, 75],
  [50, 110],
  [59, 140],
];
const PARENT_AGES: Curve = [
  [19, 2],
  [25, 12],
  [32, 30],
  [38, 28],
  [45, 10],
  [52, 1],
];
const FEMALE_SHARES: Curve = [
  [0, 0.45],
  [59, 0.46],
  [60, 0.48],
  [70, 0.52],
  [80, 0.6],
  [90, 0.71],
  [100, 0.85],
  [112, 0.95],
];

export const drawElderlyAge = ageDraw(ELDERLY_AGES);
export const drawDisabledAge = ageDraw(DISABLED_AGES);
export const drawParentAge = ageDraw(PARENT_AGES);

/** The part of women among the people of an age. */
export function femaleShare(age: number): number {
  return valueAt(FEMALE_SHARES, age);
}

/** The part of the people of an age who die in half a month: about 0.15 % of those of 60 and over as a whole. */
export function deathShare(age: number): number {
  return age < 60 ? 0.0001 : Math.min(0.03, 0.000_27 * Math.exp((age - 60) * 0.1));
}

function ageDraw(curve: Curve): (random: Random) => number {
  const first = curve[0]![0];
  const last = curve.at(-1)![0];
  const ages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return weighted(ages, (age) => valueAt(curve, age));
}

function valueAt(curve: Curve, age: number): number {
  const after = curve.findIndex(([point]) => point >= age);
  const [age2, value2] = curve[after]!;
  const [age1, value1] = curve[Math.max(0, after - 1)]!;
  return age1 === age2 ? value2 : value1 + ((value2 - value1) * (age - age1)) / (age2 - age1);
}
