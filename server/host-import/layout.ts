import { readFileSync } from 'node:fs';
import { z } from 'zod';
import edition01 from './edition-01.json' with { type: 'json' };

// The layout of a host extract: which column of the file means what. Edition 01 is built in; a
// municipality whose host writes something else gives a file of the same form (HOST_LAYOUT_FILE).
// Host names stop here.

/** What the register needs of a person, in the order that read-row.ts takes it. */
export const PERSON_FIELDS = [
  'residentNumber',
  'name',
  'kana',
  'birthWestern',
  'birthWareki',
  'birthNote',
  'sex',
  'postalCode',
  'address',
  'building',
  'districtCode',
  'isElderly',
  'isDisabled',
  'isChild',
  'childEndsOn',
  'residentStatus',
  'removalCode',
  'movedOn',
] as const;
export type PersonField = (typeof PERSON_FIELDS)[number];

export const TOTALS = ['rows', 'elderly', 'disabled', 'child', 'checksum'] as const;

/** What stands for a field that a layout does not have; one that is not here must have a column. */
export const UNSAID: Partial<Record<PersonField, string>> = {
  birthWestern: '',
  birthWareki: '',
  birthNote: '',
  sex: '0',
  postalCode: '',
  building: '',
  districtCode: '',
  isElderly: '0',
  isDisabled: '0',
  isChild: '0',
  childEndsOn: '',
  residentStatus: '1',
  removalCode: '',
  movedOn: '',
};

const pattern = z.string().superRefine((text, refinement) => {
  try {
    new RegExp(text, 'u');
  } catch {
    refinement.addIssue({ code: 'custom', message: 'is not a regular expression' });
  }
});
const bytes = z.int().min(1).max(1000);

const dataColumn = z.strictObject({
  label: z.string().min(1),
  is: z.enum(PERSON_FIELDS).optional(),
  bytes,
  pattern: pattern.optional(),
  required: z.boolean().optional(),
  /** The host's codes as ours; a code that is not listed is a fault of its row. */
  codes: z.record(z.string(), z.string()).optional(),
});

const headerColumn = z.strictObject({
  label: z.string().min(1),
  bytes: bytes.optional(),
  expect: z.string().optional(),
  is: z.enum(['baseDate', 'extractedAt']).optional(),
  pattern: pattern.optional(),
});

const trailerColumn = z.strictObject({
  label: z.string().min(1),
  bytes: bytes.optional(),
  is: z.enum(TOTALS).optional(),
});

const LAYOUT = z
  .strictObject({
    name: z.string().min(1),
    fileName: pattern,
    encoding: z.literal('windows-31j'),
    format: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('quoted-csv') }),
      z.strictObject({ kind: z.literal('delimited'), delimiter: z.string().length(1) }),
      z.strictObject({ kind: z.literal('fixed-length') }),
    ]),
    baseDate: z.enum(['header', 'file-name']),
    header: z.strictObject({ type: z.string(), columns: z.array(headerColumn).min(1) }).optional(),
    data: z.strictObject({ type: z.string(), columns: z.array(dataColumn).min(1) }),
    trailer: z.strictObject({ type: z.string(), columns: z.array(trailerColumn).min(1) }).optional(),
  })
  .superRefine((layout, refinement) => {
    const fault = (path: (string | number)[], message: string) =>
      refinement.addIssue({ code: 'custom', path, message });
    const seen = new Map<string, number>();
    for (const [at, { is }] of layout.data.columns.entries()) {
      if (is === undefined) continue;
      if (seen.has(is)) fault(['data', 'columns', at, 'is'], `${is} already is column ${seen.get(is)}`);
      seen.set(is, at);
    }
    const missing = PERSON_FIELDS.filter((field) => !seen.has(field) && UNSAID[field] === undefined);
    if (missing.length > 0) fault(['data', 'columns'], `no column is ${missing.join(', ')}`);
    if (!seen.has('birthWestern') && !seen.has('birthWareki')) {
      fault(['data', 'columns'], 'no column is birthWestern or birthWareki');
    }
    if (layout.baseDate === 'header' && !layout.header?.columns.some(({ is }) => is === 'baseDate')) {
      fault(['baseDate'], 'the header has no column that is baseDate');
    }
    if (layout.baseDate === 'file-name' && !layout.fileName.includes('(?<base>')) {
      fault(['fileName'], 'has no group (?<base>…) for the base date');
    }
    for (const part of ['header', 'trailer'] as const) {
      const columns = layout[part]?.columns ?? [];
      if (layout[part]?.type === '') fault([part, 'type'], 'is empty, so its record could not be told apart');
      if (layout.format.kind === 'fixed-length') {
        for (const [at, column] of columns.entries()) {
          if (column.bytes === undefined) fault([part, 'columns', at, 'bytes'], 'is missing');
        }
      }
    }
  });

export type Layout = z.output<typeof LAYOUT>;

/** Every fault of a layout file, each with the path of the wrong entry. */
export class LayoutFault extends Error {}

/** Checks a layout. Throws a LayoutFault that names every wrong entry by its path. */
export function checkLayout(given: unknown): Layout {
  const parsed = LAYOUT.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || '(layout)'}: ${message}`,
  );
  throw new LayoutFault(`the layout cannot be used:\n${faults.join('\n')}`);
}

/** The built-in layout, edition 01. */
export const EDITION_01: Layout = checkLayout(edition01);

/** Reads the layout file at `path`, or gives the built-in one for the empty text. Throws a LayoutFault. */
export function readLayout(path: string): Layout {
  if (path === '') return EDITION_01;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new LayoutFault(`the layout file ${path} cannot be read`);
  }
  try {
    return checkLayout(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new LayoutFault(`the layout file ${path} is not JSON: ${error.message}`);
    throw error;
  }
}

/** The sum of resident numbers in the trailer is kept to this many digits. */
export const CHECKSUM_MODULUS = 10n ** 12n;
/** 住民状態 1: still registered. 2, 3 and 9 moved out, died or were removed otherwise. */
export const STILL_RESIDENT = '1';
