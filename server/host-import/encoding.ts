import { hash } from 'node:crypto';

// Windows-31J as WHATWG's shift_jis has it: exactly CP932, with the user area F040–F9FC at U+E000–U+E757.

/** SHA-256 of every decodable one- and two-byte code as this decoder should read it. */
const TABLE_DIGEST = 'f050c704d1fcfb1e41e67ee2a758b919c93c236dea605f29e6432afa67fecbbc';

const LEADS = [...range(0x81, 0x9f), ...range(0xe0, 0xfc)];
const TRAILS = [...range(0x40, 0x7e), ...range(0x80, 0xfc)];

/** Digest of the decoder's whole table; control characters are left out, engines disagree about three. */
export function decoderTableDigest(): string {
  const decoder = new TextDecoder('shift_jis');
  const singles = [...range(0x20, 0x7e), ...range(0xa1, 0xdf)].map((byte) => [byte]);
  const pairs = LEADS.flatMap((lead) => TRAILS.map((trail) => [lead, trail]));
  return hash(
    'sha256',
    [...singles, ...pairs].map((bytes) => decoder.decode(Uint8Array.from(bytes))).join('\n'),
  );
}

let isChecked = false;

/** Throws when this runtime's decoder does not read CP932 as it should; checked once a process. */
export function requireSoundDecoder(): void {
  if (isChecked) return;
  if (decoderTableDigest() !== TABLE_DIGEST) {
    throw new Error('the CP932 decoder of this Node release differs from the table it was checked against');
  }
  isChecked = true;
}

function* range(from: number, to: number): Generator<number> {
  for (let value = from; value <= to; value += 1) yield value;
}

const ESCAPE = 0x1b;

/** Watches the bytes of a file go by and tells which other encoding they are in, if any. */
export function watchEncoding(): { see(bytes: Uint8Array): void; foreign(): string | undefined } {
  let first: Uint8Array | undefined;
  let hasHigh = false;
  let hasNul = false;
  let hasJisEscape = false;
  let hasShiftJisLead = false;
  const utf8 = watchDecoder('utf-8');
  const eucJp = watchDecoder('euc-jp');
  return {
    see(bytes) {
      first ??= bytes.slice(0, 4);
      hasNul ||= bytes.includes(0);
      for (let at = bytes.indexOf(ESCAPE); at >= 0; at = bytes.indexOf(ESCAPE, at + 1)) {
        if (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28) hasJisEscape = true;
      }
      for (let at = 0; at < bytes.length && !hasShiftJisLead; at += 1) {
        const byte = bytes[at]!;
        if (byte < 0x80) continue;
        hasHigh = true;
        hasShiftJisLead = byte <= 0x8d || (byte >= 0x90 && byte <= 0xa0);
      }
      utf8.see(bytes);
      eucJp.see(bytes);
    },
    foreign() {
      const [a, b, c] = first ?? [];
      if (a === 0xef && b === 0xbb && c === 0xbf) return 'UTF-8（BOM付き）';
      if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || hasNul) return 'UTF-16';
      if (hasJisEscape) return 'ISO-2022-JP（JIS）';
      if (hasHigh && utf8.isWhole()) return 'UTF-8';
      if (hasHigh && !hasShiftJisLead && eucJp.isWhole()) return 'EUC-JP';
      return undefined;
    },
  };
}

function watchDecoder(encoding: string): { see(bytes: Uint8Array): void; isWhole(): boolean } {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let fits = true;
  const feed = (bytes?: Uint8Array) => {
    if (!fits) return;
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      fits = false;
    }
  };
  return {
    see: feed,
    isWhole() {
      feed();
      return fits;
    },
  };
}

/**
 * The first byte that CP932 does not decode: its offset, and the bytes in hexadecimal. `bytes` begins
 * at a character boundary. Undefined when all of them decode.
 */
export function findUndecodable(bytes: Uint8Array): { offset: number; hex: string } | undefined {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    const width = (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc) ? 2 : 1;
    try {
      decoder.decode(bytes.subarray(at, at + width));
    } catch {
      const hex = [...bytes.subarray(at, at + width)].map((one) =>
        one.toString(16).toUpperCase().padStart(2, '0'),
      );
      return { offset: at, hex: hex.join(' ') };
    }
    at += width;
  }
  return undefined;
}
