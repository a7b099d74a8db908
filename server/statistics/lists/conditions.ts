import { fiscalYearLabel, fiscalYearOf } from '../../calendar/fiscal-year.ts';
import type { LocalDate } from '../../calendar/local-date.ts';
import { parseDate } from '../../calendar/parse-date.ts';
import { formatWareki, formatWarekiShort } from '../../calendar/wareki.ts';
import type { Office } from '../../offices/queries.ts';
import { EXCLUSION_REASON_NAMES } from '../../passes/verdict.ts';
import { CATEGORIES, CATEGORY_NAMES, type Category } from '../../register/person.ts';
import type { AnyList } from './list.ts';

// What may be asked of a list. None of it tells of a person, so it may stand in an address.

/** What was asked; a part that was not is undefined. */
export interface Conditions {
  year?: number | undefined;
  from?: LocalDate | undefined;
  to?: LocalDate | undefined;
  office?: string | undefined;
  district?: string | undefined;
  category?: Category | undefined;
  reason?: string | undefined;
}

export type ConditionName = 'year' | 'period' | 'office' | 'district' | 'category' | 'reason';

const LABELS: Readonly<Record<ConditionName, string>> = {
  year: '年度',
  period: '期間',
  office: '交付場所',
  district: '管轄',
  category: '区分',
  reason: '事由',
};

/** The district of people the host gave none. */
export const NO_DISTRICT = '--';
const YEARS_BACK = 5;

/** One field of the form of a list. */
export type ConditionField =
  | {
      kind: 'choice';
      id: string;
      label: string;
      value: string;
      empty: string | undefined;
      choices: [string, string][];
    }
  | { kind: 'date'; id: string; label: string; value: string; error: string | undefined };

export interface ReadConditions {
  conditions: Conditions;
  fields: ConditionField[];
  /** As they are carried on in links and forms. */
  query: URLSearchParams;
  /** In words, for the head of the list and the record. */
  words: string;
  errors: Record<string, string>;
}

/** Reads what is asked of a list from an address or a form. What is not among the choices is as if not asked. */
export function readConditions(
  list: AnyList,
  given: Readonly<Record<string, unknown>>,
  { today, offices }: { today: LocalDate; offices: readonly Office[] },
): ReadConditions {
  const isAsked = Object.keys(given).some((name) => FIELD_IDS.some((id) => id === name));
  const unasked = list.defaults?.(today) ?? {};
  const text = (id: string, unsaid: string | undefined) => {
    const value = isAsked ? given[id] : unsaid;
    return typeof value === 'string' ? value.trim() : '';
  };
  const made: ReadConditions = {
    conditions: {},
    fields: [],
    query: new URLSearchParams(),
    words: '',
    errors: {},
  };
  const words: string[] = [];
  const choose = (
    id: string,
    label: string,
    choices: [string, string][],
    unsaid?: string,
    mustBe = false,
  ) => {
    const typed = text(id, unsaid);
    const chosen =
      choices.find(([value]) => value === typed) ??
      (mustBe ? choices.find(([v]) => v === unsaid) : undefined);
    const empty = mustBe ? undefined : 'すべて';
    made.fields.push({ kind: 'choice', id, label, value: chosen?.[0] ?? '', empty, choices });
    if (chosen === undefined) return undefined;
    made.query.set(id, chosen[0]);
    words.push(`${label} ${chosen[1]}`);
    return chosen[0];
  };
  const readDay = (id: 'from' | 'to', label: string) => {
    const day = unasked[id];
    const typed = text(id, day === undefined ? undefined : formatWarekiShort(day));
    const parsed = typed === '' ? undefined : parseDate(typed);
    const error = parsed !== undefined && 'problem' in parsed ? parsed.problem : undefined;
    if (error !== undefined) made.errors[id] = `${label}: ${error}`;
    made.fields.push({ kind: 'date', id, label, value: typed, error });
    if (typed !== '') made.query.set(id, typed);
    return parsed !== undefined && 'date' in parsed ? parsed.date : undefined;
  };
  const officeChoices = offices.map(({ code, name }): [string, string] => [code, name]);
  const { conditions } = made;
  for (const { name, label = LABELS[name] } of list.conditions) {
    if (name === 'year') {
      const current = fiscalYearOf(today);
      const years = Array.from({ length: YEARS_BACK + 2 }, (_, at) => current + 1 - at);
      const choices = years.map((year): [string, string] => [String(year), fiscalYearLabel(year)]);
      conditions.year = Number(choose('year', label, choices, String(current), true));
    } else if (name === 'period') {
      conditions.from = readDay('from', `${label}の初日`);
      conditions.to = readDay('to', `${label}の末日`);
      if (conditions.from !== undefined && conditions.to !== undefined && conditions.to < conditions.from)
        made.errors.to = `${label}の末日が初日より前になっています。期間を入力し直してください。`;
      words.push(...periodWords(label, conditions));
    } else if (name === 'office') conditions.office = choose('office', label, officeChoices);
    else if (name === 'district')
      conditions.district = choose('district', label, [...officeChoices, [NO_DISTRICT, 'なし']]);
    else if (name === 'category') {
      const choices = CATEGORIES.map((one): [string, string] => [one, CATEGORY_NAMES[one]]);
      conditions.category = choose('category', label, choices) as Category | undefined;
    } else conditions.reason = choose('reason', label, Object.entries(EXCLUSION_REASON_NAMES));
  }
  made.words = words.length === 0 ? 'すべて' : words.join('、');
  return made;
}

/** The names of the fields of all forms. */
export const FIELD_IDS = ['year', 'from', 'to', 'office', 'district', 'category', 'reason'] as const;

function periodWords(label: string, { from, to }: Conditions): string[] {
  if (from === undefined && to === undefined) return [];
  const [first, last] = [from, to].map((day) => (day === undefined ? '' : formatWareki(day)));
  return [`${label} ${first}から${last}${to === undefined ? '' : 'まで'}`];
}
