import { describe, expect, test } from 'vitest';
import { markGaiji } from '../../server/http/gaiji-marks.ts';
import { saveReplacement } from '../../server/register/gaiji-replacements.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

describe.each(databases)('画面の外字 %s', (engine) => {
  const used = useDatabase(engine);

  test('縮退文字に印を付けて出し、登録のないものは下駄で出す', async () => {
    const context = testContext(used.db);
    const replacement = { code: 'F040', replacement: '<辺', note: '', version: 0 };
    await saveReplacement(used.db, testActor(context), replacement);
    const personId = await makePerson(context, {
      name: '渡\ue000　花\ue001',
      kana: 'がいじ はな',
      building: '\ue000荘',
    });
    const clerk = await signedIn(context, 'clerk');
    const mark = (code: string, shown: string) =>
      `<span class="gaiji" title="外字 ${code}">${shown}<span class="visually-hidden">（外字）</span></span>`;
    const name = `渡${mark('F040', '&#60;辺')}　花${mark('F041', '〓')}`;
    const list = await clerk.post('/search', { terms: 'がいじ' });
    const pages = [
      list,
      await clerk.get(`/people/${personId}`),
      await clerk.get(`/people/${personId}/passes/new`),
    ];
    for (const { text } of pages) {
      expect(text).toContain(name);
      expect(text).not.toMatch(/[\ue000-\ue757]/);
    }
    expect(list.text).toContain(`${mark('F040', '&#60;辺')}荘`);
  });

  test('入力欄の中では元の文字のまま', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const { text } = await clerk.post('/search', { terms: '渡\ue000' });
    expect(text).toContain('value="渡\ue000"');
    const page = '<title>\ue000</title><textarea name="a">\ue000</textarea><p>\ue000</p>';
    const marked = markGaiji(page, new Map([['F040', '辺']]));
    expect(marked).toMatch(/^<title>\ue000<\/title><textarea name="a">\ue000<\/textarea><p><span /);
  });
});
