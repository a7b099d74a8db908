import type { MunicipalityFont } from '../config.ts';
import { makePrintable, type Replacements } from './characters.ts';
import { glyphsOf } from './glyphs.ts';

// Where a letter, label or card goes, ready to be printed.

/** To whom and where, as the register says it. */
export interface Destination {
  addressee: string;
  postalCode: string;
  address: string;
  building: string;
}

export interface DestinationFrame {
  municipality: string;
  replacements: Replacements;
  ownFont: MunicipalityFont;
}

export const PROBLEM_KINDS = ['character', 'overflow', 'address'] as const;
/** Why a letter, label or card is held (印刷保留): a character, too long a text, or no address. */
export interface LetterProblem {
  kind: (typeof PROBLEM_KINDS)[number];
  sentence: string;
}

export const PROBLEM_NAMES: Readonly<Record<LetterProblem['kind'], string>> = {
  character: '文字',
  overflow: '文字超過',
  address: '住所・氏名',
};

export interface PrintableDestination {
  name: string;
  address: string;
  building: string;
  /** Whether a character stands in for another. */
  hasStandIn: boolean;
}

export const OVERFLOW =
  '宛名が印字できる範囲に収まらないため、印刷しませんでした。文字超過リストで確かめ、送付先を短い表記で登録してから印刷してください。';
const NO_ADDRESS =
  '住所または氏名が空のため、印刷しませんでした。台帳を確かめ、送付先を登録してから印刷してください。';

/** Makes name and address printable, with the municipality before an address that begins with the town. */
export function makeDestination(
  { addressee, address, building }: Destination,
  { municipality, replacements, ownFont }: DestinationFrame,
): PrintableDestination | { problem: LetterProblem } {
  if (addressee.trim() === '' || address.trim() === '') {
    return { problem: { kind: 'address', sentence: NO_ADDRESS } };
  }
  const made: string[] = [];
  for (const [text, what] of [
    [addressee, '氏名'],
    [address, '住所'],
    [building, '方書'],
  ] as const) {
    const { text: ready, problem } = makePrintable(text.trim(), what, replacements, ownFont);
    if (problem !== undefined) return { problem: { kind: 'character', sentence: problem } };
    made.push(ready);
  }
  const [name, town, inside] = made as [string, string, string];
  return {
    name,
    address: withMunicipality(town, municipality),
    building: inside,
    hasStandIn: glyphsOf(made.join(''), ownFont).some((glyph) => glyph?.isStandIn),
  };
}

/** The host writes addresses from the town on; an address elsewhere (送付先) names its prefecture itself. */
function withMunicipality(address: string, municipality: string): string {
  const namesItself = /^.{2,3}[都道府県]/u.test(address) || address.startsWith(municipality);
  return namesItself ? address : `${municipality}${address}`;
}
