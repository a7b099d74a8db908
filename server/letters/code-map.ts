import { readFileSync } from 'node:fs';
import { gaijiFromHostCode, isGaiji } from '../names/gaiji.ts';

// Which character of the municipality's font draws which 外字 (外字対応表): a CSV file in UTF-8 of three columns, the
// last of them for whoever keeps it.
//
//   外字,字形,備考
//   F040,U+20BB7,つちよし
//   F041,U+845B U+E0100,葛（IVS）

/** The character, with its variation selector if need be, that stands in the font for a 外字. */
export type CodeMap = ReadonlyMap<string, string>;

const HEADINGS = '外字,字形';
const SEQUENCE = /^U\+([0-9A-F]{4,6})(?:[ +]U\+(FE0[0-9A-F]|E01[0-9A-E][0-9A-F]))?$/i;

/** Reads a code map. `faults` says what is wrong with it, each with its line; whoever finds any must not use the map. */
export function readCodeMap(path: string): { map: CodeMap; faults: string[] } {
  const map = new Map<string, string>();
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const why = error instanceof TypeError ? 'is not UTF-8' : 'cannot be read';
    return { map, faults: [`${path} ${why}`] };
  }
  const lines = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()));
  const faults: string[] = [];
  if (lines[0]!.slice(0, 2).join(',') !== HEADINGS) faults.push(`${path}:1: must begin with ${HEADINGS}`);
  for (const [at, [code = '', shape = '', ...rest]] of lines.entries()) {
    if (at === 0 || [code, shape, ...rest].every((cell) => cell === '')) continue;
    const gaiji = readGaiji(code);
    const sequence = readSequence(shape);
    const wrong = (what: string) => faults.push(`${path}:${at + 1}: ${what}`);
    if (gaiji === undefined) wrong(`'${code}' is no 外字 (F040–F9FC or U+E000–U+E757)`);
    else if (map.has(gaiji)) wrong(`'${code}' stands above already`);
    if (sequence === undefined) wrong(`'${shape}' is no code point such as U+20BB7 or U+845B U+E0100`);
    if (gaiji !== undefined && sequence !== undefined) map.set(gaiji, sequence);
  }
  if (map.size === 0 && faults.length === 0) faults.push(`${path}: has no 外字`);
  return { map, faults };
}

const opened = new Map<string, CodeMap>();

/** A code map read once. Throws when it is faulty; the server does not start with such a one. */
export function openCodeMap(path: string): CodeMap {
  let known = opened.get(path);
  if (known === undefined) {
    const { map, faults } = readCodeMap(path);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    opened.set(path, map);
    known = map;
  }
  return known;
}

function readGaiji(code: string): string | undefined {
  const point = /^U\+(E[0-9A-F]{3})$/i.exec(code)?.[1];
  if (point !== undefined) {
    const codePoint = Number.parseInt(point, 16);
    return isGaiji(codePoint) ? String.fromCodePoint(codePoint) : undefined;
  }
  try {
    return gaijiFromHostCode(code);
  } catch {
    return undefined;
  }
}

function readSequence(shape: string): string | undefined {
  const points = SEQUENCE.exec(shape)
    ?.slice(1)
    .filter((hex) => hex !== undefined)
    .map((hex) => Number.parseInt(hex, 16));
  return points?.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
