import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { createAttempts } from '../../server/access/gate.ts';
import { createSessions } from '../../server/access/sessions.ts';
import type { AppOptions } from '../../server/app.ts';
import { createDouble, openLocks, serve } from './support.ts';

const TOKEN = 'correct-horse-battery';
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const locked = (options: Partial<AppOptions> = {}) =>
  serve(createDouble(), { locks: { ...openLocks(), accessToken: TOKEN }, ...options });

/** As a browser posts a form; redirects are shown, not followed. */
const post = (url: string, passcode: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ passcode }),
    headers: { ...HTML, 'sec-fetch-site': 'same-origin', ...headers },
  });

/** The cookie that a browser would send back. */
const cookieOf = (response: Response) => (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';

async function signIn(url: string): Promise<{ cookie: string }> {
  return { cookie: cookieOf(await post(`${url}/login`, TOKEN)) };
}

test.each([
  ['GET', '/api/capabilities'],
  ['GET', '/v1/models'],
  ['GET', '/v1/models/double-1'],
  ['POST', '/v1/images/generations'],
  ['POST', '/v1/images/edits'],
  ['DELETE', '/api/jobs/some-key'],
  ['GET', '/'],
  ['POST', '/assets/app.js'],
  ['GET', '/assets/..%2findex.html'],
  ['GET', '/nothing/here'],
  ['GET', '//login'],
  ['GET', '/login/'],
  ['GET', '/healthz/..%2fapi/capabilities'],
  ['GET', '/metrics'],
])('%s %s needs the access token', async (method, path) => {
  const { url } = await locked();
  const response = await fetch(`${url}${path}`, { method });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(response.headers.get('x-should-retry')).toBe('false');
  const { error } = await response.json();
  expect(error.code).toBe('access_required');
  // Our own words are no secret.
  expect(error.message).not.toContain('[redacted]');
});

test('the page is locked under every spelling; its code, which holds no secrets, is there for one whose session ended', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lacuna-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<!doctype html>the app');
  await writeFile(join(root, 'assets', 'app-1a2b3c.js'), 'export {};');
  const { url } = await locked({ staticRoot: root });
  const paths = [
    '/',
    '/index.html',
    '/%69ndex.html',
    '//index.html',
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/login/../index.html',
  ];
  for (const path of paths) {
    const response = await fetch(url + path);
    expect([path, response.status]).toEqual([path, 401]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  expect((await fetch(`${url}/assets/app-1a2b3c.js`)).status).toBe(200);
  const page = await fetch(url, { headers: await signIn(url) });
  expect(await page.text()).toContain('the app');
});

test('whether it lives and is ready is told to everybody, and its page is shown', async () => {
  const { url } = await locked();
  for (const path of ['/healthz', '/readyz', '/login']) expect((await fetch(url + path)).status).toBe(200);
});

test('the official client gets in with the access token as its key, and its pictures by URL without', async () => {
  const { url } = await locked();
  const client = new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
  const reply = await client.images.generate({ prompt: 'x', response_format: 'url' });
  // Clients that ask for a URL fetch it as OpenAI's: its name is the permission.
  expect((await fetch(reply.data?.[0]?.url ?? '')).status).toBe(200);
  const other = new OpenAI({ apiKey: 'sk-something-else', baseURL: `${url}/v1`, maxRetries: 0 });
  await expect(other.images.generate({ prompt: 'x' })).rejects.toMatchObject({
    status: 401,
    code: 'access_required',
  });
  await expect(other.images.generate({ prompt: 'x' })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});

test('without an access token any key is taken and there is no passcode page', async () => {
  const { url, client } = await serve(createDouble());
  expect((await client.images.generate({ prompt: 'x' })).data).toHaveLength(1);
  expect((await fetch(`${url}/login`)).status).toBe(404);
});

test('a body is not read before the token was seen', async () => {
  const { url } = await locked();
  const response = await fetch(`${url}/v1/images/edits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"broken',
  });
  expect(response.status).toBe(401);
});

test('a page that is opened leads to the passcode, and the passcode to the app', async () => {
  const { url } = await locked();
  const page = await fetch(`${url}/`, { headers: HTML, redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([303, '/login']);
  expect(page.headers.get('cache-control')).toBe('no-store');

  const entered = await post(`${url}/login`, ` ${TOKEN} `);
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
  expect(entered.headers.getSetCookie()[0]).toMatch(
    /^lacuna=[\w.%-]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const cookie = cookieOf(entered);
  expect((await fetch(`${url}/api/capabilities`, { headers: { cookie } })).status).toBe(200);
  const again = await fetch(`${url}/login`, { headers: { cookie } });
  expect(await again.text()).toContain('action="/logout"');
});

test('whoever signs out is asked again', async () => {
  const { url } = await locked();
  const headers = { ...(await signIn(url)), 'sec-fetch-site': 'same-origin' };
  const out = await fetch(`${url}/logout`, { method: 'POST', headers, redirect: 'manual' });
  expect([out.status, out.headers.get('location')]).toEqual([303, '/login']);
  expect(out.headers.getSetCookie()[0]).toMatch(/^lacuna=;.*Expires=Thu, 01 Jan 1970/);
});

test('a wrong passcode is said on the page, and no session begins', async () => {
  const { url } = await locked();
  for (const passcode of ['wrong', '', TOKEN.toUpperCase(), `${TOKEN}x`]) {
    const response = await post(`${url}/login`, passcode);
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
    const html = await response.text();
    expect(html).toContain('role="alert"');
    expect(html).toContain('aria-invalid="true" aria-describedby="problem"');
  }
});

test.each([
  ['changed', (value: string) => value.replace(/\.(.)/, (_, first) => `.${first === 'A' ? 'B' : 'A'}`)],
  ['prolonged', (value: string) => value.replace(/=(.)/, '=z$1')],
  ['cut', (value: string) => value.slice(0, -3)],
  ['without a signature', (value: string) => value.replace(/\..*/, '')],
  ['of another token', () => `lacuna=${createSessions('another-access-token').start()}`],
])('a session that is %s does not hold', async (_, change) => {
  const { url } = await locked();
  const { cookie } = await signIn(url);
  expect(change(cookie)).not.toBe(cookie);
  const response = await fetch(`${url}/api/capabilities`, { headers: { cookie: change(cookie) } });
  expect(response.status).toBe(401);
});

test('a session holds at every server with the same token, for 30 days', () => {
  const cookie = createSessions(TOKEN).start();
  const { holds } = createSessions(TOKEN);
  expect(holds(cookie)).toBe(true);
  const { now } = Date;
  onTestFinished(() => {
    Date.now = now;
  });
  const days = 24 * 60 * 60 * 1000;
  Date.now = () => now() + 29.9 * days;
  expect(holds(cookie)).toBe(true);
  Date.now = () => now() + 30.1 * days;
  expect(holds(cookie)).toBe(false);
});

test('after ten wrong tokens a client is refused for a while, by bearer and by page, even with the right one', async () => {
  const { url } = await locked();
  const session = await signIn(url);
  for (let i = 0; i < 5; i++) {
    expect((await post(`${url}/login`, 'guess')).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: bearer(`guess-${i}`) })).status).toBe(401);
  }
  const refused = await fetch(`${url}/v1/models`, { headers: bearer(TOKEN) });
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { error: { code: 'too_many_attempts' } },
  ]);
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(14 * 60);
  expect(wait).toBeLessThanOrEqual(15 * 60);
  const page = await post(`${url}/login`, TOKEN);
  expect([page.status, page.headers.getSetCookie()]).toEqual([429, []]);
  expect(page.headers.get('retry-after')).not.toBeNull();
  expect(await page.text()).toContain('Try again in 15 minutes.');
  // Who was in before is not locked out by others behind the same address.
  expect((await fetch(`${url}/v1/models`, { headers: session })).status).toBe(200);
});

test('requests without a token, and right ones, are no attempts', async () => {
  const { url } = await locked();
  for (let i = 0; i < 12; i++) {
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await post(`${url}/login`, '')).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: bearer(TOKEN) })).status).toBe(200);
  }
});

test('wrong tokens at one server count at those that share its attempts', async () => {
  const locks = { ...openLocks(), accessToken: TOKEN, attempts: createAttempts(null) };
  const [one, other] = [await locked({ locks }), await locked({ locks })];
  for (let i = 0; i < 10; i++) await post(`${one.url}/login`, 'guess');
  expect((await post(`${other.url}/login`, TOKEN)).status).toBe(429);
});

test.each([
  ['no proxy is trusted', [], [401, 429]],
  ['the proxy is trusted', ['127.0.0.0/8'], [401, 401]],
])('where %s, forged addresses of clients are seen through', async (_, trustProxy, expected) => {
  const { url } = await locked({ trustProxy });
  const guess = (forwarded: string) =>
    fetch(`${url}/v1/models`, { headers: { ...bearer('guess'), 'x-forwarded-for': forwarded } });
  const statuses = [];
  for (let i = 0; i < 11; i++) statuses.push((await guess(`203.0.113.${i}`)).status);
  expect([statuses[0], statuses[10]]).toEqual(expected);
});

test('behind a trusted proxy a client cannot change its address by sending the header itself', async () => {
  const { url } = await locked({ trustProxy: ['127.0.0.1'] });
  let status = 0;
  for (let i = 0; i < 11; i++) {
    // The proxy appends whom it saw.
    const headers = { ...bearer('guess'), 'x-forwarded-for': `198.51.100.${i}, 203.0.113.7` };
    status = (await fetch(`${url}/v1/models`, { headers })).status;
  }
  expect(status).toBe(429);
});

test.each([
  ['says https', { trustProxy: ['127.0.0.1'] }, { 'x-forwarded-proto': 'https' }, true],
  ['is not trusted', {}, { 'x-forwarded-proto': 'https' }, false],
  ['says http', { trustProxy: ['127.0.0.1'] }, { 'x-forwarded-proto': 'http' }, false],
  [
    'says nothing but only https is used',
    { locks: { ...openLocks(), accessToken: TOKEN, httpsOnly: true } },
    {},
    true,
  ],
])('where the proxy %s, sessions are bound to https accordingly', async (_, options, headers, secure) => {
  const { url } = await locked(options);
  const response = await post(`${url}/login`, TOKEN, headers);
  expect(response.status).toBe(303);
  const cookie = response.headers.getSetCookie()[0] ?? '';
  expect(cookie.startsWith('__Host-lacuna=')).toBe(secure);
  expect(/; Secure/.test(cookie)).toBe(secure);
  const inside = await fetch(`${url}/v1/models`, { headers: { ...headers, cookie: cookieOf(response) } });
  expect(inside.status).toBe(200);
});

test('a session that was begun without https is not taken over https', async () => {
  const { url } = await locked({ trustProxy: ['127.0.0.1'] });
  const { cookie } = await signIn(url);
  const headers = { cookie, 'x-forwarded-proto': 'https' };
  expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(401);
});

test.each([
  ['POST', '/login', { 'sec-fetch-site': 'cross-site' }],
  ['POST', '/login', { origin: 'https://evil.example' }],
  ['POST', '/login', { origin: 'null' }],
  ['POST', '/logout', { 'sec-fetch-site': 'same-site' }],
  ['POST', '/logout', { origin: 'https://evil.example' }],
  ['DELETE', '/api/jobs/some-key', { 'sec-fetch-site': 'cross-site' }],
  ['DELETE', '/api/jobs/some-key', { origin: 'http://localhost:3000' }],
  ['POST', '/v1/images/generations', { 'sec-fetch-site': 'same-site' }],
])('%s %s from another page (%o) is refused in spite of a session', async (method, path, headers) => {
  const { url } = await locked();
  const cookie = await signIn(url);
  const body = method === 'POST' ? new URLSearchParams({ passcode: TOKEN }) : null;
  const response = await fetch(url + path, {
    method,
    body,
    headers: { ...cookie, ...headers },
    redirect: 'manual',
  });
  expect(response.status).toBe(403);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(await response.json()).toMatchObject({ error: { code: 'forbidden_origin' } });
});
