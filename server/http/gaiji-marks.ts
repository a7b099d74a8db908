import { gaijiHostCode } from '../names/gaiji.ts';

// Screens have no glyph for a 外字: it stands there by the character registered for it (縮退文字), marked, wherever a
// page writes it. What is inside a tag or a text field, such as what is sent back with a form, stays as it is, and so
// does a title, which takes no tags.

type Render = (path: string, data: object, done: (error: unknown, html?: string) => void) => void;

const GAIJI = /[\ue000-\ue757]/;
const TAG_OR_GAIJI = /<(textarea|title)\b[\s\S]*?<\/\1>|<[^>]*>|[\ue000-\ue757]/g;
/** 下駄: a character nobody has registered a replacement for. */
const UNKNOWN = '〓';

/** A renderer whose pages mark their 外字; `replacements`, by host code, are only read for a page that has one. */
export function markingGaiji(
  render: Render,
  replacements: () => Promise<ReadonlyMap<string, string>>,
): Render {
  return (path, data, done) =>
    render(path, data, (error, html) => {
      if (html === undefined || !GAIJI.test(html)) return done(error, html);
      replacements().then((known) => done(null, markGaiji(html, known)), done);
    });
}

/** HTML with the 外字 of its text replaced and marked. */
export function markGaiji(html: string, replacements: ReadonlyMap<string, string>): string {
  return html.replace(TAG_OR_GAIJI, (found) => {
    if (found.startsWith('<')) return found;
    const code = gaijiHostCode(found);
    const shown = replacements.get(code) ?? UNKNOWN;
    return `<span class="gaiji" title="外字 ${code}">${escaped(shown)}<span class="visually-hidden">（外字）</span></span>`;
  });
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
