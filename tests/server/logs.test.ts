import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { expect, test, vi } from 'vitest';
import { loggerOptions, requestIdOf } from '../../server/logging.ts';
import { createMetrics } from '../../server/metrics.ts';
import {
  createDouble,
  file,
  form,
  halfMask,
  openLocks,
  picture,
  sendJson,
  serve,
  serveUpstream,
  type UpstreamCall,
} from './support.ts';

const KEY = 'a-key-that-nobody-may-see-0123';
const ACCESS = 'token-that-nobody-may-see';
const PROMPT = 'a very private thought about "someone"';

/** Collects what a logger of the most talkative level writes. */
function collect() {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  return { lines, logger: { ...loggerOptions('trace'), stream } };
}

const error = (message: string, more = {}) => ({
  error: { message, type: 'x', param: null, code: null, ...more },
});
const echo = `${KEY} refused "${PROMPT}" and ${JSON.stringify(PROMPT)}`;

type Answer = (call: UpstreamCall, response: ServerResponse) => void;

const ANSWERS: readonly (readonly [string, Answer])[] = [
  ['400', (_, response) => sendJson(response, 400, error(echo))],
  ['401', (_, response) => sendJson(response, 401, error(echo))],
  ['429', (_, response) => sendJson(response, 429, error(echo, { code: 'rate_limit_exceeded' }))],
  ['moderation', (_, response) => sendJson(response, 400, error(echo, { code: 'moderation_blocked' }))],
  ['500', (_, response) => sendJson(response, 500, error(echo))],
  ['500 in plain text', (_, response) => response.writeHead(500, { 'content-type': 'text/plain' }).end(echo)],
  ['HTML', (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end(`<p>${echo}</p>`)],
  ['broken JSON', (_, response) => sendJson(response, 200, `${PROMPT} ${KEY} {`)],
  ['no picture', (_, response) => sendJson(response, 200, { data: [], note: echo })],
  ['a broken picture', (_, response) => sendJson(response, 200, { data: [{ b64_json: btoa(KEY) }] })],
  ['a redirect', (_, response) => response.writeHead(307, { location: `http://127.0.0.1:1/${KEY}` }).end()],
  ['an end', (_, response) => response.destroy()],
  [
    'a picture',
    (call, response) =>
      sendJson(response, 200, { data: [{ b64_json: call.files['image']!.data.toString('base64') }] }),
  ],
];

test.each(ANSWERS)(
  'key, token, cookie, prompt and picture stay out of logs and metrics when the service answers with %s',
  async (what, answer) => {
    const { lines, logger } = collect();
    const metrics = createMetrics(new Registry(), () => true);
    const locks = { ...openLocks(), accessToken: ACCESS };
    const { upstream, url } = await serveUpstream({ apiKey: KEY }, { logger, locks, metrics });
    upstream.answer = answer;
    const image = await picture();
    const response = await fetch(`${url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ACCESS}`, cookie: `lacuna=cookie-${ACCESS}`, 'x-private': PROMPT },
      body: form({ prompt: PROMPT, image: file(image), mask: file(await halfMask()), user: PROMPT }),
    });
    const reply = await response.text();
    expect(response.ok).toBe(what === 'a picture');
    expect(upstream.calls).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(0);
    const secrets = [
      KEY,
      ACCESS,
      PROMPT,
      JSON.stringify(PROMPT).slice(1, -1),
      'private',
      image.toString('base64').slice(0, 60),
    ];
    for (const secret of secrets) {
      expect(lines.join('')).not.toContain(secret);
      expect(await metrics.read()).not.toContain(secret);
    }
    for (const secret of [KEY, ACCESS, PROMPT]) expect(reply).not.toContain(secret);
  },
);

test('what a client sends that cannot be read is not logged either', async () => {
  const { lines, logger } = collect();
  const { url } = await serve(createDouble(), { logger });
  const json = { 'content-type': 'application/json' };
  const bodies = [
    `{"prompt": "${'private '.repeat(5)}`,
    '{"prompt": ["private"]}',
    'private',
    '{"prompt":"x","model":"private\\n"}',
  ];
  for (const body of bodies)
    await fetch(`${url}/v1/images/generations`, { method: 'POST', headers: json, body });
  await fetch(`${url}/v1/images/edits`, {
    method: 'POST',
    body: form({ prompt: 'private', image: file(Buffer.from('private')) }),
  });
  await fetch(`${url}/private?prompt=private`);
  await fetch(`${url}/files/private.png`);
  await fetch(`${url}/v1/models/private`);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toContain('private');
});

test('a bug is logged with its place and without what it quotes, and answered without either', async () => {
  const { lines, logger } = collect();
  const double = createDouble();
  double.before = async () => {
    JSON.parse('private thoughts of someone');
  };
  const { refused } = await serve(double, { logger });
  expect(await refused('/v1/images/generations', { prompt: 'x' })).toMatchObject({
    status: 500,
    message: 'Something went wrong in this server.',
  });
  const text = lines.join('');
  expect(text).toContain('SyntaxError');
  expect(text).toContain('logs.test.ts');
  expect(text).not.toContain('private');
});

test.each([
  ['breaks off', 'content-length: 500\r\n\r\n{"prompt":"private'],
  // Node hands over the bytes that it could not read.
  ['is no HTTP', 'private\u0000: private\r\n\r\n'],
])('a request that %s is logged without contents', async (_, rest) => {
  const { lines, logger } = collect();
  const { url } = await serve(createDouble(), { logger });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = `POST /v1/images/generations HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n`;
  socket.resume().end(head + rest);
  await vi.waitFor(() => expect(lines.join('')).toContain('client error'), 4000);
  expect(lines.join('')).not.toContain('private');
  socket.destroy();
});

test('each request to the API is one line with its id, which the client gets too', async () => {
  const { lines, logger } = collect();
  const { url } = await serve(createDouble(), { logger });
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'from-the-proxy.42' },
    body: '{"prompt":"x"}',
  });
  expect(response.headers.get('x-request-id')).toBe('from-the-proxy.42');
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.filter(({ reqId }) => reqId === 'from-the-proxy.42')).toMatchObject([
    { method: 'POST', route: '/v1/images/generations', status: 200 },
  ]);
});

test.each(['short', 'x'.repeat(65), 'with space', 'a"b\\c-quoted', 'line\\nbreak{}', 'töne-und-mehr'])(
  'the request id %s is not taken over',
  (given) => {
    expect(requestIdOf({ headers: { 'x-request-id': given } })).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('even refused requests are named', async () => {
  const { url } = await serve(createDouble(), { locks: { ...openLocks(), accessToken: ACCESS } });
  expect((await fetch(`${url}/v1/models`)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
