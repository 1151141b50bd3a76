import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { ApiError } from './apiError.ts';
import { createImagesClient } from './client.ts';
import type { Sending } from './fields.ts';

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
const webp = Uint8Array.from(Buffer.from('RIFF\0\0\0\0WEBPVP8L', 'latin1'));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const fields = { model: 'm-1', prompt: 'a fox', n: 2, size: '64x64' };
const never = () => new AbortController().signal;
const key = '0b9f4c52-6f0e-4c4e-9a53-1f2f6a0c1f11';
const sending: Sending = { key, onPartial: () => undefined, onLost: () => undefined };
/** What is heard of a request meanwhile. */
function listening() {
  const heard: (string | boolean)[] = [];
  return {
    heard,
    key,
    onPartial: (picture: Blob, k: number) => heard.push(`${k}: ${picture.type}`),
    onLost: (lost: boolean) => heard.push(lost),
  };
}

let server: Server | null = null;

async function serve(listener: RequestListener, isOnline = true) {
  server = createServer(listener);
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return createImagesClient(`http://127.0.0.1:${port}`, () => isOnline);
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(null)));
  server = null;
});

async function bodyOf(request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = { 'content-type': request.headers['content-type']! };
  return new Response(Buffer.concat(chunks), { headers });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('should have failed'),
    (error: ApiError) => error,
  );

test('generate posts the fields as JSON and gives pictures by their bytes', async () => {
  let asked: unknown;
  const client = await serve(async (request, response) => {
    expect(`${request.method} ${request.url}`).toBe('POST /v1/images/generations');
    asked = await (await bodyOf(request)).json();
    const data = [{ b64_json: base64(png) }, { b64_json: base64(webp) }, { b64_json: 'bm8=' }];
    response.end(JSON.stringify({ created: 1, data, lacuna: { used: ['fox'], ignored: ['a'] } }));
  });
  const answer = await client.generate(never(), { ...fields, seed: 7, response_format: 'b64_json' }, sending);
  expect(asked).toEqual({ ...fields, seed: 7, response_format: 'b64_json' });
  expect(answer.pictures.map((picture) => picture.type)).toEqual(['image/png', 'image/webp']);
  expect(new Uint8Array(await answer.pictures[0]!.arrayBuffer())).toEqual(png);
  expect(answer.words).toEqual({ used: ['fox'], ignored: ['a'] });
});

test('edit posts multipart with typed, named files and leaves out what is not set', async () => {
  let form = new FormData();
  const client = await serve(async (request, response) => {
    expect(request.url).toBe('/v1/images/edits');
    form = await (await bodyOf(request)).formData();
    response.end(JSON.stringify({ created: 1, data: [{ b64_json: base64(png) }] }));
  });
  const image = new Blob([png], { type: 'image/png' });
  await client.edit(never(), { ...fields, image, mask: image }, sending);
  expect([...form.keys()].sort()).toEqual(['image', 'mask', 'model', 'n', 'prompt', 'size']);
  expect(form.get('n')).toBe('2');
  const mask = form.get('mask') as File;
  expect([mask.name, mask.type, mask.size]).toEqual(['mask.png', 'image/png', png.length]);
});

test('an envelope becomes an ApiError with everything it says', async () => {
  const client = await serve((_, response) => {
    response.writeHead(429, { 'retry-after': '12' });
    const error = { message: 'slow down', type: 'x', param: null, code: 'rate_limit_exceeded' };
    response.end(JSON.stringify({ error: { ...error, maybe_billed: true } }));
  });
  expect(await failure(client.generate(never(), fields, sending))).toMatchObject({
    name: 'ApiError',
    code: 'rate_limit_exceeded',
    detail: 'slow down',
    status: 429,
    retryAfterMs: 12_000,
    maybeBilled: true,
  });
});

test('moderation details are kept', async () => {
  const moderation_details = { moderation_stage: 'input', categories: ['violence', 3] };
  const client = await serve((_, response) => {
    response.writeHead(400);
    const error = { message: 'no', type: 'x', param: null, code: 'moderation_blocked', moderation_details };
    response.end(JSON.stringify({ error }));
  });
  const error = await failure(client.generate(never(), fields, sending));
  expect(error.moderation).toEqual({ moderation_stage: 'input', categories: ['violence'] });
  expect(error.maybeBilled).toBe(false);
});

test.each([
  ['{"created":1,"data":[]}'],
  ['{"created":1}'],
  ['null'],
  ['not json'],
  ['{"created":1,"data":[{"b64_json":"!!"}]}'],
])('an answer without a picture is an error: %s', async (body) => {
  const client = await serve((_, response) => void response.end(body));
  const error = await failure(client.generate(never(), fields, sending));
  expect(error).toMatchObject({ code: 'upstream_error', maybeBilled: true });
});

/** A server that answers by its route, and counts; a list answers one call after the other, its last one for good. */
type Route = RequestListener | readonly RequestListener[];
async function routes(table: Readonly<Record<string, Route>>) {
  const calls: string[] = [];
  const keys = new Set<string | undefined>();
  const client = await serve(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    if (request.method === 'POST') keys.add(request.headers['idempotency-key'] as string);
    await bodyOf(request).catch(() => undefined);
    const route = table[call];
    const nth = calls.filter((other) => other === call).length - 1;
    const list = typeof route === 'function' ? [route] : (route ?? []);
    const answer = list[Math.min(nth, list.length - 1)];
    if (answer) return answer(request, response);
    response.writeHead(404).end();
  });
  return { client, calls, keys };
}
const POST = 'POST /v1/images/generations';
const GET = `GET /api/jobs/${key}?wait=25`;
const DELETE = `DELETE /api/jobs/${key}`;
const HEALTH = 'GET /healthz';

const reply = JSON.stringify({ created: 1, data: [{ b64_json: base64(png) }] });
const json =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const envelope = (code: string) =>
  JSON.stringify({ error: { message: 'no', type: 'x', param: null, code, maybe_billed: true } });
const hangUp: RequestListener = (_, response) => void response.destroy();
const cut: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '500' });
  response.write('{"created"');
  setTimeout(() => response.destroy(), 20);
};
const events =
  (...list: object[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(list.map((event) => `: ping\n\nevent: x\ndata: ${JSON.stringify(event)}\n\n`).join(''));
  };
const partial = (k: number) => ({
  type: 'image_generation.partial_image',
  partial_image_index: k,
  b64_json: base64(webp),
});
const completed = { type: 'image_generation.completed', b64_json: base64(png), usage: { output_tokens: 3 } };

test('a broken answer is asked for by its key, and the request is sent once', async () => {
  const { client, calls, keys } = await routes({ [POST]: cut, [GET]: [json(202, '{}'), json(200, reply)] });
  const listener = listening();
  const { pictures } = await client.generate(never(), fields, listener);
  expect(pictures.length).toBe(1);
  expect(calls).toEqual([POST, GET, GET]);
  expect([...keys]).toEqual([key]);
  expect(listener.heard).toEqual([true, false, false]);
});

test('a proxy that gave up is no answer, and what the server says in the end is', async () => {
  const page: RequestListener = (_, response) => void response.writeHead(504).end('<html>gateway</html>');
  const { client, calls } = await routes({
    [POST]: page,
    [GET]: [page, json(400, envelope('moderation_blocked'))],
  });
  const error = await failure(client.generate(never(), fields, sending));
  expect(error).toMatchObject({ code: 'moderation_blocked', status: 400, maybeBilled: true });
  expect(calls).toEqual([POST, GET, GET]);
});

test('that the server cannot tell now is no answer; that the job failed is', async () => {
  const replayed: RequestListener = (_, response) =>
    void response
      .writeHead(503, { 'content-type': 'application/json', 'idempotent-replayed': 'true' })
      .end(envelope('server_is_overloaded'));
  const { client, calls } = await routes({
    [POST]: cut,
    [GET]: [
      json(503, envelope('server_is_overloaded')),
      json(429, envelope('rate_limit_exceeded')),
      replayed,
    ],
  });
  const error = await failure(client.generate(never(), fields, sending));
  expect(error).toMatchObject({ code: 'server_is_overloaded', status: 503 });
  expect(calls).toEqual([POST, GET, GET, GET]);
});

test('a request that the server never got is sent again under the same key', async () => {
  const unknown = json(404, envelope('not_found'));
  const { client, calls, keys } = await routes({
    [POST]: [hangUp, json(200, reply)],
    [HEALTH]: json(200, '{}'),
    [GET]: unknown,
  });
  expect((await client.generate(never(), fields, sending)).pictures.length).toBe(1);
  expect(calls).toEqual([POST, HEALTH, GET, POST]);
  expect([...keys]).toEqual([key]);
});

test('a connection that breaks every time is not tried for ever', async () => {
  const { client, calls } = await routes({
    [POST]: hangUp,
    [HEALTH]: json(200, '{}'),
    [GET]: json(404, envelope('not_found')),
  });
  expect((await failure(client.generate(never(), fields, sending))).code).toBe('server_unreachable');
  expect(calls.filter((call) => call === POST).length).toBe(3);
});

test('a key that the server has had time to forget is told as lost, and never sent again', async () => {
  let late = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => late);
  try {
    const { client, calls } = await routes({
      [POST]: cut,
      [GET]: (request, response) => {
        late = 3_600_000;
        return json(404, envelope('not_found'))(request, response);
      },
    });
    const error = await failure(client.generate(never(), fields, sending));
    expect(error).toMatchObject({ code: 'job_lost', maybeBilled: true });
    expect(calls).toEqual([POST, GET]);
  } finally {
    clock.mockRestore();
  }
});

test('an error that the server tells is final: it is neither asked for nor sent again', async () => {
  const { client, calls } = await routes({ [POST]: json(503, envelope('server_is_overloaded')) });
  expect((await failure(client.generate(never(), fields, sending))).code).toBe('server_is_overloaded');
  expect(calls).toEqual([POST]);
});

test('partial pictures are told as they come, and the stream ends with the picture', async () => {
  const { client } = await routes({ [POST]: events(partial(0), { type: 'new' }, partial(1), completed) });
  const listener = listening();
  const answer = await client.generate(never(), { ...fields, stream: true, partial_images: 2 }, listener);
  expect(listener.heard).toEqual(['1: image/webp', '2: image/webp']);
  expect(answer.pictures.map(({ type }) => type)).toEqual(['image/png']);
  expect(answer.usage).toEqual({ output_tokens: 3 });
});

test('an error event has the code, the words and whether it may have been billed', async () => {
  const error = { message: 'slow down', code: 'rate_limit_exceeded', maybe_billed: true };
  const { client, calls } = await routes({
    [POST]: events(partial(0), { type: 'error', error, retry_after_ms: 1500 }),
  });
  expect(await failure(client.generate(never(), fields, sending))).toMatchObject({
    code: 'rate_limit_exceeded',
    detail: 'slow down',
    retryAfterMs: 1500,
    maybeBilled: true,
  });
  expect(calls).toEqual([POST]);
});

test('a stream that ends early is no result: the server is asked for it', async () => {
  const { client, calls } = await routes({ [POST]: events(partial(0)), [GET]: json(200, reply) });
  expect((await client.generate(never(), fields, sending)).pictures.length).toBe(1);
  expect(calls).toEqual([POST, GET]);
});

test('an abort closes the connection, ends the job on the server and is told as cancelled', async () => {
  const closed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { client } = await routes({
    [POST]: (request) => {
      request.socket.on('close', () => closed.resolve());
      arrived.resolve();
    },
    [DELETE]: (_, response) => {
      response.writeHead(204).end();
      ended.resolve();
    },
  });
  const controller = new AbortController();
  const answer = failure(client.generate(controller.signal, fields, sending));
  await arrived.promise;
  controller.abort();
  expect((await answer).code).toBe('cancelled');
  await closed.promise;
  await ended.promise;
});

test('a request that waits for the server to come back can be cancelled', async () => {
  const asked = Promise.withResolvers<void>();
  const { client } = await routes({
    [POST]: cut,
    [GET]: (request, response) => {
      asked.resolve();
      return hangUp(request, response);
    },
  });
  const controller = new AbortController();
  const answer = failure(client.generate(controller.signal, fields, sending));
  await asked.promise;
  controller.abort();
  expect((await answer).code).toBe('cancelled');
});

test('attaching after a reload asks and sends nothing; a key that is gone is a lost job', async () => {
  const { client, calls } = await routes({
    [GET]: [json(200, reply), json(404, envelope('not_found'))],
  });
  expect((await client.attach(never(), sending)).pictures.length).toBe(1);
  expect(await failure(client.attach(never(), sending))).toMatchObject({
    code: 'job_lost',
    maybeBilled: true,
  });
  expect(calls).toEqual([GET, GET]);
});

test('a server that is down got nothing', async () => {
  const client = await serve(() => undefined);
  server!.closeAllConnections();
  await new Promise((done) => server!.close(done));
  server = null;
  expect(await failure(client.generate(never(), fields, sending))).toMatchObject({
    code: 'server_unreachable',
    maybeBilled: false,
  });
});

test('a probe is quoted without being confirmed', async () => {
  const asked: unknown[] = [];
  const client = await serve(async (request, response) => {
    asked.push(await (await bodyOf(request)).json());
    response.end('{"requests":4,"usd":null}');
  });
  expect(await client.probeQuote(never(), 's', 'm-1')).toEqual({ requests: 4, usd: null });
  await client.probe(never(), 's', 'm-1');
  expect(asked).toEqual([
    { service: 's', model: 'm-1' },
    { service: 's', model: 'm-1', confirm: true },
  ]);
});

test('without a network only a remote server is out of reach for that reason', async () => {
  const away = createImagesClient('http://nowhere.invalid', () => false);
  expect((await failure(away.capabilities(never()))).code).toBe('offline');
  const here = createImagesClient('http://127.0.0.1:1', () => false);
  expect((await failure(here.capabilities(never()))).code).toBe('server_unreachable');
});
