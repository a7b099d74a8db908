import type { LocalDate } from '../calendar/local-date.ts';
import type { Config } from '../config.ts';
import type { Database, Trx } from '../db/schema.ts';
import { readSettings } from '../settings/queries.ts';
import type { Replacements } from './characters.ts';
import type { LetterFrame } from './cover-letter.ts';
import type { TemplateKind, TemplateText } from './template.ts';

/** A wording with the number of its version. */
export interface VersionedTemplate extends TemplateText {
  version: number;
}

export type Templates = ReadonlyMap<TemplateKind, VersionedTemplate>;

const MUNICIPALITY = '新宿区';
export const NO_OFFSET = { right: 0, down: 0 } as const;

/** What the letters of a day have in common, as the settings stand. `offset` is the printer's, in mm. */
export async function readFrame(
  db: Database | Trx,
  { municipalityFont }: Pick<Config, 'municipalityFont'>,
  on: LocalDate,
  offset: { right: number; down: number } = NO_OFFSET,
): Promise<LetterFrame> {
  const settings = await readSettings(db);
  return {
    sender: await readSender(db, on),
    window: {
      left: settings['letter.window-left'],
      top: settings['letter.window-top'],
      width: settings['letter.window-width'],
      height: settings['letter.window-height'],
      slideRight: settings['letter.slide-right'],
      slideDown: settings['letter.slide-down'],
    },
    offset,
    hasBarcode: settings['letter.barcode'] === 1,
    municipality: MUNICIPALITY,
    replacements: await readReplacements(db),
    ownFont: municipalityFont,
  };
}

/** The lines of the sender in force on a day: of several the one that began last (職務代理者). */
export async function readSender(db: Database | Trx, on: LocalDate): Promise<string[]> {
  const row = await db
    .selectFrom('senderTitle')
    .select('lines')
    .where('startsOn', '<=', on)
    .where((where) => where.or([where('endsOn', 'is', null), where('endsOn', '>=', on)]))
    .where('removedAt', 'is', null)
    .orderBy('startsOn', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.lines ?? '').split(/\r?\n/).filter((line) => line !== '');
}

/** The latest wording of each kind. */
export async function readTemplates(db: Database | Trx): Promise<Templates> {
  const rows = await db
    .selectFrom('letterTemplate')
    .select(['kind', 'version', 'title', 'body'])
    .orderBy('kind')
    .orderBy('version')
    .execute();
  return new Map(rows.map(({ kind, ...template }) => [kind, template]));
}

async function readReplacements(db: Database | Trx): Promise<Replacements> {
  const rows = await db.selectFrom('gaijiReplacement').select(['code', 'replacement']).execute();
  return new Map(rows.map(({ code, replacement }) => [code.toUpperCase(), replacement]));
}
