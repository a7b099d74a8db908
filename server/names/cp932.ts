import { cp932Codes } from './cp932-codes.ts';

/**
 * Bytes a text takes in Windows-31J (CP932): 1 for ASCII and half-width kana, 2 for anything else, and 2 for a
 * character CP932 lacks, so that host limits can be checked before it is known whether the text can be written.
 */
export function cp932Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isSingleByte(unit)) length += 1;
    else if (unit < 0xdc00 || unit > 0xdfff) length += 2;
  }
  return length;
}

/** Whether every character has a CP932 code; 外字 (U+E000–U+E757) do, 𠮷, 〜 (U+301C) and variation selectors do not. */
export function canEncodeCp932(text: string): boolean {
  return findUnencodable(text) === undefined;
}

/** The first character CP932 lacks. */
export function findUnencodable(text: string): string | undefined {
  const table = cp932Codes();
  for (const character of text) {
    if (character.length > 1) return character;
    const unit = character.charCodeAt(0);
    if (!isSingleByte(unit) && table[unit] === 0) return character;
  }
  return undefined;
}

/** Encodes as Windows does, 外字 as F040–F9FC. Throws RangeError naming the first character CP932 lacks. */
export function encodeCp932(text: string): Buffer {
  const missing = findUnencodable(text);
  if (missing !== undefined) throw new RangeError(`${missing} (${nameOf(missing)}) has no CP932 code`);
  const table = cp932Codes();
  const bytes = Buffer.alloc(cp932Length(text));
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) at = bytes.writeUInt8(unit, at);
    else if (isSingleByte(unit)) at = bytes.writeUInt8(unit - 0xff61 + 0xa1, at);
    else at = bytes.writeUInt16BE(table[unit]!, at);
  }
  return bytes;
}

function isSingleByte(unit: number): boolean {
  return unit < 0x80 || (unit >= 0xff61 && unit <= 0xff9f);
}

function nameOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
