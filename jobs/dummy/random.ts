/** A seeded source of chance (sfc32): the same seed always gives the same row of numbers, on every machine. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number;
  /** True with the probability `share` (0–1). */
  chance(share: number): boolean;
  /** One of the list, each as likely. */
  pick<T>(list: readonly T[]): T;
}

/** Makes a source of chance from any text, such as `7/89086/2026-10-31`. */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = hashSeed(seed);
  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }
  for (let round = 0; round < 15; round += 1) next();
  return {
    next,
    int: (below) => Math.floor(next() * below),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)]!,
  };
}

/** A list drawn from by weight; `draw` gives each entry as often as its weight says. */
export function weighted<T>(entries: readonly T[], weightOf: (entry: T, index: number) => number) {
  const bounds = new Float64Array(entries.length);
  let total = 0;
  entries.forEach((entry, index) => {
    total += weightOf(entry, index);
    bounds[index] = total;
  });
  return (random: Random): T => {
    const target = random.next() * total;
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return entries[low]!;
  };
}

/** Four 32-bit words from a text: FNV-1a, then the finisher of MurmurHash3 between the words. */
function hashSeed(seed: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  const words = [0, 0, 0, 0].map(() => {
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x9e3779b9;
    return hash | 0;
  });
  return words as [number, number, number, number];
}
