import type { BirthDate } from '../calendar/birth-date.ts';
import type { LocalDate } from '../calendar/local-date.ts';

// A person of the register (事業対象者).

export const CATEGORIES = ['elderly', 'disabled', 'child'] as const;
export type Category = (typeof CATEGORIES)[number];
export const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  elderly: '高齢',
  disabled: '障害',
  child: '児童',
};

export const SEX_NAMES: Readonly<Record<number, string>> = { 0: '未記入', 1: '男', 2: '女', 9: 'その他' };

export const CIRCUMSTANCE_NAMES = {
  protected: '支援措置等',
  mailing_address: '送付先変更',
  caution: '注意',
  other: 'その他',
} as const;

interface Flags {
  isElderly: 0 | 1;
  isDisabled: 0 | 1;
  isChild: 0 | 1;
}

/** The grounds on which a person is eligible; several are possible. */
export function categoriesOf(person: Flags): Category[] {
  const all: [Category, 0 | 1][] = [
    ['elderly', person.isElderly],
    ['disabled', person.isDisabled],
    ['child', person.isChild],
  ];
  return all.filter(([, holds]) => holds === 1).map(([category]) => category);
}

/** The birth date of a register row, as the calendar's functions take it. */
export function birthOf(person: {
  birthCode: string;
  birthWareki: string;
  birthNote: string;
  birthEarliestOn: LocalDate;
  birthLatestOn: LocalDate;
}): BirthDate {
  return {
    code: person.birthCode,
    wareki: person.birthWareki,
    note: person.birthNote,
    earliestOn: person.birthEarliestOn,
    latestOn: person.birthLatestOn,
    isWhole: person.birthEarliestOn === person.birthLatestOn,
  };
}
