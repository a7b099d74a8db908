import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderView } from '../../server/http/view-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'fnt-views-'));
let made = 0;

function view(text: string, name = `view-${made++}`): string {
  const path = join(folder, `${name}.ejs`);
  writeFileSync(path, text);
  return path;
}

function rendered(path: string, data: object): string {
  let page = '';
  renderView(path, data, (error, html) => {
    if (error) throw error;
    page = html!;
  });
  return page;
}

describe('views', () => {
  test('what is written is escaped', () => {
    expect(rendered(view('<%= name %>'), { name: `<img onerror='x' title="&">` })).toBe(
      '&lt;img onerror=&#39;x&#39; title=&#34;&amp;&#34;&gt;',
    );
  });

  test('another view is included with the data and its own besides', () => {
    view('<%= name %>-<%= own %>-<%= locals.none ?? "none" %>', 'part');
    expect(
      rendered(view("<%- include('part', { own: 1 }) %>|<%- include('part', { own: 2 }) %>"), { name: 'a' }),
    ).toBe('a-1-none|a-2-none');
  });

  test('data that came only with a later page is known there', () => {
    const path = view('<%= name %><% if (locals.more) { %><%= more %><% } %>');
    expect(
      [{ name: 'a' }, { name: 'b', more: '!' }, { name: 'c' }].map((data) => rendered(path, data)),
    ).toEqual(['a', 'b!', 'c']);
  });

  test('what is spread is known', () => {
    expect(
      rendered(view('<%= Math.max(...list.map((one) => one.size)) %> <%= [...rest].length %>'), {
        list: [{ size: 1 }, { size: 3 }],
        rest: [1, 2],
      }),
    ).toBe('3 2');
  });

  test("a view's own name may be that of a datum", () => {
    expect(
      rendered(view('<% const name = person.name; %><%= name %>'), {
        person: { name: 'own' },
        name: 'datum',
      }),
    ).toBe('own');
  });

  test('a name that nobody gave is an error, not an empty place', () => {
    expect(() => rendered(view('<%= nmae %>'), { name: 'a' })).toThrow(ReferenceError);
  });
});
