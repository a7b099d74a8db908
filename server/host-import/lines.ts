import { type FileHandle, open } from 'node:fs/promises';
import { findUndecodable } from './encoding.ts';
import { FileRefused } from './refusal.ts';

// Of larger pieces more outlives a collection, and the heap grows (docs/decisions/013-import-speed.md).
const CHUNK_BYTES = 1 << 16;
const DOS_END_OF_FILE = 0x1a;

/** A run of physical lines of the file, without their line ends. */
export interface LineChunk {
  firstLine: number;
  lines: string[];
  /** How many bytes of the file have been read so far. */
  bytesRead: number;
}

/**
 * Reads a file in CP932, line by line (CRLF, or LF alone). The last line need not end; one DOS end mark
 * (0x1A) behind it is passed over. Throws FileRefused, naming line and byte, where a byte does not decode.
 */
export async function* readLines(path: string): AsyncGenerator<LineChunk> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const decoder = new TextDecoder('shift_jis', { fatal: true });
    // The next chunk is read while this one is worked on.
    let [buffer, spare] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
    let reading = readAt(file, buffer, 0);
    let rest = '';
    let nextLine = 1;
    let bytesRead = 0;
    // The half of a two-byte character that the last chunk ended with, for naming a faulty byte.
    let carried: Uint8Array = new Uint8Array();
    for (;;) {
      const count = await reading;
      if (count > 0) reading = readAt(file, spare, bytesRead + count);
      const bytes = buffer.subarray(0, endsAsDos(buffer, count, bytesRead, size) ? count - 1 : count);
      let text: string;
      try {
        text = rest + decoder.decode(bytes, { stream: count > 0 });
      } catch {
        throw undecodable(Buffer.concat([carried, bytes]), bytesRead - carried.length, nextLine, rest);
      }
      carried = halfCharacter(Buffer.concat([carried, bytes]));
      bytesRead += count;
      [buffer, spare] = [spare, buffer];
      const lines = text.split('\n');
      rest = lines.pop()!;
      if (count === 0 && rest !== '') {
        lines.push(rest);
        rest = '';
      }
      for (let at = 0; at < lines.length; at += 1) {
        const line = lines[at]!;
        if (line.endsWith('\r')) lines[at] = line.slice(0, -1);
      }
      if (lines.length > 0) yield { firstLine: nextLine, lines, bytesRead };
      nextLine += lines.length;
      if (count === 0) return;
    }
  } finally {
    await file.close();
  }
}

/** Reads a chunk from `position`. Returns how many bytes; whoever stopped listening hears of no fault. */
function readAt(file: FileHandle, into: Buffer, position: number): Promise<number> {
  const reading = file.read(into, 0, CHUNK_BYTES, position).then(({ bytesRead }) => bytesRead);
  reading.catch(() => {});
  return reading;
}

function endsAsDos(buffer: Buffer, count: number, from: number, size: number): boolean {
  return count > 0 && from + count === size && buffer[count - 1] === DOS_END_OF_FILE;
}

/** The lead byte that `bytes` ends with when its trail byte is still to come. */
function halfCharacter(bytes: Uint8Array): Uint8Array {
  let at = bytes.lastIndexOf(0x0a) + 1;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    const width = (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc) ? 2 : 1;
    if (at + width > bytes.length) return bytes.slice(at);
    at += width;
  }
  return new Uint8Array();
}

function undecodable(bytes: Uint8Array, fileOffset: number, nextLine: number, rest: string): FileRefused {
  const found = findUndecodable(bytes) ?? {
    offset: Math.max(bytes.length - 1, 0),
    hex: '（文字の途中で終わり）',
  };
  const before = bytes.subarray(0, found.offset);
  let line = nextLine;
  for (const byte of before) if (byte === 0x0a) line += 1;
  const column =
    line === nextLine
      ? `${rest.length}文字目より後`
      : `行の${found.offset - before.lastIndexOf(0x0a)}バイト目`;
  return new FileRefused(
    `${line}行目（${column}、ファイルの先頭から${fileOffset + found.offset + 1}バイト目）のバイト ${found.hex} が ` +
      'Windows-31J として読めないため、取り込みませんでした。台帳は変わっていません。' +
      '情報システム課に、文字コードと転送方法の確認、ファイルの再作成を依頼してください。',
  );
}
