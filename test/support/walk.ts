import type { Express } from 'express';
import type { Response } from 'supertest';
import { createApp } from '../../server/app.ts';
import type { AppContext } from '../../server/context.ts';
import type { Database } from '../../server/db/schema.ts';
import { accessOf } from '../../server/http/require-right.ts';

// The application as a stranger's tools would see it: every route of the router, every link and form of
// every page. What is added to the application is attacked without anybody remembering to list it.

export interface Route {
  method: 'get' | 'post';
  path: string;
  access: string | undefined;
}

interface Layer {
  handle: { stack?: Layer[] };
  route?: { path: string; stack: { method: string; handle: unknown }[] };
}

/** Every route of the application with the access it asks for. */
export function routesOf(context: AppContext): Route[] {
  const app = createApp(context) as Express & { router: { stack: Layer[] } };
  const routes: Route[] = [];
  const walk = (stack: Layer[]) => {
    for (const { handle, route } of stack) {
      if (route !== undefined) {
        // Of its first handler: whatever ran before the right is asked for would run for anybody.
        const access = accessOf(route.stack[0]!.handle);
        const method = route.stack[0]!.method as Route['method'];
        routes.push({ method, path: route.path, access });
      } else if (handle.stack !== undefined) walk(handle.stack);
    }
  };
  walk(app.router.stack);
  return routes;
}

const TABLE_OF: Readonly<Record<string, string>> = {
  people: 'person',
  passes: 'pass',
  letters: 'letter',
  imports: 'importRun',
  accounts: 'account',
  applications: 'application',
  circumstances: 'circumstance',
  'letter-batches': 'letterBatch',
  'print-runs': 'printRun',
  printers: 'printer',
};
const WORD_OF: Readonly<Record<string, string>> = {
  ':page': 'search',
  ':kind': 'new',
  ':table': 'eligible',
  lists: 'issue-ledger',
  analyses: 'after-hours',
};

/** A route's path with something real in the place of each parameter. */
export async function fillPath(db: Database, path: string): Promise<string> {
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    if (!part.includes(':')) continue;
    const value = part.startsWith(':day')
      ? '2026-11-20'
      : (WORD_OF[part] ??
        WORD_OF[parts[index - 1] ?? ''] ??
        (await firstId(db, TABLE_OF[parts[index - 1] ?? ''])));
    parts[index] = part.replace(/:\w+/, value);
  }
  return parts.join('/');
}

async function firstId(db: Database, table: string | undefined): Promise<string> {
  if (table === undefined) return '1';
  const from = db.selectFrom(table as 'person').select('id');
  return String((await from.orderBy('id').limit(1).executeTakeFirst())?.id ?? 1);
}

export interface Form {
  /** The page it stands on. */
  page: string;
  action: string;
  multipart: boolean;
  fields: Record<string, string>;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#34': '"',
  '#39': "'",
};
const plain = (text: string) =>
  text.replace(/&(lt|gt|amp|quot|#34|#39);/g, (_, name: string) => ENTITIES[name]!);
const attribute = (tag: string, name: string) => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : plain(value);
};

/** The forms of a page that are posted, with what they would send as they stand. */
export function formsOf(page: string, html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, tag, inside]) => {
    if (attribute(tag!, 'method') !== 'post') return [];
    return [
      {
        page,
        action: attribute(tag!, 'action') ?? page,
        multipart: attribute(tag!, 'enctype') === 'multipart/form-data',
        fields: fieldsOf(inside!),
      },
    ];
  });
}

function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<(?:input|button)\b[^>]*>/g)) {
    const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type')];
    if (name === undefined || type === 'file') continue;
    const isChoice = type === 'radio' || type === 'checkbox';
    if (isChoice && !/\schecked\b/.test(tag) && name in fields) continue;
    fields[name] = attribute(tag, 'value') ?? (isChoice ? 'on' : '');
  }
  for (const [, tag, text] of html.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)) {
    fields[attribute(tag!, 'name') ?? ''] = plain(text!);
  }
  for (const [, tag, options] of html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option\b[^>]*\sselected[^>]*>/.exec(options!) ?? /<option\b[^>]*>/.exec(options!);
    fields[attribute(tag!, 'name') ?? ''] = attribute(chosen?.[0] ?? '', 'value') ?? '';
  }
  return fields;
}

const MOST_OF_A_KIND = 2;

export interface Crawl {
  answers: { path: string; response: Response }[];
  forms: Form[];
}

/** Follows every link from the first page and every GET route; a few of each kind of address are enough. */
export async function crawl(context: AppContext, get: (path: string) => Promise<Response>): Promise<Crawl> {
  const gets = routesOf(context).filter(({ method }) => method === 'get');
  const waiting = ['/', ...(await Promise.all(gets.map(({ path }) => fillPath(context.db, path))))];
  const seen = new Map<string, number>();
  const known = new Set<string>();
  const crawled: Crawl = { answers: [], forms: [] };
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = path.replace(/\d+/g, '0');
    if (known.has(path) || (seen.get(kind) ?? 0) >= MOST_OF_A_KIND) continue;
    known.add(path);
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const response = await get(path);
    crawled.answers.push({ path, response });
    if (!response.type.includes('html')) continue;
    const html = response.text;
    crawled.forms.push(...formsOf(path, html));
    waiting.push(...[...html.matchAll(/\shref="(\/[^"#]*)/g)].map(([, href]) => plain(href!)));
  }
  return crawled;
}

/** One form of each action and set of fields. */
export function distinctForms(forms: readonly Form[]): Form[] {
  const kinds = new Map<string, Form>();
  for (const form of forms) {
    const kind = `${form.action.replace(/\d+/g, '0')} ${Object.keys(form.fields).sort()}`;
    if (!kinds.has(kind)) kinds.set(kind, form);
  }
  return [...kinds.values()];
}
