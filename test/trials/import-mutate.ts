import type { Random } from '../../jobs/dummy/random.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';

// Ways in which a file goes wrong between the host and us. Each takes the lines of a good extract and
// gives the bytes of a bad one (now and then of one that is still good: a fault may hit a harmless place).

type Mutation = (lines: readonly string[], random: Random) => Uint8Array;

const bytesOf = (lines: readonly string[]) => encodeCp932(lines.map((line) => `${line}\r\n`).join(''));
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('');
const anyLine = (lines: readonly string[], random: Random) => random.int(lines.length);

function withLine(lines: readonly string[], at: number, change: (line: string) => string): Uint8Array {
  return bytesOf(lines.map((line, index) => (index === at ? change(line) : line)));
}

function swapped<T>(list: readonly T[], a: number, b: number): T[] {
  const copy = [...list];
  [copy[a], copy[b]] = [copy[b]!, copy[a]!];
  return copy;
}

const fieldsOf = (line: string) => line.slice(1, -1).split('","');
const lineOf = (fields: readonly string[]) => `"${fields.join('","')}"`;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flipped': (lines, random) => {
    const bytes = Buffer.from(bytesOf(lines));
    const at = random.int(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.int(8));
    return bytes;
  },
  'byte replaced': (lines, random) => {
    const bytes = Buffer.from(bytesOf(lines));
    bytes[random.int(bytes.length)] = random.int(256);
    return bytes;
  },
  'byte inserted': (lines, random) => {
    const bytes = bytesOf(lines);
    const at = random.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(256)]), bytes.subarray(at)]);
  },
  'byte dropped': (lines, random) => {
    const bytes = bytesOf(lines);
    const at = random.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  },
  'cut at a byte': (lines, random) => {
    const bytes = bytesOf(lines);
    return bytes.subarray(0, random.int(bytes.length));
  },
  'cut at a line end': (lines, random) => bytesOf(lines.slice(0, random.int(lines.length))),
  'line dropped': (lines, random) => bytesOf(lines.toSpliced(anyLine(lines, random), 1)),
  'line doubled': (lines, random) => {
    const at = anyLine(lines, random);
    return bytesOf(lines.toSpliced(at, 0, lines[at]!));
  },
  'lines swapped': (lines, random) => bytesOf(swapped(lines, anyLine(lines, random), anyLine(lines, random))),
  'lines of another file mixed in': (lines, random) => {
    const [from, to] = [anyLine(lines, random), anyLine(lines, random)];
    return bytesOf(lines.toSpliced(to, 0, ...lines.slice(from, from + 3)));
  },
  'columns swapped in a row': (lines, random) =>
    withLine(lines, anyLine(lines, random), (line) => {
      const fields = fieldsOf(line);
      return lineOf(swapped(fields, random.int(fields.length), random.int(fields.length)));
    }),
  'columns shifted in a row': (lines, random) =>
    withLine(lines, anyLine(lines, random), (line) => {
      const fields = fieldsOf(line);
      return lineOf([...fields.slice(1), fields[0]!]);
    }),
  'columns shifted in every row': (lines, random) => {
    const by = 1 + random.int(5);
    return bytesOf(
      lines.map((line, at) => {
        if (at === 0 || at === lines.length - 1) return line;
        const [type, ...rest] = fieldsOf(line);
        return lineOf([type!, ...rest.slice(by), ...rest.slice(0, by)]);
      }),
    );
  },
  'column dropped': (lines, random) =>
    withLine(lines, anyLine(lines, random), (line) => {
      const fields = fieldsOf(line);
      return lineOf(fields.toSpliced(random.int(fields.length), 1));
    }),
  'column of the row before': (lines, random) => {
    const at = 2 + random.int(Math.max(lines.length - 3, 1));
    const column = 1 + random.int(18);
    return withLine(lines, at, (line) => {
      const fields = fieldsOf(line);
      fields[column] = fieldsOf(lines[at - 1]!)[column] ?? '';
      return lineOf(fields);
    });
  },
  'quote dropped or added': (lines, random) => {
    const text = textOf(lines);
    const at = random.int(text.length);
    const changed = random.chance(0.5)
      ? `${text.slice(0, at)}"${text.slice(at)}`
      : text.slice(0, at) + text.slice(at).replace('"', '');
    return encodeCp932(changed);
  },
  'line end dropped or added': (lines, random) => {
    const text = textOf(lines);
    const at = random.int(text.length);
    const changed = random.chance(0.5)
      ? `${text.slice(0, at)}${random.pick(['\r\n', '\n', '\r'])}${text.slice(at)}`
      : text.slice(0, at) + text.slice(at).replace('\r\n', '');
    return encodeCp932(changed);
  },
  'a total altered': (lines, random) =>
    withLine(lines, lines.length - 1, (line) => {
      const fields = fieldsOf(line);
      const at = 1 + random.int(fields.length - 1);
      fields[at] = String(Number(fields[at]) + random.pick([-1, 1, 10, 1000]));
      return lineOf(fields);
    }),
  'in UTF-8': (lines) => Buffer.from(textOf(lines), 'utf8'),
  'in UTF-8 with a mark': (lines) => Buffer.from(`\ufeff${textOf(lines)}`, 'utf8'),
  'in UTF-16LE': (lines, random) =>
    Buffer.from(`${random.chance(0.5) ? '\ufeff' : ''}${textOf(lines)}`, 'utf16le'),
  'in UTF-16BE': (lines) => Buffer.from(`\ufeff${textOf(lines)}`, 'utf16le').swap16(),
  'in another code page': (lines) => Buffer.from(textOf(lines), 'latin1'),
  'as EBCDIC would look': (lines) => Buffer.from(bytesOf(lines)).map((byte) => (byte + 0x40) & 0xff),
  'nothing at all': () => new Uint8Array(),
};
