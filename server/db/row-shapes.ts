import { CamelCasePlugin, type UnknownRow } from 'kysely';

// Rows look alike on both engines: camelCase names, `…On` as YYYY-MM-DD, `…At` as an ISO instant.
// SQLite stores both as text. tedious hands over JS Dates: `date` at UTC midnight, `datetime2` as is.

type Shape = (value: unknown) => unknown;

const asDate: Shape = (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value);
const asInstant: Shape = (value) => (value instanceof Date ? value.toISOString() : value);
const asIs: Shape = (value) => value;

export class RowShapes extends CamelCasePlugin {
  readonly #columns = new Map<string, { name: string; shape: Shape }>();

  /** How queries call a column; on SQLite that is all there is to the shape of a row. */
  nameOf(column: string): string {
    return this.camelCase(column);
  }

  protected override mapRow(row: UnknownRow): UnknownRow {
    const mapped: UnknownRow = {};
    for (const key in row) {
      const column = this.#columns.get(key) ?? this.#learn(key);
      mapped[column.name] = column.shape(row[key]);
    }
    return mapped;
  }

  #learn(key: string): { name: string; shape: Shape } {
    const name = this.camelCase(key);
    const column = { name, shape: /On$/.test(name) ? asDate : /At$/.test(name) ? asInstant : asIs };
    this.#columns.set(key, column);
    return column;
  }
}

/** The one for all connections. */
export const rowShapes = new RowShapes();
