import { beforeAll, describe, expect, test } from 'vitest';
import type { AppContext } from '../../server/context.ts';
import { signedIn, testContext, visitor } from '../support/app.ts';
import { useDatabase } from '../support/databases.ts';
import { crawl } from '../support/walk.ts';
import { everyRole, makeWorld } from '../support/world.ts';

const EVERY_ANSWER = {
  'content-security-policy':
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
const TYPES = [
  'text/html; charset=utf-8',
  'text/plain; charset=utf-8',
  'text/csv; charset=utf-8',
  // For spreadsheets that open nothing else by a double click.
  'text/csv; charset=Shift_JIS',
  'application/json; charset=utf-8',
  'text/css; charset=utf-8',
  'text/javascript; charset=utf-8',
  'application/pdf',
  'font/ttf',
];
const BANNERS = ['server', 'x-powered-by', 'x-aspnet-version', 'etag'];

describe('what every answer carries', () => {
  const used = useDatabase('sqlite');
  let secure: AppContext;
  beforeAll(async () => {
    const context = testContext(used.db);
    await makeWorld(context);
    secure = { ...context, config: { ...context.config, cookieSecure: true, trustedProxyHops: 1 } };
  });

  function expectHeaders(name: string, { headers, text = '' }: { headers: object; text?: string }) {
    const given = headers as Record<string, string>;
    expect([name, given]).toEqual([name, expect.objectContaining(EVERY_ANSWER)]);
    expect([name, given['x-request-id']]).toEqual([name, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect([name, TYPES.includes(given['content-type'] ?? ''), given['content-type']]).toEqual([
      name,
      true,
      given['content-type'],
    ]);
    const isAsset = name.startsWith('/assets');
    if (!isAsset) expect([name, given['cache-control']]).toEqual([name, 'no-store']);
    const shown = BANNERS.filter((banner) => banner in given && !(isAsset && banner === 'etag'));
    expect([name, shown]).toEqual([name, []]);
    expect(text).not.toMatch(/express|node\.js|kysely|sqlite|sourceMappingURL/i);
  }

  test('every page, PDF and CSV of every role has the same guards, a type and a character set', async () => {
    const context = testContext(used.db);
    const types = new Set<string>();
    for (const { visitor: one } of await everyRole(context)) {
      const { answers } = await crawl(context, async (path) => await one.get(path));
      for (const { path, response } of answers) {
        expectHeaders(path, response);
        types.add(response.headers['content-type']!);
      }
    }
    expect([...types]).toEqual(expect.arrayContaining(['application/pdf', 'text/csv; charset=utf-8']));
  }, 180_000);

  test('so has whatever is refused, missing or broken, and every asset', async () => {
    const context = testContext(used.db);
    const clerk = await signedIn(context, 'clerk');
    const stranger = visitor(context);
    const answers: [string, number, { headers: object; status: number; text?: string }][] = [
      ['/nowhere', 404, await clerk.get('/nowhere')],
      ['/people/99999', 404, await clerk.get('/people/99999')],
      ['/settings', 403, await clerk.get('/settings')],
      ['/people/%ff', 400, await clerk.get('/people/%ff')],
      ['/search', 403, await clerk.agent.post('/search').type('form').send({ terms: 'x' })],
      [
        '/search too large',
        413,
        await clerk.agent
          .post('/search')
          .type('form')
          .send({ terms: 'x'.repeat(70_000) }),
      ],
      ['/search PUT', 403, await clerk.agent.put('/search')],
      ['/ as a stranger', 303, await stranger.get('/')],
      ['/health/live', 200, await stranger.get('/health/live')],
      ['/health/ready', 200, await stranger.get('/health/ready')],
      ['/assets/style.css', 200, await stranger.get('/assets/style.css')],
      ['/assets/keys.js', 200, await stranger.get('/assets/keys.js')],
      ['/assets/tokens/tokens.css', 200, await stranger.get('/assets/tokens/tokens.css')],
      [
        '/assets/fonts/regular/BIZUDGothic_400Regular.ttf',
        200,
        await stranger.get('/assets/fonts/regular/BIZUDGothic_400Regular.ttf'),
      ],
    ];
    for (const [name, status, answer] of answers) {
      expect([name, answer.status]).toEqual([name, status]);
      expectHeaders(name, answer);
    }
  });

  test('where cookies are for TLS, they are __Host- cookies and every answer asks for TLS from then on', async () => {
    const { agent } = visitor(secure);
    const plain = await agent.get('/sign-in');
    expect([plain.status, plain.headers['set-cookie']]).toEqual([403, undefined]);
    const page = await agent.get('/sign-in').set('X-Forwarded-Proto', 'https');
    expect(page.status).toBe(200);
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(page.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-session=[^;]{43,}; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ]);
    const missing = await agent.get('/nowhere').set('X-Forwarded-Proto', 'https');
    expect([missing.status, missing.headers['strict-transport-security']]).toEqual([404, 'max-age=31536000']);
  });

  test('nothing but pages and assets is served: no repository, no package files, no maps, no test routes', async () => {
    const { agent } = visitor(testContext(used.db));
    for (const path of [
      '/.git/config',
      '/.git/HEAD',
      '/.env',
      '/package.json',
      '/package-lock.json',
      '/node_modules/express/package.json',
      '/server/main.ts',
      '/sql/sqlite/001-offices-and-accounts.sql',
      '/data/register.sqlite',
      '/test',
      '/debug',
      '/metrics',
      '/assets/../package.json',
      '/assets/..%2fpackage.json',
      '/assets/%2e%2e/server/main.ts',
      '/assets/tokens/tokens.js.map',
      '/assets/tokens/tokens.d.ts',
      '/assets/tokens/../package.json',
      '/assets/fonts/regular/index.d.ts',
      '/assets/',
      '/assets',
    ]) {
      const { status } = await agent.get(path);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});
