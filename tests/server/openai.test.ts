import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { createOpenAiProvider, OPENAI_URL } from '../../server/providers/openai.ts';
import {
  fakeUpstream,
  file,
  form,
  halfMask,
  picture,
  sendJson,
  serve,
  serveUpstream,
  soon,
  type Upstream,
} from './support.ts';

test('an edit reaches the service with model, size and quality spelled out, mask and picture byte for byte', async () => {
  const { upstream, client } = await serveUpstream();
  const [image, mask] = [await picture(1024, 768), await halfMask(1024, 768)];
  const reply = await client.images.edit({ image: file(image), mask: file(mask), prompt: 'a boat' });
  expect(upstream.calls).toHaveLength(1);
  const [call] = upstream.calls;
  expect(call).toMatchObject({ method: 'POST', path: '/v1/images/edits' });
  expect(call?.headers['authorization']).toBe('Bearer sk-test-0123456789abcdef');
  expect(call?.fields).toEqual({
    model: 'gpt-image-2.6-sunburst',
    prompt: 'a boat',
    n: '1',
    size: '1024x768',
    quality: 'high',
    output_format: 'png',
  });
  expect(call?.files['image']).toMatchObject({ name: 'image0.png', type: 'image/png' });
  expect(Buffer.compare(call?.files['image']?.data ?? Buffer.of(), image)).toBe(0);
  expect(call?.files['mask']).toMatchObject({ name: 'mask.png', type: 'image/png' });
  expect(Buffer.compare(call?.files['mask']?.data ?? Buffer.of(), mask)).toBe(0);
  // No model was named, so the answer is a URL, made here from the service's base64.
  expect((await fetch(reply.data?.[0]?.url ?? '')).headers.get('content-type')).toBe('image/png');
});

test('a size is chosen that the model takes and that has the shape of the picture', async () => {
  const { upstream, client } = await serveUpstream();
  await client.images.edit({ model: 'gpt-image-2', image: file(await picture(300, 200)), prompt: 'x' });
  const [width = 0, height = 0] = String(upstream.calls[0]?.fields['size']).split('x').map(Number);
  expect(width % 16 || height % 16).toBe(0);
  expect(width * height).toBeGreaterThanOrEqual(655_360);
  expect(Math.abs(width / height - 1.5)).toBeLessThan(0.05);
});

test('a rotated JPEG goes beside its mask as an upright PNG, and alone as it is', async () => {
  const { upstream, client } = await serveUpstream();
  const jpeg = await sharp(await picture(1024, 768))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const image = file(jpeg, 'a.jpg', 'image/jpeg');
  await client.images.edit({ image, mask: file(await halfMask(768, 1024)), prompt: 'x' });
  await client.images.edit({ image, prompt: 'x' });
  const [masked, whole] = upstream.calls.map((call) => call.files['image']);
  expect(masked).toMatchObject({ name: 'image0.png', type: 'image/png' });
  expect(await sharp(masked?.data).metadata()).toMatchObject({ format: 'png', width: 768, height: 1024 });
  expect(upstream.calls[0]?.fields['size']).toBe('768x1024');
  expect(whole).toMatchObject({ name: 'image0.jpeg', type: 'image/jpeg' });
  expect(whole?.data.equals(jpeg)).toBe(true);
});

test('several pictures are sent as a list, and the options of a request are kept', async () => {
  const { upstream, client } = await serveUpstream();
  const images = [file(await picture(1024, 1024)), file(await picture(20, 30))];
  await client.images.edit({
    model: 'gpt-image-2.5-flare',
    image: images,
    prompt: 'x',
    n: 3,
    quality: 'xhigh',
    background: 'transparent',
    output_format: 'webp',
    output_compression: 60,
    user: 'abc',
  });
  const [call] = upstream.calls;
  expect(call?.fields).toMatchObject({
    model: 'gpt-image-2.5-flare',
    n: '3',
    quality: 'xhigh',
    background: 'transparent',
    output_format: 'webp',
    output_compression: '60',
    user: 'abc',
  });
  expect(call?.files['image[]']).toMatchObject({ name: 'image1.png' });
});

test('a generation is sent as JSON, moderation included', async () => {
  const { upstream, client } = await serveUpstream();
  await client.images.generate({ model: 'gpt-image-2', prompt: 'x', moderation: 'low', quality: 'low' });
  expect(upstream.calls[0]?.fields).toEqual({
    model: 'gpt-image-2',
    prompt: 'x',
    n: 1,
    size: '1024x1024',
    quality: 'low',
    output_format: 'png',
    moderation: 'low',
  });
});

test('a variation without an endpoint of its own is an edit of the whole picture', async () => {
  const { upstream, client } = await serveUpstream();
  await client.images.createVariation({ image: file(await picture(1024, 1024)), n: 2 });
  const [call] = upstream.calls;
  expect(call?.path).toBe('/v1/images/edits');
  expect(call?.fields).toMatchObject({ n: '2', size: '1024x1024' });
  expect(String(call?.fields['prompt'])).toContain('variation');
  expect(Object.keys(call?.files ?? {})).toEqual(['image']);
});

test('a variation of a model that has the endpoint uses it', async () => {
  const { upstream, client } = await serveUpstream();
  const image = file(await picture(512, 512));
  await client.images.createVariation({ model: 'dall-e-2', image, n: 2, size: '256x256' });
  const [call] = upstream.calls;
  expect(call?.path).toBe('/v1/images/variations');
  expect(call?.fields).toEqual({ model: 'dall-e-2', n: '2', size: '256x256', response_format: 'b64_json' });
});

test('a stream is asked for where one is wanted, of one picture, and of a model that has one', async () => {
  const upstream = await fakeUpstream();
  const provider = createOpenAiProvider({
    id: 'openai',
    apiKey: null,
    baseUrl: `${upstream.url}/v1`,
    defaultModel: 'gpt-image-2',
    timeoutMs: 5000,
  });
  const { signal } = new AbortController();
  const options = {
    model: '',
    size: null,
    quality: null,
    settings: {},
    seed: null,
    compression: null,
    user: null,
  };
  const request = { ...options, n: 1, format: 'png', prompt: 'x' } as const;
  const image = { data: await picture(1024, 1024), mime: 'image/png', width: 1024, height: 1024 } as const;
  const edit = { ...request, images: [image], mask: null, markup: null } as const;
  const progress = { partials: { count: 2, onPartial: () => {} } };
  await provider.generate(signal, request, progress);
  await provider.edit(signal, edit, progress);
  await provider.generate(signal, { ...request, n: 2 }, progress);
  await provider.generate(signal, { ...request, model: 'dall-e-3' }, progress);
  await provider.generate(signal, request, { partials: null });
  const asked = upstream.calls.map(({ fields }) => [fields['stream'], fields['partial_images']]);
  const none = [undefined, undefined];
  expect(asked).toEqual([[true, 2], ['true', '2'], none, none, none]);
  await provider.close();
});

test('classic sizes of clients that name no model are made from a size of today', async () => {
  const { upstream, client } = await serveUpstream();
  upstream.answer = async (_call, response) =>
    sendJson(response, 200, { data: [{ b64_json: (await picture(1024, 1024)).toString('base64') }] });
  const reply = await client.images.generate({ prompt: 'x', size: '256x256', response_format: 'b64_json' });
  expect(upstream.calls[0]?.fields['size']).toMatch(/^\d{3,4}x\d{3,4}$/);
  expect(upstream.calls[0]?.fields['size']).not.toBe('256x256');
  const result = Buffer.from(reply.data?.[0]?.b64_json ?? '', 'base64');
  expect(await sharp(result).metadata()).toMatchObject({ width: 256, height: 256, format: 'png' });
  expect(reply.size).toBe('256x256');
});

test('usage, quality and the request id of the service are handed on', async () => {
  const { upstream, url } = await serveUpstream();
  const data = [{ b64_json: (await picture()).toString('base64'), revised_prompt: 'a blue boat' }];
  const usage = {
    input_tokens: 10,
    output_tokens: 20,
    total_tokens: 30,
    input_tokens_details: { text_tokens: 4, image_tokens: 6, other: 1 },
    output_tokens_details: 'many',
  };
  upstream.answer = (_call, response) =>
    sendJson(response, 200, { created: 1, data, usage, quality: 'high' }, { 'x-request-id': 'req_123' });
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-image-2', prompt: 'x' }),
  });
  expect(response.headers.get('x-upstream-request-id')).toBe('req_123');
  expect(response.headers.get('x-lacuna-engine')).toBe('openai');
  const reply = (await response.json()) as ImagesReply;
  expect(reply.usage).toEqual({
    input_tokens: 10,
    output_tokens: 20,
    total_tokens: 30,
    input_tokens_details: { text_tokens: 4, image_tokens: 6 },
  });
  expect(reply).toMatchObject({
    quality: 'high',
    data: [{ revised_prompt: 'a blue boat' }],
  });
});

test.each([500, 502, 408, 409, 429])('a request that failed with %i is not sent again', async (status) => {
  const { upstream, client } = await serveUpstream();
  upstream.answer = (_call, response) => sendJson(response, status, { error: { message: 'no' } });
  await expect(client.images.generate({ prompt: 'x' })).rejects.toThrow();
  expect(upstream.calls).toHaveLength(1);
});

test('a service that is too slow is given up, once, and may have billed', async () => {
  const { upstream, refused } = await serveUpstream({ timeoutMs: 150 });
  upstream.answer = () => {};
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject({ status: 504, code: 'upstream_timeout', maybe_billed: true });
  expect(refusal.headers.get('x-should-retry')).toBe('false');
  expect(upstream.calls).toHaveLength(1);
});

test('a service that hangs up may have billed; one that is not there has not', async () => {
  const { upstream, refused } = await serveUpstream();
  upstream.answer = (_call, response) => void response.socket?.destroy();
  const broken = await refused('/v1/images/generations', { prompt: 'x' });
  expect(broken).toMatchObject({ status: 502, code: 'upstream_unreachable', maybe_billed: true });

  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const nobody = createOpenAiProvider({
    id: 'openai',
    apiKey: null,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    defaultModel: 'm',
    timeoutMs: 5000,
  });
  const { refused: refusedByNobody } = await serve(nobody);
  const absent = await refusedByNobody('/v1/images/generations', { prompt: 'x' });
  expect(absent).toMatchObject({ status: 502, code: 'upstream_unreachable' });
  expect(absent.maybe_billed).toBeUndefined();
});

test('a client that hangs up is hung up on at the service', async () => {
  const { upstream, url } = await serveUpstream();
  const { promise: reached, resolve } = Promise.withResolvers<Upstream['calls'][number]>();
  upstream.answer = (call) => resolve(call);
  const controller = new AbortController();
  const body = form({ image: file(await picture()), mask: file(await halfMask()), prompt: 'x' });
  const request = fetch(`${url}/v1/images/edits`, { method: 'POST', body, signal: controller.signal });
  const call = await soon(reached, 'the call to the service');
  controller.abort();
  await expect(request).rejects.toThrow();
  await soon(call.hungUp, 'hanging up at the service');
});

test('a picture at a URL is fetched from the service itself, with its key, and from no private address', async () => {
  const { upstream, client, refused } = await serveUpstream({ defaultModel: 'local-model' });
  const elsewhere = await fakeUpstream();
  const png = await picture(48, 32);
  let address = '/generated/1.png';
  upstream.answer = (call, response) => {
    if (call.method === 'GET') response.end(png);
    else sendJson(response, 200, { data: [{ url: address }] });
  };
  const reply = await client.images.generate({ prompt: 'x', response_format: 'b64_json' });
  expect(Buffer.from(reply.data?.[0]?.b64_json ?? '', 'base64').equals(png)).toBe(true);
  const fetched = upstream.calls.find((call) => call.method === 'GET');
  expect(fetched?.path).toBe('/generated/1.png');
  expect(fetched?.headers['authorization']).toBe('Bearer sk-test-0123456789abcdef');

  address = `${elsewhere.url}/secret.png`;
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject({ status: 502, code: 'upstream_error' });
  expect(elsewhere.calls).toEqual([]);
});

test('a redirect of a picture is not followed', async () => {
  const { upstream, refused } = await serveUpstream({ defaultModel: 'local-model' });
  const elsewhere = await fakeUpstream();
  upstream.answer = (call, response) => {
    if (call.method === 'GET') response.writeHead(302, { location: `${elsewhere.url}/a.png` }).end();
    else sendJson(response, 200, { data: [{ url: '/a.png' }] });
  };
  expect(await refused('/v1/images/generations', { prompt: 'x' })).toMatchObject({ code: 'upstream_error' });
  expect(elsewhere.calls).toEqual([]);
});

test.each([
  ['no data', { created: 1 }],
  ['no pictures', { data: [] }],
  ['an empty item', { data: [{}] }],
  ['text', { data: [{ b64_json: Buffer.from('hello').toString('base64') }] }],
  ['a picture cut short', { data: [{ b64_json: (await picture()).subarray(0, -20).toString('base64') }] }],
  ['half a JSON', '{"data": ['],
  ['JSON of nothing', 'null'],
])('an answer with %s is an error of the service', async (_what, body) => {
  const { upstream, refused } = await serveUpstream();
  upstream.answer = (_call, response) => sendJson(response, 200, body);
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject({ status: 502, code: 'upstream_error', maybe_billed: true });
});

test('one broken picture does not take the others along', async () => {
  const { upstream, url } = await serveUpstream();
  const good = (await picture(48, 48)).toString('base64');
  const cut = (await picture(48, 48)).subarray(0, -20).toString('base64');
  upstream.answer = (_call, response) =>
    sendJson(response, 200, { created: 1, data: [{ b64_json: cut }, { b64_json: good }] });
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-image-2', prompt: 'x', n: 2 }),
  });
  expect(response.status).toBe(200);
  expect(((await response.json()) as { data: unknown[] }).data.length).toBe(1);
  expect(upstream.calls.length).toBe(1);
});

test('a fetched picture that was cut short is an error of the service', async () => {
  const { upstream, refused } = await serveUpstream({ defaultModel: 'local-model' });
  const jpeg = await sharp(await picture())
    .jpeg()
    .toBuffer();
  upstream.answer = (call, response) => {
    if (call.method === 'GET') response.end(jpeg.subarray(0, -30));
    else sendJson(response, 200, { data: [{ url: '/a.jpg' }] });
  };
  const refusal = await refused('/v1/images/generations', { prompt: 'x' });
  expect(refusal).toMatchObject({ status: 502, code: 'upstream_error', maybe_billed: true });
});

test('a picture whose pixels are damaged is found out where it has to be scaled', async () => {
  const { upstream, refused } = await serveUpstream();
  const damaged = Buffer.from(await picture()).fill(7, 60, 140);
  upstream.answer = (_call, response) =>
    sendJson(response, 200, { data: [{ b64_json: damaged.toString('base64') }] });
  const refusal = await refused('/v1/images/generations', { prompt: 'x', size: '256x256' });
  expect(refusal).toMatchObject({ status: 502, code: 'upstream_error', maybe_billed: true });
});

test('base64 with the head of a data URL, and JPEG under any label, are read', async () => {
  const { upstream, client } = await serveUpstream();
  const jpeg = await sharp(await picture())
    .jpeg()
    .toBuffer();
  upstream.answer = (_call, response) =>
    sendJson(response, 200, { data: [{ b64_json: `data:image/png;base64,${jpeg.toString('base64')}` }] });
  const reply = await client.images.generate({ model: 'gpt-image-2', prompt: 'x' });
  expect(reply.output_format).toBe('jpeg');
  expect(Buffer.from(reply.data?.[0]?.b64_json ?? '', 'base64').equals(jpeg)).toBe(true);
});

test('a compatible service without a key is asked for base64', async () => {
  const { upstream, client, url } = await serveUpstream({ apiKey: null, defaultModel: 'sd-cpp-local' });
  await client.images.edit({ image: file(await picture(640, 480)), prompt: 'x' });
  expect(upstream.calls[0]?.headers['authorization']).toBeUndefined();
  expect(upstream.calls[0]?.fields).toEqual({
    model: 'sd-cpp-local',
    prompt: 'x',
    n: '1',
    size: '640x480',
    response_format: 'b64_json',
  });
  const capabilities = await (await fetch(`${url}/api/capabilities`)).json();
  expect(capabilities).toMatchObject({
    services: [{ id: 'openai', kind: 'openai', host: '127.0.0.1' }],
    defaultModel: 'sd-cpp-local',
    models: [{ id: 'sd-cpp-local', status: 'unknown' }],
  });
});

test.each([
  [OPENAI_URL, false],
  ['http://127.0.0.1:1/v1', true],
])('prices are those of the service that has them: %s', async (baseUrl, unknown) => {
  const provider = createOpenAiProvider({
    id: 'openai',
    apiKey: null,
    baseUrl,
    defaultModel: 'gpt-image-2',
    timeoutMs: 1,
  });
  const [model] = provider.capabilities().models;
  expect(model?.pricing === null).toBe(unknown);
  expect(model?.defaultQuality).toBe('medium');
  await provider.close();
});
