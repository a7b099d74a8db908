import { composeCoverLetter, type LetterFacts, type LetterFrame } from '../../server/letters/cover-letter.ts';

/** A municipality without a font of its own. */
export const NO_FONT = { file: '', mapFile: '' };

/** The frame of the tests: an ordinary 長3 window envelope, no font of the municipality's own. */
export const FRAME: LetterFrame = {
  sender: ['新宿区福祉部', '地域包括ケア推進課長'],
  window: { left: 20, top: 12, width: 90, height: 45, slideRight: 25, slideDown: 21 },
  offset: { right: 0, down: 0 },
  hasBarcode: false,
  municipality: '新宿区',
  replacements: new Map(),
  ownFont: NO_FONT,
};

export const TEMPLATE = {
  title: '{年度} ふれあい入浴証の送付について',
  body: '{氏名}様に{年度}のふれあい入浴証をお送りします。\n整理番号｜{整理番号}\n有効期間｜{有効期間}\n【お問い合わせ】\n新宿区福祉部 地域包括ケア推進課',
};

/** The facts of an ordinary letter, with what a test changes. */
export function facts(over: Partial<LetterFacts> = {}): LetterFacts {
  return {
    kind: 'new',
    addressee: '新宿　花子',
    postalCode: '1600022',
    address: '新宿一丁目２番３号',
    building: 'コーポラス御苑３０２号',
    fiscalYear: 2026,
    passNumber: 123,
    issuedOn: '2026-11-20',
    returnedOn: null,
    printedOn: '2026-11-20',
    serial: '20261120-00-00001',
    isReprint: false,
    ...over,
  };
}

/** A letter that must be composable. */
export function letterOf(over: Partial<LetterFacts> = {}, frame: Partial<LetterFrame> = {}) {
  const { letter, problem } = composeCoverLetter(facts(over), TEMPLATE, { ...FRAME, ...frame });
  if (letter === undefined) throw new Error(problem.sentence);
  return letter;
}
