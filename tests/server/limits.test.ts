import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import type { ErrorEnvelope, ImageUsage } from '../../server/contract.ts';
import { ApiError } from '../../server/errors.ts';
import { clientOf } from '../../server/limits/client.ts';
import { costUsd, estimateUsd } from '../../server/limits/estimate.ts';
import { describeModel } from '../../server/providers/models.ts';
import { GRID } from '../../server/providers/prices.ts';
import type { ImageSize } from '../../server/providers/provider.ts';
import { parseFields } from '../../server/validation/fields.ts';
import { createDouble, file, form, halfMask, NO_QUOTAS, picture, serve, soon } from './support.ts';

const PROMPT = { prompt: 'a lake', response_format: 'b64_json' };

/** An engine whose answers can be held back. */
function slowDouble(kind: 'embedded' | 'openai' = 'openai') {
  const double = createDouble(kind);
  const waiting: (() => void)[] = [];
  let arrived = Promise.withResolvers<void>();
  double.before = () => {
    arrived.resolve();
    arrived = Promise.withResolvers();
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    double,
    arrival: () => soon(arrived.promise, 'the request'),
    answerAll: () => {
      for (const go of waiting.splice(0)) go();
    },
  };
}

/** An engine that bills like a model of OpenAI's. */
function pricedDouble(usage: ImageUsage | null = null) {
  const double = createDouble('openai');
  const { service, defaultModel, models } = double.capabilities();
  const priced = models.map((model) => ({ ...model, defaultQuality: 'low' as const, pricing: GRID['2'] }));
  double.capabilities = () => ({ service, defaultModel, models: priced });
  const { generate } = double;
  double.generate = async (...args) => ({ ...(await generate(...args)), usage });
  return double;
}

const post = (url: string, fields: object = PROMPT) =>
  fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });

test('one client has so many jobs at a time, and the next one when one of them ended', async () => {
  const { double, arrival, answerAll } = slowDouble('embedded');
  const { url, refused } = await serve(double, { quotas: { ...NO_QUOTAS, jobsPerClient: 1 } });
  const arrived = arrival();
  const first = post(url);
  await arrived;
  const refusal = await refused('/v1/images/generations', PROMPT);
  expect(refusal).toMatchObject({ status: 429, code: 'too_many_jobs' });
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refusal.headers.get('x-should-retry')).toBe('true');
  answerAll();
  expect((await first).status).toBe(200);
  const second = post(url);
  await arrival();
  answerAll();
  expect((await second).status).toBe(200);
});

test('all clients together have so many jobs', async () => {
  const { double, arrival, answerAll } = slowDouble();
  const { url, refused } = await serve(double, { quotas: { ...NO_QUOTAS, jobs: 1, jobsPerClient: 5 } });
  const arrived = arrival();
  const first = post(url);
  await arrived;
  expect(await refused('/v1/images/generations', PROMPT)).toMatchObject({ code: 'too_many_jobs' });
  answerAll();
  expect((await first).status).toBe(200);
});

test('a job that the client left gives its place back', async () => {
  const { double, arrival, answerAll } = slowDouble();
  const { url } = await serve(double, { quotas: { ...NO_QUOTAS, jobs: 1 } });
  const controller = new AbortController();
  const arrived = arrival();
  const first = fetch(`${url}/v1/images/variations`, {
    method: 'POST',
    body: form({ image: file(await picture()) }),
    signal: controller.signal,
  }).catch(() => 'left');
  await arrived;
  controller.abort();
  expect(await first).toBe('left');
  answerAll();
  double.before = async () => {};
  await expect.poll(async () => (await post(url)).status, { timeout: 4000 }).toBe(200);
});

test('pictures per minute are counted by n, and n alone may be too much', async () => {
  const quotas = { ...NO_QUOTAS, imagesPerMinute: 4 };
  const { url, refused } = await serve(createDouble('openai'), { quotas });
  const never = await refused('/v1/images/generations', { ...PROMPT, n: 5 });
  expect(never).toMatchObject({ status: 400, code: 'invalid_value', param: 'n' });
  // The minute may end in between, so that two of the three pass.
  const codes: string[] = [];
  for (let i = 0; i < 3; i++) {
    const response = await post(url, { ...PROMPT, n: 4 });
    if (response.ok) continue;
    const { error } = (await response.json()) as ErrorEnvelope;
    codes.push(error.code);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(response.headers.get('x-should-retry')).toBe('true');
  }
  expect(codes).toContain('too_many_images');
});

test('the embedded engine makes as many pictures as it can, whatever the budget', async () => {
  const quotas = { ...NO_QUOTAS, imagesPerMinute: 1, budgetUsd: 0.001 };
  const { url } = await serve(createDouble('embedded'), { quotas });
  for (let i = 0; i < 3; i++) expect((await post(url, { ...PROMPT, n: 10 })).status).toBe(200);
});

/** What one picture of 1024 by 1024 in low quality costs, and the prompt that describes it. */
const LOW_USD = (196 * 30 + (16 + PROMPT.prompt.length) * 5) / 1e6;
const SQUARE = { ...PROMPT, size: '1024x1024' };

test('a budget is kept by the estimate where the service does not say what it billed', async () => {
  const quotas = { ...NO_QUOTAS, budgetPerClientUsd: 2.5 * LOW_USD };
  const { url, refused } = await serve(pricedDouble(), { quotas });
  expect((await post(url, SQUARE)).status).toBe(200);
  expect((await post(url, SQUARE)).status).toBe(200);
  const refusal = await refused('/v1/images/generations', SQUARE);
  expect(refusal).toMatchObject({ status: 429, code: 'budget_exceeded' });
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refusal.headers.get('retry-after'))).toBeLessThanOrEqual(24 * 60 * 60);
  expect(refusal.headers.get('x-should-retry')).toBe('false');
});

test('a budget is kept by what was billed where the service says it', async () => {
  const quotas = { ...NO_QUOTAS, budgetUsd: 2.5 * LOW_USD };
  const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };
  const { url, refused } = await serve(pricedDouble(usage), { quotas });
  for (let i = 0; i < 5; i++) expect((await post(url, SQUARE)).status).toBe(200);
  // The whole of it at once still is too much.
  expect(await refused('/v1/images/generations', { ...SQUARE, n: 3 })).toMatchObject({
    code: 'budget_exceeded',
  });
});

test('what failed before it could be billed costs nothing, and what may have been billed costs its estimate', async () => {
  const double = pricedDouble();
  const quotas = { ...NO_QUOTAS, budgetUsd: 1.5 * LOW_USD, imagesPerMinute: null, jobs: 1 };
  const { refused } = await serve(double, { quotas });
  const fail = (maybeBilled: boolean) => async () => {
    throw new ApiError(502, 'upstream_error', 'It failed.', { maybeBilled });
  };
  double.before = fail(false);
  for (let i = 0; i < 3; i++)
    expect(await refused('/v1/images/generations', SQUARE)).toMatchObject({ code: 'upstream_error' });
  double.before = fail(true);
  expect(await refused('/v1/images/generations', SQUARE)).toMatchObject({ code: 'upstream_error' });
  expect(await refused('/v1/images/generations', SQUARE)).toMatchObject({ code: 'budget_exceeded' });
});

test('requests per minute are counted before their bodies are read; reading is free', async () => {
  const { url, refused } = await serve(createDouble(), { quotas: { ...NO_QUOTAS, requestsPerMinute: 2 } });
  for (let i = 0; i < 2; i++)
    expect(await refused('/v1/images/generations', {})).toMatchObject({ code: 'missing_required_parameter' });
  const unread = request(`${url}/v1/images/edits`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 1_000_000 },
  });
  unread.on('error', () => {});
  unread.flushHeaders();
  const [response] = (await soon(once(unread, 'response'), 'the refusal')) as [IncomingMessage];
  expect(response.statusCode).toBe(429);
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(response.headers['retry-after'])).toBeLessThanOrEqual(60);
  unread.destroy();
  expect(await refused('/v1/images/generations', {})).toMatchObject({ code: 'rate_limit_exceeded' });
  expect((await fetch(`${url}/v1/models`)).status).toBe(200);
});

const MB = 1024 * 1024;
const filler = (bytes: number) => file(new Uint8Array(bytes), 'filler.png');

/** Sends a form without saying how long it is. */
function sendInPieces(url: string, body: FormData): Promise<Response> {
  const { body: stream, headers } = new Response(body);
  const init = { method: 'POST', body: stream, headers, duplex: 'half' };
  return fetch(url, init as RequestInit);
}

test('bodies of announced length that are together too much are refused before they are read', async () => {
  const { double, arrival, answerAll } = slowDouble();
  const { url, refused } = await serve(double, { quotas: { ...NO_QUOTAS, uploadBytes: 2 * MB } });
  const body = form({ image: file(await picture()), filler: filler(1.2 * MB) });
  const arrived = arrival();
  const first = fetch(`${url}/v1/images/variations`, { method: 'POST', body });
  await arrived;
  const refusal = await refused('/v1/images/variations', body);
  expect(refusal).toMatchObject({ status: 503, code: 'server_is_overloaded' });
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
  answerAll();
  expect((await first).status).toBe(200);
  double.before = async () => {};
  // The place of the first is free a moment after its answer has arrived.
  const again = async () => (await fetch(`${url}/v1/images/variations`, { method: 'POST', body })).status;
  await expect.poll(again, { timeout: 4000 }).toBe(200);
});

test('a form of unknown length is counted while it streams in', async () => {
  const { url } = await serve(createDouble(), { quotas: { ...NO_QUOTAS, uploadBytes: MB } });
  const image = file(await picture());
  const large = await sendInPieces(`${url}/v1/images/variations`, form({ image, filler: filler(1.5 * MB) }));
  expect(large.status).toBe(503);
  expect(await large.json()).toMatchObject({ error: { code: 'server_is_overloaded' } });
  const small = () => sendInPieces(`${url}/v1/images/variations`, form({ image, filler: filler(0.5 * MB) }));
  await expect.poll(async () => (await small()).status, { timeout: 4000 }).toBe(200);
});

test('a body that is too large is refused, whether or not it says so', async () => {
  const { url, refused } = await serve(createDouble());
  const image = file(await picture());
  const large = form({ image, filler: filler(3 * MB) });
  const inPieces = await sendInPieces(`${url}/v1/images/variations`, large);
  expect(inPieces.status).toBe(413);
  expect(await inPieces.json()).toMatchObject({ error: { code: 'request_too_large' } });
  const wordy = form({ image, a: 'x'.repeat(0.9 * MB), b: 'x'.repeat(0.9 * MB), c: 'x'.repeat(0.9 * MB) });
  expect(await refused('/v1/images/variations', wordy)).toMatchObject({ code: 'request_too_large' });
  const wordyInPieces = await sendInPieces(`${url}/v1/images/variations`, wordy);
  expect(wordyInPieces.status).toBe(413);

  const json = request(`${url}/v1/images/edits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  json.on('error', () => {});
  const answered = once(json, 'response');
  for (let i = 0; i < 6; i++) json.write(Buffer.alloc(MB, 32));
  const [response] = (await soon(answered, 'the refusal')) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  json.destroy();
});

test.each(['at once', 'in pieces'])('the files of a form sent %s arrive as they were', async (how) => {
  const double = createDouble();
  const { url } = await serve(double);
  const files = { image: [await picture(), await picture(32, 32)], mask: await halfMask() };
  const body = form({
    image: files.image.map((data) => file(data)),
    mask: file(files.mask),
    prompt: 'a lake',
  });
  const address = `${url}/v1/images/edits`;
  const response =
    how === 'at once' ? await fetch(address, { method: 'POST', body }) : await sendInPieces(address, body);
  expect(response.status).toBe(200);
  const received = double.edited[0]?.images.map(({ data }) => Buffer.from(data));
  expect(received).toEqual(files.image);
  expect(Buffer.from(double.edited[0]?.mask?.data ?? [])).toEqual(files.mask);
});

function orderFor(id: string, fields: Record<string, unknown>, input: ImageSize | null = null) {
  const endpoint = input ? ('edits' as const) : ('generations' as const);
  const model = { ...describeModel(id), service: 'openai' };
  const send = () => Promise.reject(new Error('not sent'));
  return {
    endpoint,
    model,
    provider: createDouble(),
    fields: parseFields(fields),
    input,
    fingerprint: () => '',
    send,
  };
}

test('the estimate is that of what is really sent', () => {
  const chars = (16 + PROMPT.prompt.length) * 5;
  const low = { prompt: PROMPT.prompt, quality: 'low' };
  const cheap = (fields: object) => estimateUsd(orderFor('gpt-image-2', { ...low, ...fields }));
  expect(cheap({ size: '1024x1024' })).toBeCloseTo((196 * 30 + chars) / 1e6, 9);
  expect(cheap({ size: '1024x1024', n: 3 })).toBeCloseTo((3 * 196 * 30 + chars) / 1e6, 9);
  // A square is what is asked for when nothing is said.
  expect(cheap({})).toBe(cheap({ size: '1024x1024' }));
  // The smallest square of the model is asked for in place of a smaller one.
  expect(cheap({ size: '256x256' })).toBe(cheap({ size: '816x816' }));
  const edit = (input: ImageSize, fields = {}) =>
    estimateUsd(orderFor('gpt-image-2', { ...low, ...fields }, input))!;
  // 32 by 32 patches of the picture that is sent.
  expect(edit({ width: 1024, height: 1024 }) - cheap({})!).toBeCloseTo((1024 * 8) / 1e6, 9);
  // An edit keeps the size of its picture.
  expect(edit({ width: 2048, height: 1024 })).toBe(
    edit({ width: 2048, height: 1024 }, { size: '2048x1024' }),
  );
  const unnamed = orderFor('gpt-image-2', { prompt: 'a lake' });
  expect(estimateUsd(unnamed)).toBe(
    estimateUsd(orderFor('gpt-image-2', { prompt: 'a lake', quality: unnamed.model.defaultQuality })),
  );
  expect(estimateUsd(orderFor('dall-e-2', { prompt: 'a lake', size: '512x512', n: 3 }))).toBeCloseTo(
    0.054,
    9,
  );
  expect(estimateUsd(orderFor('a-model-nobody-knows', { prompt: 'a lake' }))).toBeNull();
});

test('every unfinished picture of a stream is estimated as 100 more tokens', () => {
  const order = orderFor('gpt-image-2', { prompt: 'a lake' });
  const streamed = { ...order, fields: { ...order.fields, partials: 2 } };
  expect(estimateUsd(streamed)! - estimateUsd(order)!).toBeCloseTo((2 * 100 * 30) / 1e6, 9);
});

test('the bill is that of the tokens, where there are any', () => {
  const usage = {
    input_tokens: 110,
    output_tokens: 200,
    total_tokens: 310,
    input_tokens_details: { text_tokens: 10, image_tokens: 100 },
  };
  const { model } = orderFor('gpt-image-2', {});
  expect(costUsd(model, usage)).toBeCloseTo((10 * 5 + 100 * 8 + 200 * 30) / 1e6, 9);
  expect(costUsd(model, null)).toBeNull();
  expect(costUsd(orderFor('dall-e-2', {}).model, usage)).toBeNull();
  expect(costUsd(orderFor('a-model-nobody-knows', {}).model, usage)).toBeNull();
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '::/64'],
  ['forged, 203.0.113.7', 'unknown'],
  ['', 'unknown'],
])('the client behind %s is %s', (ip, client) => {
  expect(clientOf({ ip })).toBe(client);
});
