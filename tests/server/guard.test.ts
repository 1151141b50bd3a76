import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDouble, openLocks, serve } from './support.ts';

/** Sends headers that fetch would not let through. */
function send(
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const body = method === 'POST' ? '{"prompt":"x"}' : '';
    const type = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const call = request(url, { method, headers: { ...type, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

test.each([
  ['127.0.0.1:8787', 200],
  ['localhost:8787', 200],
  ['app.localhost', 200],
  ['[::1]:8787', 200],
  ['192.168.1.20:8787', 200],
  ['studio.example:8787', 200],
  ['evil.example:8787', 403],
  ['127.0.0.1.evil.example', 403],
  ['localhost.evil.example', 403],
])('a request to the host %s is answered with %i', async (host, status) => {
  const { url } = await serve(createDouble(), { allowedHosts: ['studio.example'] });
  const reply = await send(`${url}/api/capabilities`, 'GET', { host });
  expect(reply.status).toBe(status);
  if (status === 403) expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'forbidden_origin' } });
});

test.each([
  ['localhost:8787', 'studio.example', 200],
  ['localhost:8787', 'evil.example', 403],
  // A page under a rebound name may send this header, but not another Host.
  ['evil.example', 'studio.example', 403],
])('through a trusted proxy a request to %s for %s is answered with %i', async (host, forwarded, status) => {
  const { url } = await serve(createDouble(), {
    allowedHosts: ['studio.example'],
    trustProxy: ['127.0.0.1'],
  });
  const reply = await send(`${url}/api/capabilities`, 'GET', { host, 'x-forwarded-host': forwarded });
  expect(reply.status).toBe(status);
});

test.each([
  [['127.0.0.1'], 'https://studio.example/files/'],
  [['10.0.0.0/8'], 'http://localhost:8787/files/'],
])(
  'results are found under the name that the proxy was asked by, when %o is trusted',
  async (trustProxy, start) => {
    const { url } = await serve(createDouble(), { allowedHosts: ['studio.example'], trustProxy });
    const headers = {
      host: 'localhost:8787',
      'x-forwarded-host': 'studio.example',
      'x-forwarded-proto': 'https',
    };
    const reply = await send(`${url}/v1/images/generations`, 'POST', headers);
    expect(JSON.parse(reply.body).data[0].url.startsWith(start)).toBe(true);
  },
);

test('HTTPS is demanded of browsers only where it was said that there is nothing else', async () => {
  const { url } = await serve(createDouble(), { locks: { ...openLocks(), httpsOnly: true } });
  const header = (await fetch(`${url}/healthz`)).headers.get('strict-transport-security');
  expect(header).toBe('max-age=31536000');
});

test.each([
  [{}, 200],
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8787' }, 200],
  [{ 'sec-fetch-site': 'none' }, 200],
  [{ origin: 'http://localhost:8787' }, 200],
  [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ origin: 'http://localhost:3000' }, 403],
  [{ origin: 'null' }, 403],
])('a post with %o is answered with %i', async (headers, status) => {
  const double = createDouble();
  const { url } = await serve(double);
  const reply = await send(`${url}/v1/images/generations`, 'POST', { host: 'localhost:8787', ...headers });
  expect(reply.status).toBe(status);
  expect(double.generated).toHaveLength(status === 200 ? 1 : 0);
});

test('no other page may read answers', async () => {
  const { url } = await serve(createDouble());
  const response = await fetch(`${url}/api/capabilities`, { headers: { origin: 'https://evil.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
});

test('the browser app is served with its policy; only hashed files are kept', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lacuna-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Lacuna</title>');
  await writeFile(join(root, 'assets', 'app-1a2b3c.js'), 'export {};');
  const { url } = await serve(createDouble(), { staticRoot: root });

  const page = await fetch(`${url}/`);
  expect(await page.text()).toContain('Lacuna');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("worker-src 'self' blob:");
  expect(policy).not.toContain('upgrade-insecure-requests');
  expect(page.headers.get('strict-transport-security')).toBeNull();

  const script = await fetch(`${url}/assets/app-1a2b3c.js`);
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const missing = await fetch(`${url}/assets/old.js`);
  expect([missing.status, await missing.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  expect((await fetch(`${url}/../package.json`)).status).toBe(404);
  expect((await fetch(`${url}/%2e%2e/package.json`)).status).toBeGreaterThanOrEqual(400);
});
