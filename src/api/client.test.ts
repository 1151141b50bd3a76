import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ApiError } from './apiError.ts';
import { createImagesClient } from './client.ts';

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
const webp = Uint8Array.from(Buffer.from('RIFF\0\0\0\0WEBPVP8L', 'latin1'));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const fields = { model: 'm-1', prompt: 'a fox', n: 2, size: '64x64' };
const never = () => new AbortController().signal;

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
  const answer = await client.generate(never(), { ...fields, seed: 7, response_format: 'b64_json' });
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
  await client.edit(never(), { ...fields, image, mask: image });
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
  expect(await failure(client.generate(never(), fields))).toMatchObject({
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
  const error = await failure(client.generate(never(), fields));
  expect(error.moderation).toEqual({ moderation_stage: 'input', categories: ['violence'] });
  expect(error.maybeBilled).toBe(false);
});

test('a page of a proxy in between is judged by its status', async () => {
  const client = await serve((_, response) => {
    response.writeHead(504);
    response.end('<html>gateway</html>');
  });
  const error = await failure(client.generate(never(), fields));
  expect(error).toMatchObject({ code: 'upstream_timeout', status: 504, maybeBilled: true });
});

test.each([
  ['{"created":1,"data":[]}'],
  ['{"created":1}'],
  ['null'],
  ['not json'],
  ['{"created":1,"data":[{"b64_json":"!!"}]}'],
])('an answer without a picture is an error: %s', async (body) => {
  const client = await serve((_, response) => void response.end(body));
  const error = await failure(client.generate(never(), fields));
  expect(error).toMatchObject({ code: 'upstream_error', maybeBilled: true });
});

test('an abort closes the connection and is told as cancelled', async () => {
  const closed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const client = await serve((request) => {
    request.socket.on('close', () => closed.resolve());
    arrived.resolve();
  });
  const controller = new AbortController();
  const answer = failure(client.generate(controller.signal, fields));
  await arrived.promise;
  controller.abort();
  expect((await answer).code).toBe('cancelled');
  await closed.promise;
});

test('a server that is down, and one that goes away while it answers', async () => {
  const client = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('{"created"');
    setTimeout(() => response.destroy(), 20);
  });
  expect(await failure(client.generate(never(), fields))).toMatchObject({
    code: 'server_unreachable',
    maybeBilled: true,
  });
  server!.closeAllConnections();
  await new Promise((done) => server!.close(done));
  server = null;
  expect(await failure(client.generate(never(), fields))).toMatchObject({
    code: 'server_unreachable',
    maybeBilled: false,
  });
});

test('without a network only a remote server is out of reach for that reason', async () => {
  const away = createImagesClient('http://nowhere.invalid', () => false);
  expect((await failure(away.capabilities(never()))).code).toBe('offline');
  const here = createImagesClient('http://127.0.0.1:1', () => false);
  expect((await failure(here.capabilities(never()))).code).toBe('server_unreachable');
});
