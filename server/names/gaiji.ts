/** A 外字 in a text: `index` counts UTF-16 units, as String#slice does. */
export type FoundGaiji = { char: string; hostCode: string; index: number };

/** 外字 are the user area of Windows-31J, F040–F9FC, which decodes to U+E000–U+E757: 188 characters a lead byte. */
export const FIRST_GAIJI = 0xe000;
export const LAST_GAIJI = 0xe757;
const FIRST_LEAD = 0xf0;
const PER_LEAD = 188;
const FIRST_TRAIL = 0x40;
/** 7F is no trail byte; the trails after it sit one further on. */
const TRAILS_BEFORE_7F = 63;

/** Whether a code point is a municipality's own character. */
export function isGaiji(codePoint: number): boolean {
  return codePoint >= FIRST_GAIJI && codePoint <= LAST_GAIJI;
}

/** Every 外字 in a text, in order, the same one as often as it stands there. */
export function findGaiji(text: string): FoundGaiji[] {
  return Array.from(text.matchAll(/[\ue000-\ue757]/g), (found) => ({
    char: found[0],
    hostCode: gaijiHostCode(found[0]),
    index: found.index,
  }));
}

/** The host's code of a 外字 in four hex digits: U+E000 → 'F040'. Throws RangeError when the character is none. */
export function gaijiHostCode(char: string): string {
  const codePoint = char.codePointAt(0) ?? 0;
  if (!isGaiji(codePoint)) throw new RangeError(`${char} is not a gaiji (U+E000–U+E757)`);
  const offset = codePoint - FIRST_GAIJI;
  const place = offset % PER_LEAD;
  const lead = FIRST_LEAD + Math.floor(offset / PER_LEAD);
  const trail = FIRST_TRAIL + place + (place >= TRAILS_BEFORE_7F ? 1 : 0);
  return ((lead << 8) | trail).toString(16).toUpperCase();
}

/** The 外字 of a host code in either case: 'f9fc' → U+E757. Throws RangeError for a code outside F040–F9FC. */
export function gaijiFromHostCode(hostCode: string): string {
  const bytes = /^(f[0-9])([4-9a-f][0-9a-f])$/i.exec(hostCode);
  const lead = Number.parseInt(bytes?.[1] ?? '', 16);
  const trail = Number.parseInt(bytes?.[2] ?? '', 16);
  if (!bytes || trail === 0x7f || trail > 0xfc)
    throw new RangeError(`${hostCode} is not a gaiji code (F040–F9FC)`);
  const place = trail - FIRST_TRAIL - (trail > 0x7f ? 1 : 0);
  return String.fromCharCode(FIRST_GAIJI + (lead - FIRST_LEAD) * PER_LEAD + place);
}
