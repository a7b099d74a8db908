import { fiscalYearEnd, fiscalYearLabel, fiscalYearStart } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { formatPassNumber } from '../passes/pass-number.ts';
import { LETTER_SIZES, type PlacedLine, placeAddress } from './address-block.ts';
import { BARCODE_CLEARANCE, type Code, customerBarcode } from './customer-barcode.ts';
import { type DestinationFrame, type LetterProblem, makeDestination, OVERFLOW } from './destination.ts';
import { alwaysSeen, type EnvelopeWindow, type Rectangle } from './layout.ts';
import {
  type Block,
  fillTemplate,
  type LetterKind,
  type PlaceholderValues,
  type TemplateText,
} from './template.ts';

// The cover letter (送付状): what it says and where its address stands, apart from how it is drawn.

/** Everything of one letter, out of the register. */
export interface LetterFacts {
  kind: LetterKind;
  addressee: string;
  postalCode: string;
  address: string;
  building: string;
  fiscalYear: number;
  passNumber: number;
  issuedOn: LocalDate;
  returnedOn: LocalDate | null;
  printedOn: LocalDate;
  serial: string;
  isReprint: boolean;
}

/** What the letters of a day or batch have in common. */
export interface LetterFrame extends DestinationFrame {
  /** Lines of the sender (差出人), with 職務代理者 as of the day. */
  sender: readonly string[];
  window: EnvelopeWindow;
  /** Where a printer puts the sheet's contents wrong, the other way round, in mm. */
  offset: { right: number; down: number };
  hasBarcode: boolean;
}

/** A letter as it is kept and drawn; the same content gives the same bytes. */
export interface CoverLetter {
  serial: string;
  address: PlacedLine[];
  barcode: { codes: Code[]; left: number; top: number } | null;
  date: string;
  sender: readonly string[];
  heading: string;
  title: string;
  blocks: Block[];
  note: string;
  offset: { right: number; down: number };
}

export type Composed =
  | { letter: CoverLetter; problem?: undefined }
  | { letter?: undefined; problem: LetterProblem };

const STAND_IN_NOTE = '下線のある文字は、お名前・ご住所の文字に代えて印字したものです。';
export const BARCODE_POINTS = 8;
const BARCODE_WIDTH = 63.84;
const BARCODE_HEIGHT = 2.88;

/** Composes the letter that goes with a pass sent by post. Pure: the same facts, wording and frame give the same letter. */
export function composeCoverLetter(facts: LetterFacts, template: TemplateText, frame: LetterFrame): Composed {
  const destination = makeDestination(facts, frame);
  if ('problem' in destination) return { problem: destination.problem };
  const { name, address, building } = destination;
  const area = alwaysSeen(frame.window);
  // With less room than this a barcode could not keep its clearance wherever the sheet slides.
  const hasRoom = area.width >= BARCODE_WIDTH + 2 * BARCODE_CLEARANCE;
  const barcode =
    frame.hasBarcode && hasRoom ? customerBarcode(facts.postalCode, `${address} ${building}`) : undefined;
  const number = formatPassNumber(facts.fiscalYear, facts.passNumber);
  const text = {
    postalCode: facts.postalCode,
    address,
    building,
    name: `${name}　様`,
    reference: `整理番号 ${number}　${facts.serial}`,
  };
  const placed = placeAddress(text, aboveBarcode(area, barcode), LETTER_SIZES, frame.ownFont);
  if (placed === undefined) return { problem: { kind: 'overflow', sentence: OVERFLOW } };
  const { title, blocks } = fillTemplate(template, placeholders(facts, name));
  return {
    letter: {
      serial: facts.serial,
      address: placed,
      barcode: barcode === undefined ? null : { codes: barcode, ...barcodePlace(area) },
      date: formatWareki(facts.printedOn),
      sender: frame.sender,
      heading: facts.isReprint ? '再発行' : '',
      title,
      blocks,
      note: destination.hasStandIn ? STAND_IN_NOTE : '',
      offset: frame.offset,
    },
  };
}

function placeholders(facts: LetterFacts, name: string): PlaceholderValues {
  return {
    年度: fiscalYearLabel(facts.fiscalYear),
    整理番号: formatPassNumber(facts.fiscalYear, facts.passNumber),
    氏名: name,
    有効期間: `${formatWareki(fiscalYearStart(facts.fiscalYear))}から${formatWareki(fiscalYearEnd(facts.fiscalYear))}まで`,
    交付日: formatWareki(facts.issuedOn),
    返戻日: facts.returnedOn === null ? '' : formatWareki(facts.returnedOn),
    印刷日: formatWareki(facts.printedOn),
  };
}

function aboveBarcode(area: Rectangle, barcode: Code[] | undefined): Rectangle {
  return barcode === undefined
    ? area
    : { ...area, height: area.height - BARCODE_HEIGHT - 2 * BARCODE_CLEARANCE };
}

function barcodePlace(area: Rectangle): { left: number; top: number } {
  return {
    left: area.left + BARCODE_CLEARANCE,
    top: area.top + area.height - BARCODE_CLEARANCE - BARCODE_HEIGHT,
  };
}
