/** The columns of a D record of the host extract, edition 01, in their order. */
export interface Person {
  residentNumber: string;
  name: string;
  nameKana: string;
  /** YYYYMMDD; unknown parts are 00. */
  birth: string;
  /** Era digit and YYMMDD. */
  birthWareki: string;
  birthUnknown: string;
  sex: string;
  postalCode: string;
  address: string;
  building: string;
  office: string;
  elderly: string;
  disabled: string;
  child: string;
  /** YYYYMMDD, or empty. */
  childEndsOn: string;
  /** 1 住登者 2 転出者 3 死亡者 9 その他消除者. */
  state: string;
  reason: string;
  /** YYYYMMDD, or empty. */
  movedOn: string;
}

const COLUMNS = [
  'residentNumber',
  'name',
  'nameKana',
  'birth',
  'birthWareki',
  'birthUnknown',
  'sex',
  'postalCode',
  'address',
  'building',
  'office',
  'elderly',
  'disabled',
  'child',
  'childEndsOn',
  'state',
  'reason',
  'movedOn',
] as const satisfies ReadonlyArray<keyof Person>;

/** One record as a line: every field quoted, a quote within doubled, CRLF at the end. */
export function quoteLine(fields: readonly string[]): string {
  const joined = fields.join('","');
  if (joined.includes('"') && fields.some((field) => field.includes('"'))) {
    return `"${fields.map((field) => field.replaceAll('"', '""')).join('","')}"\r\n`;
  }
  return `"${joined}"\r\n`;
}

/** The D line of a person. */
export function personLine(person: Person): string {
  return quoteLine(['D', ...COLUMNS.map((column) => person[column])]);
}

/**
 * The fields of a line of a generated file, without its line end. Generated fields hold no quotes, so the line comes
 * apart at its separators.
 */
export function lineFields(line: string): string[] {
  return line.slice(1, -1).split('","');
}

/** The person of the fields of a D line; throws when there are not 19. */
export function personOfFields(fields: readonly string[], lineNumber: number): Person {
  if (fields.length !== COLUMNS.length + 1) {
    throw new RangeError(`Line ${lineNumber} has ${fields.length} columns, not ${COLUMNS.length + 1}.`);
  }
  return Object.fromEntries(COLUMNS.map((column, index) => [column, fields[index + 1]])) as unknown as Person;
}

/** Whether any column of the host differs. */
export function personDiffers(before: Person, after: Person): boolean {
  return COLUMNS.some((column) => before[column] !== after[column]);
}
