import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createLongFetch } from '../../server/providers/longFetch.ts';
import type { PartialPicture } from '../../server/providers/provider.ts';
import { type Behaviour, badUpstream, eventHead, head, message, reply } from './badUpstream.ts';
import { exchangeWith, failureOf, GENERATE, listening, never, readBase64 } from './exchanges.ts';
import { picture, soon } from './support.ts';

const [first, second, final] = await Promise.all([8, 16, 32].map((edge) => picture(edge, edge)));
const base64 = (data: Buffer | undefined) => data?.toString('base64') ?? '';
const partial = (index: unknown, data = first, name = 'image_generation') =>
  message(`${name}.partial_image`, { b64_json: base64(data), partial_image_index: index });
const completed = (members: object = {}, name = 'image_generation') =>
  message(`${name}.completed`, { b64_json: base64(final), ...members });
const stream =
  (...messages: readonly string[]): Behaviour =>
  (socket) =>
    void socket.end(Buffer.concat([eventHead(), Buffer.from(messages.join(''))]));
const answering =
  (answer: Buffer): Behaviour =>
  (socket) =>
    void socket.write(answer);

async function ask(behaviour: Behaviour, count: number | null = 3) {
  const upstream = await badUpstream(behaviour);
  const heard = listening(count);
  const result = await exchangeWith(upstream.url).send(never, GENERATE, null, heard);
  return { result, heard, upstream };
}

const indexes = (pictures: readonly PartialPicture[]) => pictures.map(({ index }) => index);
const usage = {
  input_tokens: 1,
  output_tokens: 2,
  total_tokens: 3,
  input_tokens_details: { text_tokens: 1 },
};

test('a stream gives its unfinished pictures, then the finished one with usage and quality', async () => {
  const { result, heard, upstream } = await ask(
    stream(': hello\n\n', partial(0), partial(1, second), completed({ usage, quality: 'high' })),
  );
  expect(heard.pictures).toEqual([
    { index: 0, data: first, mime: 'image/png' },
    { index: 1, data: second, mime: 'image/png' },
  ]);
  expect(result).toMatchObject({ images: [{ data: final, mime: 'image/png' }], usage, quality: 'high' });
  expect(upstream.posts).toHaveLength(1);
});

test('an unfinished picture is there before the finished one is sent', async () => {
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  const upstream = await badUpstream(async (socket) => {
    socket.write(eventHead());
    socket.write(partial(0));
    await soon(seen, 'the unfinished picture');
    socket.end(completed());
  });
  const partials = { count: 1, onPartial: () => resolve() };
  const progress = { partials };
  const result = await exchangeWith(upstream.url).send(never, GENERATE, null, progress);
  expect(result.images).toHaveLength(1);
});

test.each<[what: string, messages: string[], heard: number[]]>([
  ['none at all', [completed()], []],
  ['fewer than were asked for', [partial(0), completed()], [0]],
  ['repeated ones', [partial(0), partial(0), partial(1), partial(1), completed()], [0, 1]],
  ['one out of range', [partial(-1), partial(3), partial(7), partial(2), completed()], [2]],
  ['ones that fall back', [partial(1), partial(0), partial(2), completed()], [1, 2]],
  ['odd numbers', [partial('0'), partial(0.5), partial(null), partial(undefined), completed()], []],
  ['a broken one', [partial(0, first?.subarray(0, 60)), partial(1), completed()], [1]],
  [
    'one without a picture',
    [message('image_edit.partial_image', { partial_image_index: 0 }), completed()],
    [],
  ],
  ['the names of the other endpoint', [partial(0, first, 'image_edit'), completed({}, 'image_edit')], [0]],
])('unfinished pictures may be wrong, the finished one counts: %s', async (_what, messages, expected) => {
  const { result, heard } = await ask(stream(...messages));
  expect(indexes(heard.pictures)).toEqual(expected);
  expect(result.images).toMatchObject([{ data: final }]);
});

const unnamed = (text: string) => text.replaceAll(/^event: .*\n/gm, '');
const untyped = (text: string) => text.replaceAll(/"type":"[^"]*",?/g, '');

test.each<[what: string, Behaviour]>([
  ['without event lines', stream(unnamed(partial(0)), unnamed(completed()))],
  ['without types in the data', stream(untyped(partial(0)), untyped(completed()))],
  ['with CRLF', stream((partial(0) + completed()).replaceAll('\n', '\r\n'))],
  [
    'with [DONE] and pings',
    stream(': ping\n\n', 'data: [DONE]\n\n', partial(0), ': ping\n\n', completed(), 'data: [DONE]\n\n'),
  ],
  [
    'with events that nobody knows',
    stream(message('thinking', { data: [1] }), 'data: {\n\n', partial(0), 'data: 7\n\n', completed()),
  ],
  ['that ends without an empty line', stream(partial(0), completed().trimEnd())],
  [
    'under the type of JSON',
    (socket) =>
      void socket.end(
        Buffer.concat([
          head(200, { 'content-type': 'application/json' }),
          Buffer.from(partial(0) + completed()),
        ]),
      ),
  ],
  [
    'that stays open after its end',
    (socket) => void socket.write(Buffer.concat([eventHead(), Buffer.from(partial(0) + completed())])),
  ],
  [
    'that repeats its end, then fails',
    stream(partial(0), completed(), completed(), message('error', { error: { message: 'late' } })),
  ],
])('a stream %s is understood', async (_what, behaviour) => {
  const { result, heard, upstream } = await ask(behaviour);
  expect(indexes(heard.pictures)).toEqual([0]);
  expect(result.images).toMatchObject([{ data: final }]);
  await upstream.quiet();
});

const plain = { created: 1, data: [{ b64_json: base64(final) }], usage };

test.each<[what: string, count: number | null, Behaviour]>([
  ['JSON to who asked for a stream', 3, answering(reply(200, JSON.stringify(plain)))],
  ['JSON as a text', 3, answering(reply(200, JSON.stringify(plain), { 'content-type': 'text/plain' }))],
  [
    'JSON as an event stream',
    3,
    answering(reply(200, JSON.stringify(plain), { 'content-type': 'text/event-stream' })),
  ],
  [
    'JSON after white space',
    null,
    answering(reply(200, `\n \r\n${' '.repeat(200_000)}${JSON.stringify(plain)}`)),
  ],
  ['JSON after a byte order mark', null, answering(reply(200, `\ufeff${JSON.stringify(plain)}`))],
  [
    'JSON in gzip',
    null,
    answering(reply(200, gzipSync(JSON.stringify(plain)), { 'content-encoding': 'gzip' })),
  ],
  [
    'JSON in brotli',
    null,
    answering(reply(200, brotliCompressSync(JSON.stringify(plain)), { 'content-encoding': 'br' })),
  ],
  ['JSON as one event', 3, stream(`data: ${JSON.stringify(plain)}\n\n`, 'data: [DONE]\n\n')],
  ['a stream to who asked for none', null, stream(partial(0), completed({ usage }))],
])('a service may answer %s', async (_what, count, behaviour) => {
  const { result, heard } = await ask(behaviour, count);
  expect(result).toMatchObject({ images: [{ data: final }], usage });
  expect(heard.pictures).toEqual([]);
});

test('a finished picture may be named by a URL, an unfinished one is not fetched', async () => {
  const read: unknown[] = [];
  const upstream = await badUpstream(
    stream(
      message('image_edit.partial_image', { url: '/0.png', partial_image_index: 0 }),
      message('image_edit.completed', { url: '/1.png', revised_prompt: 'a key sk-0123456789' }),
    ),
  );
  const exchange = exchangeWith(upstream.url, {
    readImage: async (signal, item) => {
      read.push((item as { url?: unknown }).url);
      return {
        ...(await readBase64(signal, { b64_json: base64(final) })),
        revisedPrompt: 'by sk-0123456789',
      };
    },
  });
  const result = await exchange.send(never, GENERATE, null, listening(1));
  expect(read.filter(Boolean)).toEqual(['/1.png']);
  expect(result.images).toMatchObject([{ data: final, revisedPrompt: 'by [redacted]' }]);
});

test('several finished pictures of a stream are all taken, and those before a failure are kept', async () => {
  const upstream = await badUpstream(stream(completed(), completed()));
  const exchange = exchangeWith(upstream.url, { timeoutMs: 1000 });
  const two = { path: '/images/edits', body: new FormData() };
  two.body.append('n', '2');
  const send = async () => (await exchange.send(never, two, null, listening(null))).images.length;
  expect(await send()).toBe(2);
  upstream.behaviour = stream(completed(), message('error', { error: { message: 'no more' } }));
  expect(await send()).toBe(1);
  upstream.behaviour = (socket) =>
    void socket.end(Buffer.concat([head(200, { 'content-length': '99999' }), Buffer.from(completed())]));
  expect(await send()).toBe(1);
  // Hangs until its time is over.
  upstream.behaviour = (socket) => void socket.write(Buffer.concat([eventHead(), Buffer.from(completed())]));
  expect(await send()).toBe(1);
});

const failures: [what: string, text: string, error: object][] = [
  [
    'as OpenAI describes it',
    message('error', {
      error: {
        message: 'no',
        code: 'moderation_blocked',
        type: 'image_generation_user_error',
        moderation_details: { moderation_stage: 'output', categories: ['violence'] },
      },
    }),
    {
      status: 400,
      code: 'moderation_blocked',
      options: { moderation: { moderation_stage: 'output', categories: ['violence'] }, maybeBilled: true },
    },
  ],
  [
    'with its members side by side',
    message('error', { message: 'slow down', code: 'rate_limit_exceeded' }),
    { status: 429, code: 'rate_limit_exceeded', message: 'slow down', options: { maybeBilled: false } },
  ],
  [
    'without a name',
    'data: {"error":{"message":"Invalid size","param":"size","code":"invalid_value"}}\n\n',
    { status: 400, code: 'invalid_value', options: { param: 'size', maybeBilled: false } },
  ],
  [
    'as a text',
    'event: error\ndata: out of memory\n\n',
    { status: 502, code: 'upstream_error', options: { maybeBilled: true } },
  ],
  [
    'with a status as its code',
    message('error', { error: { message: 'busy', code: 429 } }),
    { status: 429, code: 'rate_limit_exceeded' },
  ],
  [
    'of the server',
    message('error', { error: { message: 'oops', type: 'server_error' } }),
    { status: 502, code: 'upstream_error', options: { maybeBilled: true } },
  ],
  [
    'of billing',
    message('error', { error: { message: 'x', code: 'credit_balance_exhausted' } }),
    { status: 429, code: 'insufficient_quota' },
  ],
  [
    'with a key in it',
    message('error', { error: { message: 'Bad sk-test-0123456789abcdef', code: 'invalid_api_key' } }),
    { status: 401, code: 'invalid_api_key', message: expect.not.stringContaining('sk-') },
  ],
];

test.each(failures)(
  'an error in a stream, %s, ends it with the right code',
  async (_what, text, expected) => {
    const upstream = await badUpstream(stream(text, completed()));
    const error = await failureOf(exchangeWith(upstream.url), listening(2));
    expect(error).toMatchObject(expected);
    await upstream.quiet();
  },
);

test('after an unfinished picture any failure may have been billed', async () => {
  const text = message('error', { error: { message: 'slow down', code: 'rate_limit_exceeded' } });
  const upstream = await badUpstream(stream(partial(0), text));
  const error = await failureOf(exchangeWith(upstream.url), listening(2));
  expect(error).toMatchObject({ code: 'rate_limit_exceeded', options: { maybeBilled: true } });
});

test('an error under a status of success is an error', async () => {
  const body = { error: { message: 'No such model', code: 'model_not_found' } };
  const upstream = await badUpstream(
    answering(reply(200, JSON.stringify(body), { 'x-request-id': 'req_9' })),
  );
  const error = await failureOf(exchangeWith(upstream.url));
  expect(error).toMatchObject({ status: 404, code: 'model_not_found', options: { requestId: 'req_9' } });
});

test('every request has an id of its own, and the one of the service comes back with whatever became of it', async () => {
  const upstream = await badUpstream(
    answering(reply(200, JSON.stringify(plain), { 'x-request-id': 'req_1' })),
  );
  const exchange = exchangeWith(upstream.url);
  expect((await exchange.send(never, GENERATE, null, listening(null))).requestId).toBe('req_1');
  upstream.behaviour = answering(reply(200, '{', { 'x-request-id': 'req_2' }));
  expect((await failureOf(exchange)).options.requestId).toBe('req_2');
  upstream.behaviour = answering(reply(500, '{}', { 'x-request-id': 'req_3' }));
  expect((await failureOf(exchange)).options.requestId).toBe('req_3');
  const ids = upstream.posts.map(({ headers }) => headers['x-client-request-id']);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(new Set(ids).size).toBe(3);
});

test('a picture of many megabytes on one line comes through, whole', async () => {
  const raw = Buffer.alloc(2000 * 2000 * 3);
  for (let i = 0; i < raw.length; i++) raw[i] = (i * i * 7) >> 3;
  const png = await sharp(raw, { raw: { width: 2000, height: 2000, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const text = partial(0, png) + completed({ b64_json: base64(png) });
  const { result, heard } = await ask(stream(text), 1);
  expect(png.length).toBeGreaterThan(11_000_000);
  expect(Buffer.compare(Buffer.from(heard.pictures[0]?.data ?? []), png)).toBe(0);
  expect(Buffer.compare(Buffer.from(result.images[0]?.data ?? []), png)).toBe(0);
});

test('pictures are scaled to the size that is to be delivered, unfinished ones too', async () => {
  const upstream = await badUpstream(stream(partial(0), completed()));
  const heard = listening(1);
  const size = { width: 5, height: 4 };
  const result = await exchangeWith(upstream.url).send(never, GENERATE, size, heard);
  for (const data of [result.images[0]?.data, heard.pictures[0]?.data])
    expect(await sharp(data).metadata()).toMatchObject(size);
});

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a service that is not there yet is tried again, and asked once', async () => {
  const port = await freePort();
  const heard = listening(null);
  const sending = exchangeWith(`http://127.0.0.1:${port}/v1`).send(never, GENERATE, null, heard);
  await sleep(100);
  const upstream = await badUpstream(answering(reply(200, JSON.stringify(plain))), { port });
  expect((await sending).images).toHaveLength(1);
  expect(upstream.posts).toHaveLength(1);
});

test('a service that is never there has billed nothing, nor has one given up on before', async () => {
  const url = `http://127.0.0.1:${await freePort()}/v1`;
  const heard = listening(null);
  expect(await failureOf(exchangeWith(url), heard)).toMatchObject({
    status: 502,
    code: 'upstream_unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
    options: { maybeBilled: false },
  });
  expect(await failureOf(exchangeWith(url, { timeoutMs: 100 }), heard)).toMatchObject({
    code: 'upstream_timeout',
    options: { maybeBilled: false },
  });
  const caller = new AbortController();
  const sending = exchangeWith(url).send(caller.signal, GENERATE, null, heard);
  setTimeout(() => caller.abort(), 100);
  await expect(sending).rejects.toMatchObject({ code: 'cancelled', options: { maybeBilled: false } });
});

test('a service without the TLS that its address promises has billed nothing and is not tried again', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => {});
    socket.end('I speak no TLS\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const heard = listening(null);
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  expect(await failureOf(exchangeWith(url), heard)).toMatchObject({
    code: 'upstream_unreachable',
    options: { maybeBilled: false },
  });
  expect(connections).toBe(1);
});

test('a request that was given up before it began is not sent', async () => {
  const upstream = await badUpstream(answering(reply(200, JSON.stringify(plain))));
  const heard = listening(null);
  const sending = exchangeWith(upstream.url).send(AbortSignal.abort(), GENERATE, null, heard);
  await expect(sending).rejects.toMatchObject({ code: 'cancelled', options: { maybeBilled: false } });
  await sleep(20);
  expect(upstream.posts).toHaveLength(0);
});

test('a request that was given up while its connection was made is not said to be sent', async () => {
  const upstream = await badUpstream(answering(reply(200, JSON.stringify(plain))));
  const line = createLongFetch();
  onTestFinished(() => line.close());
  let sent = 0;
  const dispatcher = line.once(() => {
    sent++;
  });
  const { promise: failed, resolve } = Promise.withResolvers<Error>();
  const request = { origin: new URL(upstream.url).origin, path: '/v1/x', method: 'POST', body: 'x' } as const;
  dispatcher.dispatch(request, {
    // As fetch does when its caller has gone meanwhile.
    onRequestStart: (controller) => controller.abort(new Error('gone')),
    onResponseError: (_controller, error) => resolve(error),
  });
  expect((await soon(failed, 'the abort')).message).toBe('gone');
  await upstream.quiet();
  expect(upstream.posts).toHaveLength(0);
  expect(sent).toBe(0);
});

test('a picture that is fetched after the answer was paid for, and its time counts', async () => {
  const upstream = await badUpstream(answering(reply(200, JSON.stringify({ data: [{ url: '/a.png' }] }))));
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const failing = exchangeWith(upstream.url, { readImage: () => Promise.reject(refused) });
  expect(await failureOf(failing)).toMatchObject({
    code: 'upstream_unreachable',
    options: { maybeBilled: true },
  });
  const hanging = exchangeWith(upstream.url, {
    timeoutMs: 1000,
    readImage: (signal) => once(signal, 'abort').then(() => Promise.reject(signal.reason)),
  });
  expect(await failureOf(hanging)).toMatchObject({
    code: 'upstream_timeout',
    options: { maybeBilled: true },
  });
});

test('the list of models is read as JSON, with the key, and its failures have the same codes', async () => {
  const upstream = await badUpstream(answering(reply(200, '{"data":[{"id":"a"}]}')));
  const exchange = exchangeWith(upstream.url);
  expect(await exchange.get(never, '/models')).toEqual({ data: [{ id: 'a' }] });
  expect(upstream.posts[0]).toMatchObject({
    line: 'GET /v1/models HTTP/1.1',
    headers: { authorization: 'Bearer sk-test-0123456789abcdef' },
  });
  upstream.behaviour = answering(reply(401, '{"error":{"message":"no"}}'));
  await expect(exchange.get(never, '/models')).rejects.toMatchObject({ code: 'invalid_api_key' });
  upstream.behaviour = answering(reply(200, 'hello'));
  await expect(exchange.get(never, '/models')).rejects.toMatchObject({
    code: 'upstream_error',
    options: { maybeBilled: false },
  });
});
