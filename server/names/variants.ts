import { VARIANT_GROUPS } from './variant-groups.ts';

const DROPPED = 0;
/** Han characters beyond U+FFFF; every representative is within. */
const BEYOND = new Map<number, string>();
const UNITS = unitTable();

/**
 * Folds a name or address to the form in which it is searched: 異体字 to one representative, variation selectors and
 * spaces removed, full-width letters, digits and marks to half width, letters to capitals. A text in which nothing folds comes back itself.
 */
export function foldKanji(text: string): string {
  let folded: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const kept = UNITS[unit]!;
    if (kept === unit && (unit < 0xd800 || unit > 0xdbff)) {
      if (folded !== undefined) folded += text[index];
      continue;
    }
    folded ??= text.slice(0, index);
    if (kept !== unit) {
      if (kept !== DROPPED) folded += String.fromCharCode(kept);
      continue;
    }
    const codePoint = text.codePointAt(index)!;
    index += codePoint > 0xffff ? 1 : 0;
    if (!isVariationSelector(codePoint)) folded += BEYOND.get(codePoint) ?? String.fromCodePoint(codePoint);
  }
  return folded ?? text;
}

/** For every UTF-16 unit what it folds to, DROPPED for spaces and variation selectors; surrogates stay. */
function unitTable(): Uint16Array {
  const units = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  for (let unit = 0xff01; unit <= 0xff5e; unit++) units[unit] = unit - 0xff01 + 0x21;
  for (let unit = 0x61; unit <= 0x7a; unit++) units[unit] = units[unit + 0xfee0] = unit - 0x20;
  for (let unit = 0xfe00; unit <= 0xfe0f; unit++) units[unit] = DROPPED;
  for (const space of ' \t\u00a0\u3000') units[space.charCodeAt(0)] = DROPPED;
  for (const { groups } of VARIANT_GROUPS) {
    for (const group of groups.split(/\s+/)) foldGroup(units, group);
  }
  foldCompatibilityForms(units);
  return units;
}

function foldGroup(units: Uint16Array, group: string): void {
  const [representative, ...variants] = Array.from(group);
  for (const variant of variants) {
    if (variant.length > 1) BEYOND.set(variant.codePointAt(0)!, representative!);
    else units[variant.charCodeAt(0)] = representative!.charCodeAt(0);
  }
}

/** CJK互換漢字 (神 U+FA19 and other 旧字体 of CP932 among them) fold by Unicode's canonical equivalence. */
function foldCompatibilityForms(units: Uint16Array): void {
  for (let unit = 0xf900; unit <= 0xfaff; unit++) {
    const unified = String.fromCharCode(unit).normalize('NFC');
    if (unified.length === 1 && units[unit] === unit) units[unit] = units[unified.charCodeAt(0)]!;
  }
  for (let codePoint = 0x2f800; codePoint <= 0x2fa1d; codePoint++) {
    const unified = String.fromCodePoint(codePoint).normalize('NFC');
    BEYOND.set(
      codePoint,
      unified.length === 1 ? String.fromCharCode(units[unified.charCodeAt(0)]!) : unified,
    );
  }
}

function isVariationSelector(codePoint: number): boolean {
  return codePoint >= 0xe0100 && codePoint <= 0xe01ef;
}
