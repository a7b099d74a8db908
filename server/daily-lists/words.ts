import { type EventKind, kindOf } from '../audit/event.ts';
import { describeDetails, fieldLabel } from '../audit/field-labels.ts';
import { PLACE_FIELDS } from '../audit/place-fields.ts';
import { isLocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { APPLICATION_KIND_NAMES, DELIVERY_METHOD_NAMES } from '../passes/pass.ts';
import { FIELD_NAMES, showValue } from '../register/fields.ts';

// An act of the daily list in words: what was done, and what became of what.
//
// A closed list is filed and printed again years later, by when somebody on it may be protected (支援措置等):
// where anybody lives and gets letters never stands on it. The record of acts has the values.

const ROW_ID = /Id$/;
const SAID_IN_FULL = new Set(['importRunId', 'batchId']);

export interface ActDetails {
  kind: EventKind;
  details: string;
  /** Of the pass of the act, as 26-000001; empty when it has none. */
  passNumber: string;
}

/** What was done, in one line: the number of the pass first, then what the act says of itself. */
export function describeAct({ kind, details, passNumber }: ActDetails): string {
  const fields = JSON.parse(details) as Record<string, unknown>;
  if (kind === 'pass.issued') {
    const { applicationKind, deliveryMethod } = fields as {
      applicationKind: keyof typeof APPLICATION_KIND_NAMES;
      deliveryMethod: keyof typeof DELIVERY_METHOD_NAMES;
    };
    return `${passNumber} ${APPLICATION_KIND_NAMES[applicationKind]} ${DELIVERY_METHOD_NAMES[deliveryMethod]}`;
  }
  const told = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !ROW_ID.test(name) || SAID_IN_FULL.has(name)),
  );
  const words = describeDetails(kind, JSON.stringify(told)).map(
    ([label, text]) => `${label} ${isLocalDate(text) ? formatWareki(text) : text}`,
  );
  return [passNumber, ...words].filter((text) => text !== '').join(' ');
}

export interface FieldChange {
  field: string;
  oldValue: string;
  newValue: string;
}

/** What became of what: 電話番号 なし → 03-1234-5678. */
export function describeChange({ field, oldValue, newValue }: FieldChange): string {
  const name = FIELD_NAMES[field] ?? fieldLabel('', field);
  if (PLACE_FIELDS.includes(field)) return `${name}（変更前後は操作記録にあります）`;
  const shown = (value: string) => (value === '' ? 'なし' : showValue(field, value));
  return `${name} ${shown(oldValue)} → ${shown(newValue)}`;
}

/** How a kind of act is called. */
export function actName(kind: string): string {
  return kindOf(kind)?.label ?? kind;
}
