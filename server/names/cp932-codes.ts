let codes: Uint16Array | undefined;

/**
 * UTF-16 unit → two-byte code, 0 for none, from the platform's decoder read backwards. Where a character has several
 * codes Windows writes JIS X 0208, then NEC row 13, then IBM at FAxx–FCxx, never NEC's copies at EDxx–EExx: 髙 is FBFC.
 * iconv-lite will not do: it writes 外字 as '?'. Built at first use, 12 ms.
 */
export function cp932Codes(): Uint16Array {
  if (codes) return codes;
  const table = new Uint16Array(0x10000);
  const decoder = new TextDecoder('shift_jis');
  for (const lead of leadsByPreference()) {
    const trails = Array.from({ length: 0xfc - 0x40 + 1 }, (_, place) => 0x40 + place);
    const line = Uint8Array.from(trails.flatMap((trail) => [lead, trail, 0x0a]));
    const decoded = decoder.decode(line).split('\n');
    for (const [place, character] of decoded.entries()) {
      if (character.length !== 1 || character === '\ufffd') continue;
      const unit = character.charCodeAt(0);
      if (table[unit] === 0) table[unit] = (lead << 8) | trails[place]!;
    }
  }
  codes = table;
  return table;
}

function leadsByPreference(): number[] {
  const leads = Array.from({ length: 0xfc - 0x81 + 1 }, (_, place) => 0x81 + place);
  const isCopy = (lead: number) => lead === 0xed || lead === 0xee;
  return [...leads.filter((lead) => !isCopy(lead) && (lead < 0xa0 || lead > 0xdf)), 0xed, 0xee];
}
