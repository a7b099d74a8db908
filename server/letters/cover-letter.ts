import { fiscalYearEnd, fiscalYearLabel, fiscalYearStart } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { formatPassNumber } from '../passes/pass-number.ts';

// The cover letter (送付状): what it says, apart from how it is drawn.

export const TEMPLATE_VERSION = 1;

export interface LetterFacts {
  addressee: string;
  postalCode: string;
  address: string;
  building: string;
  fiscalYear: number;
  passNumber: number;
  applicationKind: 'new' | 'reissue_lost' | 'reissue_damaged';
  printedOn: LocalDate;
  serial: string;
}

export interface CoverLetter {
  /** Lines of the address block from the top, the addressee apart. */
  address: string[];
  addressee: string;
  /** Small, under the name. */
  reference: string;
  date: string;
  sender: string[];
  title: string;
  paragraphs: string[];
  facts: [label: string, value: string][];
  contact: string[];
}

const MUNICIPALITY = '新宿区';
const SENDER = ['新宿区福祉部', '地域包括ケア推進課長'];
const CONTACT = ['お問い合わせ', '新宿区福祉部 地域包括ケア推進課', '〒160-8484 新宿区歌舞伎町1-4-1'];

/** Composes the letter that goes with a pass sent by post. Pure: the same facts give the same letter. */
export function composeCoverLetter(facts: LetterFacts): CoverLetter {
  const number = formatPassNumber(facts.fiscalYear, facts.passNumber);
  const year = fiscalYearLabel(facts.fiscalYear);
  return {
    address: [
      `〒${facts.postalCode.slice(0, 3)}-${facts.postalCode.slice(3)}`,
      withMunicipality(facts.address),
      ...(facts.building === '' ? [] : [facts.building]),
    ],
    addressee: `${facts.addressee}　様`,
    reference: `整理番号 ${number}　${facts.serial}`,
    date: formatWareki(facts.printedOn),
    sender: SENDER,
    title: `${year} ふれあい入浴証の送付について`,
    paragraphs: [
      opening(facts.applicationKind, year),
      'ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。',
    ],
    facts: [
      ['整理番号', number],
      [
        '有効期間',
        `${formatWareki(fiscalYearStart(facts.fiscalYear))}から${formatWareki(fiscalYearEnd(facts.fiscalYear))}まで`,
      ],
      ['ご利用回数', '1か月に4回まで'],
      ['ご利用できる方', 'ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。'],
      [
        '紛失したとき',
        '再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。',
      ],
      ['転出などのとき', '区外に転出されるなど対象でなくなったときは、入浴証をお返しください。'],
    ],
    contact: CONTACT,
  };
}

function opening(kind: LetterFacts['applicationKind'], year: string): string {
  const what = kind === 'new' ? `${year}のふれあい入浴証` : `再交付の申請をいただいた${year}のふれあい入浴証`;
  return `日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。${what}をお送りします。`;
}

/** The host writes addresses from the town on; an address elsewhere (送付先) names its prefecture itself. */
function withMunicipality(address: string): string {
  return /^(.{2,3}[都道府県]|新宿区)/u.test(address) ? address : `${MUNICIPALITY}${address}`;
}
