import { type Layout, PERSON_FIELDS, type PersonField, UNSAID } from './layout.ts';

/** One column of a D record as it is checked. */
export interface ColumnCheck {
  /** Where it stands in the record. */
  at: number;
  label: string;
  bytes: number;
  pattern: RegExp | undefined;
  isRequired: boolean;
}

/** A layout made ready for reading a great many rows. */
export interface Arrangement {
  columns: number;
  checks: readonly ColumnCheck[];
  /** What a person's field is called in this file. */
  labels: Readonly<Record<PersonField, string>>;
  /** Widths of a fixed-length D record, the record type first where there is one; CP932 bytes. */
  widths: readonly number[];
  /** A record's values in the order of PERSON_FIELDS, the host's codes turned into ours. */
  person(record: readonly string[]): string[];
  /** Labels of columns whose code the layout does not list. */
  unknownCodes(record: readonly string[]): string[];
}

/** Makes a layout's D record ready for reading. */
export function arrange({ data, format }: Layout): Arrangement {
  const first = data.type === '' ? 0 : 1;
  const places = PERSON_FIELDS.map((field) => {
    const at = data.columns.findIndex(({ is }) => is === field);
    return { at: at < 0 ? -1 : at + first, unsaid: UNSAID[field] ?? '', codes: data.columns[at]?.codes };
  });
  // Edition 01 has our fields in our order: nothing to arrange, in 89,086 rows.
  const isAsOurs = places.every(({ at, codes }, field) => at === field + first && codes === undefined);
  const coded = data.columns
    .map(({ label, codes }, at) => ({ label, codes, at: at + first }))
    .filter(({ codes }) => codes !== undefined);
  return {
    columns: data.columns.length + first,
    checks: data.columns.map(({ label, bytes, pattern, required }, at) => ({
      at: at + first,
      label,
      bytes,
      pattern: pattern === undefined ? undefined : new RegExp(pattern, 'u'),
      isRequired: required === true,
    })),
    labels: Object.fromEntries(
      PERSON_FIELDS.map((field) => [field, data.columns.find(({ is }) => is === field)?.label ?? field]),
    ) as Record<PersonField, string>,
    widths:
      format.kind === 'fixed-length'
        ? [...(first === 1 ? [data.type.length] : []), ...data.columns.map(({ bytes }) => bytes)]
        : [],
    person: isAsOurs
      ? (record) => record.slice(first)
      : (record) =>
          places.map(({ at, unsaid, codes }) => {
            if (at < 0) return unsaid;
            const value = record[at]!;
            return codes === undefined || value === '' ? value : (codes[value] ?? value);
          }),
    unknownCodes: (record) =>
      coded
        .filter(({ at, codes }) => record[at] !== '' && !Object.hasOwn(codes!, record[at]!))
        .map(({ label }) => label),
  };
}
