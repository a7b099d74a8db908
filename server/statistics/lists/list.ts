import type { Right } from '../../accounts/rights.ts';
import type { LocalDate } from '../../calendar/local-date.ts';
import type { Database } from '../../db/schema.ts';
import type { AgeRules } from '../../settings/age-rules.ts';
import type { ConditionName, Conditions } from './conditions.ts';

/** What rows and cells depend on beside what was asked. */
export interface Reader {
  today: LocalDate;
  ageRules: AgeRules;
  may: (right: Right) => boolean;
}

export interface ListColumn<Row> {
  heading: string;
  /** On paper, mm; a list has 273 to give away. */
  width: number;
  isNumber?: boolean;
  of(row: Row, reader: Reader): string;
}

/** A query whose rows stand in the order of the list. */
export interface ListQuery<Row> {
  offset(rows: number): ListQuery<Row>;
  limit(rows: number): ListQuery<Row>;
  execute(): Promise<Row[]>;
  stream(chunkSize: number): AsyncIterable<Row>;
  clearSelect(): unknown;
}

/** One list: what it is called, what may be asked of it, its rows and its columns. Everything else follows. */
export interface ListDefinition<Row> {
  name: string;
  title: string;
  /** What stands on it, for whoever chooses a list. */
  about: string;
  /** What may be asked, in the order of the form, each with its label where the usual one would not do. */
  conditions: readonly { name: ConditionName; label?: string }[];
  /** What is asked when nothing was typed. */
  defaults?: (today: LocalDate) => Conditions;
  rows(db: Database, conditions: Conditions, reader: Reader): ListQuery<Row>;
  columns: readonly ListColumn<NoInfer<Row>>[];
}

/** A list whose rows are nobody's business but its own. */
// biome-ignore lint/suspicious/noExplicitAny: a definition is checked against its own rows where it is written
export type AnyList = ListDefinition<any>;

/** Checks a definition against the rows of its own query. */
export function defineList<Row>(definition: ListDefinition<Row>): AnyList {
  return definition;
}
