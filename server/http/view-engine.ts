import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ejs from 'ejs';

// EJS as it comes looks on the disk for every `include` of every page, copies all data for each, and runs templates
// inside `with`, which the engine cannot optimise: writing a page cost ten times the database's share of it. Here
// each view is read and compiled once, and the names it uses become variables.

type Data = Record<string, unknown>;
type Write = (
  data: Data,
  escapeFn: (value: unknown) => string,
  include: (name: string, own?: Data) => string,
) => string;

interface View {
  text: string;
  /** Names in the code that were not among the data so far: declared in the view itself, or only there at times. */
  absent: string[];
  present: string[];
  write: Write;
  /** The paths of its includes, by the names it gives them. */
  includes: Map<string, string>;
}

const views = new Map<string, View>();
const TAG = /<%[^#%]([\s\S]*?)%>/g;
/** Not the name of a property, which a single dot goes before. */
const NAME = /(?<![\w$]|(?<!\.\.)\.)[A-Za-z_$][\w$]*/g;

/** Renders a view, as Express calls an engine: `done` hears the page or what went wrong. */
export function renderView(path: string, data: object, done: (error: unknown, html?: string) => void): void {
  let html: string;
  try {
    html = render(path, data as Data);
  } catch (error) {
    done(error);
    return;
  }
  done(null, html);
}

function render(path: string, data: Data): string {
  const { write, includes } = viewAt(path, data);
  return write(data, ejs.escapeXML, (name, own) => {
    let included = includes.get(name);
    if (included === undefined) {
      included = join(dirname(path), `${name}.ejs`);
      includes.set(name, included);
    }
    return render(included, own === undefined ? data : { ...data, ...own });
  });
}

function viewAt(path: string, data: Data): View {
  const known = views.get(path);
  if (known !== undefined && !known.absent.some((name) => Object.hasOwn(data, name))) return known;
  const text = known?.text ?? readFileSync(path, 'utf8');
  const names = known === undefined ? namesIn(text) : known.absent;
  const present = [...(known?.present ?? []), ...names.filter((name) => Object.hasOwn(data, name))];
  const view = {
    text,
    present,
    absent: names.filter((name) => !Object.hasOwn(data, name)),
    write: compile(path, text, present),
    includes: known?.includes ?? new Map<string, string>(),
  };
  views.set(path, view);
  return view;
}

function namesIn(text: string): string[] {
  const code = [...text.matchAll(TAG)].map(([, inside]) => inside!).join('\n');
  return [...new Set(code.match(NAME))].filter((name) => name !== 'include' && name !== 'locals');
}

/** A view's own `const` may have the name of a datum: the block around it keeps the two apart. */
function compile(path: string, text: string, names: string[]): Write {
  const options = { filename: path, compileDebug: false, strict: true, destructuredLocals: names };
  const template = new ejs.Template(`<% { %>${text}<% } %>`, options);
  template.compile();
  return new Function('locals', 'escapeFn', 'include', `'use strict';\n${template.source}`) as Write;
}
