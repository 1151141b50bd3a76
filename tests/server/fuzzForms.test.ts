import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { ErrorEnvelope } from '../../server/contract.ts';
import { appOptions, createDouble, halfMask, LIMITS, picture } from './support.ts';

/**
 * Requests that no client would write: whatever comes, the answer is a picture or a refusal in OpenAI's envelope. A
 * request that is never answered ends the test by its timeout.
 */
const TIMEOUT_MS = 120_000;
const ROUTES = ['/v1/images/edits', '/v1/images/variations', '/v1/images/generations'] as const;
const BOUNDARY = '----fuzz74';

let app: FastifyInstance;
const statuses = new Map<number, number>();
beforeAll(async () => {
  app = await createApp(await appOptions(createDouble(), {}, afterAll));
});
afterAll(() => app.close());

const PNG = await picture(8, 8);
const MASK = await halfMask(8, 8);
const JPEG = await sharp(PNG).jpeg().toBuffer();

/** In pieces as a socket brings them. */
const CHUNK = 65_536;
const inPieces = (body: Buffer) =>
  Readable.from(
    Array.from({ length: Math.ceil(body.length / CHUNK) }, (_, i) =>
      body.subarray(i * CHUNK, (i + 1) * CHUNK),
    ),
  );

async function expectAnswer(url: string, type: string, body: Buffer | string): Promise<void> {
  const payload = typeof body === 'string' ? body : inPieces(body);
  const response = await app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
  statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
  if (response.statusCode === 200) return;
  expect([400, 404, 413, 415]).toContain(response.statusCode);
  const { error } = response.json<ErrorEnvelope>();
  expect(error.message.length).toBeGreaterThan(5);
  expect(error.type).toBe('invalid_request_error');
}

const bytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((data) => Buffer.from(data));

const NAMES = [
  'image',
  'image[]',
  'image[0]',
  'mask',
  'mask[]',
  'markup',
  'prompt',
  'n',
  'size',
  'model',
  'stream',
];
const VALUES = [
  '1',
  '',
  '11',
  '-1',
  '1e9',
  'auto',
  '256x256',
  '0x0',
  'true',
  'null',
  'NaN',
  '\0',
  'ü🙂',
  '99999x1',
  '[]',
];
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'image[image]',
    '[]',
    '',
    ' ',
    'a'.repeat(5000),
    'a"b',
    'é',
  ),
  fc.string({ maxLength: 30 }),
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(PNG, MASK, JPEG) },
  { weight: 4, arbitrary: fc.constantFrom(...VALUES).map((value) => Buffer.from(value)) },
  bytes(0, 200),
  fc.constant(Buffer.alloc(LIMITS.maxUploadBytes / 3, 1)),
);

interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly type: string | undefined;
  readonly extra: string | undefined;
  readonly data: Buffer;
}

const orNothing = (arbitrary: fc.Arbitrary<string>) => fc.option(arbitrary, { nil: undefined });
const part: fc.Arbitrary<Part> = fc.record({
  name,
  fileName: orNothing(
    fc.constantFrom('a.png', '', '../../etc/passwd', 'a\0b', "UTF-8''%ff%fe", '"', 'x'.repeat(9000)),
  ),
  type: orNothing(
    fc.constantFrom(
      'image/png',
      'application/octet-stream',
      'text/plain; charset=no-such',
      'text/plain; charset=utf-16le',
      'multipart/mixed; boundary=inner',
      'application/json',
      'image/',
      ';;;',
    ),
  ),
  extra: orNothing(
    fc.constantFrom(
      'Content-Transfer-Encoding: base64',
      'Content-Length: 99999999999',
      'Content-Disposition: attachment',
      'X: '.padEnd(20_000, 'x'),
      'no colon here',
      ': empty',
    ),
  ),
  data: content,
});

function write(parts: readonly Part[], boundary: string): Buffer {
  const pieces = parts.flatMap(({ name, fileName, type, extra, data }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    const head = [
      `Content-Disposition: form-data; name="${name}"${file}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ...(extra === undefined ? [] : [extra]),
    ];
    return [Buffer.from(`--${boundary}\r\n${head.join('\r\n')}\r\n\r\n`), data, Buffer.from('\r\n')];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** What happens to a written body on its way: `at` and `to` are shares of its length. */
const damage = fc.oneof(
  { weight: 3, arbitrary: fc.constant((body: Buffer) => body) },
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((at) => (body: Buffer) => body.subarray(0, at * body.length)),
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), put: bytes(1, 40) }).map(
    ({ at, put }) =>
      (body: Buffer) =>
        Buffer.concat([body.subarray(0, at * body.length), put, body.subarray(at * body.length)]),
  ),
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.integer({ min: 1, max: 60 }) }).map(
    ({ at, cut }) =>
      (body: Buffer) =>
        Buffer.concat([body.subarray(0, at * body.length), body.subarray(at * body.length + cut)]),
  ),
  fc.constant((body: Buffer) => Buffer.concat([body, body])),
  fc.constant((body: Buffer) => Buffer.from(body.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')),
  fc.constant((body: Buffer) => body.subarray(0, -4)),
);
const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant(`multipart/form-data; boundary=${BOUNDARY}`) },
  fc.constantFrom(
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary="${BOUNDARY}`,
    `multipart/form-data; boundary=${BOUNDARY}; boundary=other`,
    `multipart/form-data; charset=utf-7; boundary=${BOUNDARY}`,
    `multipart/mixed; boundary=${BOUNDARY}`,
    `MULTIPART/FORM-DATA; BOUNDARY=${BOUNDARY}`,
    `multipart/form-data; boundary=${'b'.repeat(5000)}`,
    'multipart/form-data; boundary=--; boundary',
  ),
);

test('4000 forms that are wrong somewhere', { timeout: TIMEOUT_MS }, async () => {
  const request = fc.record({
    url: fc.constantFrom(...ROUTES),
    type: contentType,
    parts: fc.array(part, { maxLength: 6 }),
    change: damage,
  });
  await fc.assert(
    fc.asyncProperty(request, ({ url, type, parts, change }) =>
      expectAnswer(url, type, change(write(parts, BOUNDARY))),
    ),
    { numRuns: 4000 },
  );
  // The generator must reach the depths too: some of its forms are good.
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect(statuses.get(400)).toBeGreaterThan(100);
});

test('2000 JSON bodies of any shape', { timeout: TIMEOUT_MS }, async () => {
  const anything = fc.jsonValue({ maxDepth: 3 });
  const picture_ = fc.oneof(
    fc.constantFrom(PNG, MASK, JPEG).map((data) => ({
      image_url: `data:image/png;base64,${data.toString('base64')}`,
    })),
    fc.constantFrom({ image_url: 'http://10.0.0.1/' }, { file_id: 'file-1' }, { file_id: 7 }, 'a', null, 7, [
      [],
    ]),
    fc.constantFrom({ image_url: 'data:image/png;base64,' }, { image_url: 'data:,' }, { image_url: {} }),
    anything,
  );
  const known = (values: readonly unknown[]) => fc.oneof(fc.constantFrom(...values), anything);
  const body = fc.record(
    {
      prompt: known(['a tree', 'a tree', '', 7]),
      n: known([1, '2', 0, 1.5]),
      size: known(['auto', '256x256', '0x0', 256]),
      model: known(['', 'dall-e-2', '__proto__', null]),
      quality: known(['auto', 'high', 3]),
      stream: known([false, 'no', 1]),
      partial_images: known([0, '3', 4]),
      user: known(['a', 1]),
      seed: known([1, -1, 2 ** 40]),
      images: fc.oneof(fc.array(picture_, { maxLength: 3 }), picture_),
      mask: picture_,
      markup: picture_,
    },
    { requiredKeys: ['prompt'] },
  );
  const text = fc.oneof(
    { weight: 12, arbitrary: body.map((value) => JSON.stringify(value)) },
    fc.constantFrom('', '{', 'null', '[]', '"a"', '{"__proto__":{"prompt":"x"}}', '['.repeat(50_000)),
    fc.json(),
  );
  const type = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-16',
    'application/json;',
    'text/json',
    'application/x-www-form-urlencoded',
  );
  const weighted = fc.oneof({ weight: 9, arbitrary: fc.constant('application/json') }, type);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), weighted, text, (url, kind, payload) =>
      expectAnswer(url, kind, payload),
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [
    'thousands of parts',
    write(
      Array.from({ length: 5000 }, () => plain('a', '1')),
      BOUNDARY,
    ),
    413,
  ],
  [
    'thousands of pictures',
    write(
      Array.from({ length: 3000 }, () => upload(PNG)),
      BOUNDARY,
    ),
    413,
  ],
  ['a boundary that begins ever again', Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}`.repeat(40_000)), 400],
  ['nothing but line ends', Buffer.alloc(1_000_000, '\r\n'), 400],
  [
    'a header without end',
    Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nX: `), Buffer.alloc(1_000_000, 'x')]),
    400,
  ],
  ['a thousand headers', Buffer.from(`--${BOUNDARY}\r\n${'X: y\r\n'.repeat(5000)}\r\n`), 400],
])('%s in one form are refused', async (_what, payload, status) => {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const asked = { method: 'POST', url: ROUTES[0], headers, payload: inPieces(payload) } as const;
  const response = await app.inject(asked);
  expect(response.statusCode).toBe(status);
  expect(response.json<ErrorEnvelope>().error.type).toBe('invalid_request_error');
});

function plain(name: string, value: string): Part {
  return { name, fileName: undefined, type: undefined, extra: undefined, data: Buffer.from(value) };
}

function upload(data: Buffer): Part {
  return { name: 'image[]', fileName: 'a.png', type: 'image/png', extra: undefined, data };
}

test('a form inside a form is a file like any other', async () => {
  const inner = write([upload(PNG), plain('prompt', 'x')], 'inner');
  const outer = { ...upload(inner), type: 'multipart/mixed; boundary=inner' };
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const payload = write([outer, plain('prompt', 'x')], BOUNDARY);
  const response = await app.inject({ method: 'POST', url: ROUTES[0], headers, payload });
  expect(response.json()).toMatchObject({ error: { code: 'invalid_image_format' } });
});

test('a length that is announced but too much is refused before anything is read', async () => {
  for (const type of [`multipart/form-data; boundary=${BOUNDARY}`, 'application/json']) {
    const headers = { 'content-type': type, 'content-length': '99999999999' };
    const response = await app.inject({ method: 'POST', url: ROUTES[0], headers, payload: '--' });
    expect(response.statusCode).toBe(413);
    expect(response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  }
});
