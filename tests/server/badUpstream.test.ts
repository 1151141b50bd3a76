import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../server/providers/answer.ts';
import { type Behaviour, badUpstream, drip, eventHead, head, message, pour, reply } from './badUpstream.ts';
import { exchangeWith, failureOf, GENERATE, listening, never } from './exchanges.ts';
import { picture, soon } from './support.ts';

const good = (await picture(48, 32)).toString('base64');
const answer = JSON.stringify({ created: 1, data: [{ b64_json: good }] });
const MB = 1024 * 1024;

const longBody = () => head(200, { 'content-type': 'application/json', 'content-length': '100000' });
const write =
  (...parts: readonly (string | Buffer)[]): Behaviour =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };
const thenEnd =
  (...parts: readonly (string | Buffer)[]): Behaviour =>
  (socket) =>
    void socket.end(Buffer.concat(parts.map((part) => Buffer.from(part))));
const thenReset =
  (...parts: readonly (string | Buffer)[]): Behaviour =>
  async (socket) => {
    for (const part of parts) socket.write(part);
    await sleep(50);
    socket.resetAndDestroy();
  };

const chunkedEvents = head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });

const hangs: [what: string, Behaviour][] = [
  ['before the first byte', () => {}],
  ['in the headers', write('HTTP/1.1 200 OK\r\ncontent-type: app')],
  ['after the headers', write(longBody())],
  ['in the middle of a body', write(longBody(), '{"data":[{"b64_json":"')],
  ['in the body of an error', write(head(500, { 'content-length': '1000' }), '{"error":')],
  ['in a stream', write(eventHead(), message('ping'), 'event: image_generation.par')],
  ['with drops of headers', (socket) => drip(socket, `HTTP/1.1 200 OK\r\n${'x-drop: drop\r\n'.repeat(500)}`)],
  [
    'with drops of a body',
    async (socket) => {
      socket.write(longBody());
      await drip(socket, answer.repeat(9));
    },
  ],
  [
    'with drops of a stream',
    async (socket) => {
      socket.write(eventHead());
      await drip(socket, ': ping\n\n'.repeat(900));
    },
  ],
];

test('a service that hangs is given up in time, wherever it does, asked once, and may have billed', async () => {
  const heardBy = async ([what, behaviour]: (typeof hangs)[number]) => {
    const upstream = await badUpstream(behaviour);
    const heard = listening(2);
    const error = await failureOf(exchangeWith(upstream.url, { timeoutMs: 1500 }), heard);
    expect(error, what).toMatchObject({
      status: 504,
      code: 'upstream_timeout',
      options: { maybeBilled: true },
    });
    expect(upstream.posts, what).toHaveLength(1);
    await upstream.quiet();
  };
  await Promise.all(hangs.map(heardBy));
});

const broken: [what: string, Behaviour, code: string][] = [
  ['resets at once', (socket) => void socket.resetAndDestroy(), 'upstream_unreachable'],
  ['ends without a word', thenEnd(), 'upstream_unreachable'],
  ['speaks no HTTP', thenEnd('SSH-2.0-OpenSSH_9.6\r\n'), 'upstream_unreachable'],
  ['ends in the headers', thenEnd('HTTP/1.1 200 OK\r\ncontent-'), 'upstream_unreachable'],
  ['resets in a body', thenReset(longBody(), '{"data":['), 'upstream_unreachable'],
  ['ends in a body', thenEnd(longBody(), '{"data":['), 'upstream_unreachable'],
  [
    'ends in a chunk',
    thenEnd(head(200, { 'transfer-encoding': 'chunked' }), 'ff\r\n{"da'),
    'upstream_unreachable',
  ],
  [
    'has headers without an end',
    thenEnd('HTTP/1.1 200 OK\r\n', 'x: y\r\n'.repeat(50_000)),
    'upstream_unreachable',
  ],
  ['wants a login for a proxy', write(reply(407, 'who?')), 'upstream_unreachable'],
  ['resets in a stream', thenReset(chunkedEvents, '8\r\n: ping\n\n\r\n'), 'upstream_unreachable'],
  [
    'ends a body of no known length',
    thenEnd(head(200, { connection: 'close' }), '{"data":['),
    'upstream_error',
  ],
  ['answers with half a JSON', write(reply(200, '{"data":[')), 'upstream_error'],
  ['answers with nothing', write(reply(200, '')), 'upstream_error'],
  ['answers with white space', write(reply(200, ' \n '.repeat(100))), 'upstream_error'],
  ['answers with HTML', write(reply(200, '<html>hello', { 'content-type': 'text/html' })), 'upstream_error'],
  ['has no content to answer with', write(head(204, {})), 'upstream_error'],
  ['answers with a list', write(reply(200, '[1]')), 'upstream_error'],
  [
    'sends base64 that is cut short',
    write(reply(200, answer.replace(good, good.slice(0, -40)))),
    'upstream_error',
  ],
  ['sends no base64', write(reply(200, answer.replace(good, '!?'))), 'upstream_error'],
  ['ends a stream early', thenEnd(eventHead(), message('image_generation.partial_image')), 'upstream_error'],
  [
    'ends a stream in a message',
    thenEnd(eventHead(), 'data: {"type":"image_generation.comple'),
    'upstream_error',
  ],
  ['ends a stream at once', thenEnd(eventHead()), 'upstream_error'],
  [
    'streams a broken picture',
    thenEnd(eventHead(), message('image_edit.completed', { b64_json: 'AAAA' })),
    'upstream_error',
  ],
  [
    'streams no picture',
    thenEnd(eventHead(), message('image_edit.completed'), 'data: [DONE]\n\n'),
    'upstream_error',
  ],
];

test.each(broken)('a service that %s is asked once and may have billed', async (_what, behaviour, code) => {
  const upstream = await badUpstream(behaviour);
  const heard = listening(2);
  const exchange = exchangeWith(upstream.url);
  const error = await failureOf(exchange, heard);
  expect(error).toMatchObject({ status: 502, code, options: { maybeBilled: true } });
  expect(heard.pictures).toEqual([]);
  expect(upstream.posts).toHaveLength(1);
  await exchange.close();
  await upstream.quiet();
});

test.each([400, 401, 403, 408, 409, 421, 425, 429, 500, 502, 503, 504, 520, 521, 524, 529])(
  'a request that is answered with %i is not sent again',
  async (status) => {
    const upstream = await badUpstream(write(reply(status, '{"error":{"message":"no"}}')));
    await failureOf(exchangeWith(upstream.url));
    await sleep(20);
    expect(upstream.posts).toHaveLength(1);
  },
);

test.each([
  [500, '', 'upstream_error'],
  [502, '<html><h1>Bad gateway</h1></html>', 'upstream_error'],
  [503, 'no healthy upstream', 'upstream_error'],
  [504, '<html>Gateway Time-out</html>', 'upstream_timeout'],
  [520, '<html>Web server is returning an unknown error</html>', 'upstream_error'],
  [524, '<html>A timeout occurred</html>', 'upstream_timeout'],
])('a %i of a gateway, "%s", may have billed', async (status, body, code) => {
  const upstream = await badUpstream(
    write(reply(status, body, { 'content-type': 'text/html', 'x-request-id': 'r-1' })),
  );
  const error = await failureOf(exchangeWith(upstream.url));
  expect(error).toMatchObject({ code, options: { maybeBilled: true, requestId: 'r-1' } });
  expect(error.message).not.toContain('<');
});

test('a storm of 429 is passed on call for call, each with its wait', async () => {
  const body =
    '{"error":{"message":"Rate limit reached. Please try again in 12s.","code":"rate_limit_exceeded"}}';
  const upstream = await badUpstream(write(reply(429, body)));
  const exchange = exchangeWith(upstream.url);
  const errors = await Promise.all(Array.from({ length: 40 }, () => failureOf(exchange)));
  for (const error of errors)
    expect(error).toMatchObject({
      code: 'rate_limit_exceeded',
      options: { retryAfterMs: 12_000, maybeBilled: false },
    });
  expect(upstream.posts).toHaveLength(40);
});

test('an error is read to its end only so far: its reason stands in front', async () => {
  const upstream = await badUpstream(async (socket) => {
    socket.write(head(400, { 'content-type': 'text/plain' }));
    socket.write('The size is wrong. ');
    await pour(socket, Buffer.alloc(64 * 1024, 'blah '), 200 * MB);
  });
  const error = await failureOf(exchangeWith(upstream.url));
  expect(error).toMatchObject({ status: 400, message: expect.stringContaining('The size is wrong.') });
  expect(error.message.length).toBeLessThan(2000);
  await upstream.quiet();
  expect(upstream.written()).toBeLessThan(30 * MB);
});

test('an error that breaks off is still the error that it began as', async () => {
  const upstream = await badUpstream(thenEnd(head(429, { 'content-length': '900' }), '{"error":{"mess'));
  expect(await failureOf(exchangeWith(upstream.url))).toMatchObject({ code: 'rate_limit_exceeded' });
});

test.each([
  ['<script'.repeat(140_000), 'request_refused'],
  ['<'.repeat(1_000_000), 'request_refused'],
  [JSON.stringify({ error: { message: 'image'.repeat(200_000), code: 'x' } }), 'request_refused'],
  [JSON.stringify({ error: { message: 'Exception - {'.repeat(70_000) } }), 'request_refused'],
  [`${'{"error":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'request_refused'],
  [JSON.stringify({ detail: 'mask '.repeat(200_000) }), 'invalid_mask'],
])('an error made to keep the server busy does not: %#', async (body, code) => {
  const upstream = await badUpstream(write(reply(400, body)));
  const error = await failureOf(exchangeWith(upstream.url));
  expect(error).toMatchObject({ status: 400, code });
  expect(error.message.length).toBeLessThan(2000);
});

const floods: [what: string, (socket: Socket) => Promise<void>][] = [
  [
    'JSON without an end',
    async (socket) => {
      socket.write(
        Buffer.concat([head(200, { 'content-type': 'application/json' }), Buffer.from('{"data":"')]),
      );
      await pour(socket, Buffer.alloc(MB, 'A'), 4 * MAX_ANSWER_BYTES);
    },
  ],
  [
    'a line without an end',
    async (socket) => {
      socket.write(Buffer.concat([eventHead(), Buffer.from('data: ')]));
      await pour(socket, Buffer.alloc(MB, 'A'), 4 * MAX_ANSWER_BYTES);
    },
  ],
  [
    'comments without an end',
    async (socket) => {
      socket.write(eventHead());
      await pour(socket, Buffer.from(`: ${'ping '.repeat(200)}\n\n`.repeat(1000)), 4 * MAX_ANSWER_BYTES);
    },
  ],
];

test.each(floods)(
  '%s is refused while it comes',
  async (_what, behaviour) => {
    const upstream = await badUpstream(behaviour);
    const error = await failureOf(exchangeWith(upstream.url, { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ code: 'upstream_error', options: { maybeBilled: true } });
    expect(error.message).toMatch(/too large|larger than/);
    await upstream.quiet();
    // What lies in the buffers of the two sockets was written too.
    expect(upstream.written()).toBeLessThan(MAX_ANSWER_BYTES + 32 * MB);
  },
  60_000,
);

test('an answer that announces too much is not read at all', async () => {
  const upstream = await badUpstream(async (socket) => {
    socket.write(head(200, { 'content-length': String(MAX_ANSWER_BYTES + 1) }));
    await pour(socket, Buffer.alloc(MB, ' '), MAX_ANSWER_BYTES);
  });
  const error = await failureOf(exchangeWith(upstream.url));
  expect(error).toMatchObject({ code: 'upstream_error', options: { maybeBilled: true } });
  await upstream.quiet();
  expect(upstream.written()).toBeLessThan(32 * MB);
});

test('a refusal that comes before the whole request was read is heard', async () => {
  const upstream = await badUpstream(write(reply(413, 'Too large', { connection: 'close' })), {
    early: true,
  });
  const body = new FormData();
  body.append('image', new File([Buffer.alloc(8 * MB)], 'image.png', { type: 'image/png' }));
  const error = await failureOf(exchangeWith(upstream.url), listening(null), {
    path: '/images/edits',
    body,
  } as never);
  expect(error).toMatchObject({ status: 413, code: 'request_too_large', options: { maybeBilled: false } });
  expect(upstream.posts).toHaveLength(1);
});

test('a kept connection that was closed meanwhile is no reason to fail', async () => {
  const upstream = await badUpstream(async (socket) => {
    socket.write(reply(200, answer));
    await sleep(50);
    socket.end();
  });
  const exchange = exchangeWith(upstream.url);
  await exchange.send(never, GENERATE, null, listening(null));
  await upstream.quiet();
  await exchange.send(never, GENERATE, null, listening(null));
  expect(upstream.posts).toHaveLength(2);
});

test('a kept connection that breaks under the next request does not send it twice', async () => {
  const upstream = await badUpstream((socket) => {
    if (upstream.posts.length === 1) socket.write(reply(200, answer));
    else socket.resetAndDestroy();
  });
  const exchange = exchangeWith(upstream.url);
  await exchange.send(never, GENERATE, null, listening(null));
  expect(await failureOf(exchange)).toMatchObject({
    code: 'upstream_unreachable',
    options: { maybeBilled: true },
  });
  await sleep(50);
  expect(upstream.posts).toHaveLength(2);
});

test.each([
  ['before an answer', () => {}],
  ['in a body', write(longBody(), '{"data":[')],
  ['in a stream', write(eventHead(), message('ping'))],
] as [string, Behaviour][])(
  'a caller who gives up %s leaves no connection behind',
  async (_what, behaviour) => {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const upstream = await badUpstream(async (socket, request) => {
      await behaviour(socket, request);
      setTimeout(resolve, 30);
    });
    const caller = new AbortController();
    const sending = exchangeWith(upstream.url).send(caller.signal, GENERATE, null, listening(1));
    await soon(reached, 'the request');
    caller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'cancelled', options: { maybeBilled: true } });
    await upstream.quiet();
    expect(upstream.posts).toHaveLength(1);
  },
);
