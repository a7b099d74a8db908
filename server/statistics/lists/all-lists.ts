import { NotFound } from '../../errors.ts';
import { gaiji, overflow } from './characters.ts';
import { endingCircumstances, mailingAddresses } from './circumstances.ts';
import { exclusions } from './exclusions.ts';
import { gone } from './gone.ts';
import { issueLedger } from './issue-ledger.ts';
import type { AnyList } from './list.ts';
import { notYetIssued } from './not-yet-issued.ts';
import { returnedMail } from './returned-mail.ts';
import { turning60 } from './turning-60.ts';

/** The lists (一覧), in the order of their page. */
export const LISTS: readonly AnyList[] = [
  issueLedger,
  notYetIssued,
  returnedMail,
  exclusions,
  gone,
  mailingAddresses,
  turning60,
  endingCircumstances,
  gaiji,
  overflow,
];

/** A list by its name in addresses. Throws NotFound. */
export function getList(name: unknown): AnyList {
  const list = LISTS.find((one) => one.name === name);
  if (list === undefined) throw new NotFound('この一覧はありません。一覧のページから選び直してください。');
  return list;
}
