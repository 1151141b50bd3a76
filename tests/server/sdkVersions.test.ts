import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import OpenAI7, { BadRequestError as BadRequest7, toFile as toFile7 } from 'openai';
import { Configuration, OpenAIApi } from 'openai-v3';
import OpenAI4, { BadRequestError as BadRequest4, toFile as toFile4 } from 'openai-v4';
import sharp from 'sharp';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { paintPng, serve } from './support.ts';

/**
 * Clients of 2023 and of today as their guides show them, unchanged but for the base URL, against the embedded engine.
 */
const SIDE = 64;
const inHole = (x: number, y: number) => x >= 16 && x < 40 && y >= 16 && y < 40;
const IMAGE = await paintPng(SIDE, SIDE, (x, y) => [x * 3, y * 3, 120, 255]);
const MASK = await paintPng(SIDE, SIDE, (x, y) => [0, 0, 0, inHole(x, y) ? 0 : 255]);
const before = await sharp(IMAGE).raw().toBuffer();

const start = async () => (await serve(createOfflineProvider())).url;

/** Temporary files of the picture and its mask, as the old guides read them from the disk. */
async function onDisk() {
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [image, mask] = [join(folder, 'image.png'), join(folder, 'mask.png')];
  await Promise.all([writeFile(image, IMAGE), writeFile(mask, MASK)]);
  return { image, mask };
}

interface Datum {
  readonly url?: string | null | undefined;
  readonly b64_json?: string | null | undefined;
}

/** The bytes of one result, fetched where it is a URL. */
async function bytesOf({ url, b64_json: base64 }: Datum): Promise<Buffer> {
  if (base64) return Buffer.from(base64, 'base64');
  const response = await fetch(url ?? '');
  expect(response.headers.get('content-type')).toBe('image/png');
  return Buffer.from(await response.arrayBuffer());
}

async function expectSquares(data: readonly Datum[] | undefined, count: number, side: number): Promise<void> {
  expect(data).toHaveLength(count);
  for (const item of data ?? [])
    expect(await sharp(await bytesOf(item)).metadata()).toMatchObject({ width: side, height: side });
}

/** The hole is new and whole, everything else as it was. */
async function expectFilled(data: readonly Datum[] | undefined, count: number): Promise<void> {
  expect(data).toHaveLength(count);
  for (const item of data ?? []) {
    const after = await sharp(await bytesOf(item))
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect(after.length).toBe(before.length);
    for (let i = 0; i < SIDE * SIDE; i++)
      if (!inHole(i % SIDE, Math.floor(i / SIDE)))
        expect(after.subarray(i * 4, i * 4 + 4)).toEqual(before.subarray(i * 4, i * 4 + 4));
  }
}

/** 3.x wants a browser's File by its types, and in Node gets a stream, or a Buffer with a name. */
const asFile = (data: unknown) => data as File;
const named = (data: Buffer, name: string) => Object.assign(Buffer.from(data), { name });

const client3 = (url: string) =>
  new OpenAIApi(new Configuration({ apiKey: 'sk-any', basePath: `${url}/v1` }));

test('openai 3: createImage answers with URLs that can be fetched', async () => {
  const openai = client3(await start());
  const { data } = await openai.createImage({ prompt: 'a white siamese cat', n: 2, size: '256x256' });
  expect(Object.keys(data.data[0] ?? {})).toEqual(['url']);
  await expectSquares(data.data, 2, 256);
});

test('openai 3: createImageEdit with files from the disk, and with Buffers that have a name', async () => {
  const openai = client3(await start());
  const { image, mask } = await onDisk();
  const streamed = await openai.createImageEdit(
    asFile(createReadStream(image)),
    'A sunlit indoor lounge area with a pool containing a flamingo',
    asFile(createReadStream(mask)),
    1,
  );
  await expectFilled(streamed.data.data, 1);
  const buffers = await openai.createImageEdit(
    asFile(named(IMAGE, 'image.png')),
    'x',
    asFile(named(MASK, 'mask.png')),
    2,
    '1024x1024',
  );
  await expectSquares(buffers.data.data, 2, 1024);
});

test('openai 3: createImageVariation', async () => {
  const openai = client3(await start());
  const { image } = await onDisk();
  const { data } = await openai.createImageVariation(
    asFile(createReadStream(image)),
    1,
    '512x512',
    'b64_json',
  );
  expect(Object.keys(data.data[0] ?? {})).toEqual(['b64_json']);
  await expectSquares(data.data, 1, 512);
});

test('openai 3: a refusal has its status and body where the guide looks for them', async () => {
  const openai = client3(await start());
  const error = await openai.createImage({ prompt: '', n: 1 }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    response: {
      status: 400,
      data: { error: { code: 'missing_required_parameter', param: 'prompt', type: 'invalid_request_error' } },
    },
  });
});

/** 4.x and 7.x have the same calls. */
const modern = [
  [
    'openai 4',
    (url: string) => new OpenAI4({ apiKey: 'sk-any', baseURL: `${url}/v1` }),
    toFile4,
    BadRequest4,
  ],
  [
    'openai 7',
    (url: string) => new OpenAI7({ apiKey: 'sk-any', baseURL: `${url}/v1` }),
    toFile7,
    BadRequest7,
  ],
] as const;

test.each(modern)(
  '%s: generate, edit with mask and variation of dall-e-2 with files from the disk',
  async (_name, connect) => {
    const { images } = connect(await start()) as OpenAI7;
    const { image, mask } = await onDisk();
    const made = await images.generate({
      model: 'dall-e-2',
      prompt: 'a white siamese cat',
      n: 2,
      size: '256x256',
    });
    expect(Object.keys(made.data?.[0] ?? {})).toEqual(['url']);
    await expectSquares(made.data, 2, 256);
    const edited = await images.edit({
      model: 'dall-e-2',
      image: createReadStream(image),
      mask: createReadStream(mask),
      prompt: 'x',
      response_format: 'b64_json',
    });
    await expectFilled(edited.data, 1);
    const varied = await images.createVariation({ model: 'dall-e-2', image: createReadStream(image), n: 2 });
    await expectSquares(varied.data, 2, SIDE);
  },
);

test.each(modern)('%s: several pictures from memory for a model of today', async (_name, connect, toFile) => {
  const { images } = connect(await start()) as OpenAI7;
  const upload = (data: Buffer, name: string) => toFile(data, name, { type: 'image/png' }) as Promise<File>;
  const edited = await images.edit({
    model: 'gpt-image-1',
    image: [await upload(IMAGE, 'a.png'), await upload(MASK, 'b.png')],
    mask: await upload(MASK, 'mask.png'),
    prompt: 'x',
    quality: 'high',
    size: 'auto',
    n: 2,
  });
  expect(Object.keys(edited.data?.[0] ?? {})).toEqual(['b64_json']);
  await expectFilled(edited.data, 2);
});

test.each(modern)(
  '%s: a refusal is of its class, with status, code and param, and is not repeated',
  async (_name, connect, _toFile, BadRequest) => {
    const { images } = connect(await start()) as OpenAI7;
    const error = await images
      .generate({ model: 'dall-e-2', prompt: 'x', n: 11 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BadRequest);
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_value',
      param: 'n',
      type: 'invalid_request_error',
    });
  },
);

test.each(modern)('%s: models are listed and read', async (_name, connect) => {
  const { models } = connect(await start()) as OpenAI7;
  const ids: string[] = [];
  for await (const { id } of models.list()) ids.push(id);
  expect(ids).toEqual(['lacuna-embedded']);
  expect(await models.retrieve('lacuna-embedded')).toMatchObject({ object: 'model', owned_by: 'lacuna' });
});

let hasCurl = false;
beforeAll(async () => {
  hasCurl = await promisify(execFile)('curl', ['--version']).then(
    () => true,
    () => false,
  );
  if (!hasCurl) process.stderr.write('\ncurl is not installed: its examples are NOT tested.\n');
});

/** Runs curl without a shell and without the user's own settings. */
async function curl(...args: string[]): Promise<ImagesReply & { readonly error?: unknown }> {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(
    'curl',
    ['-q', '--silent', '--noproxy', '*', ...args],
    options,
  );
  return JSON.parse(stdout) as ImagesReply;
}

const KEY = ['-H', 'Authorization: Bearer sk-any'];

test('curl: the examples of the guide', async (context) => {
  context.skip(!hasCurl, 'curl is not installed');
  const url = await start();
  const { image, mask } = await onDisk();
  const body = '{"model":"dall-e-2","prompt":"a white siamese cat","n":1,"size":"256x256"}';
  const made = await curl(
    `${url}/v1/images/generations`,
    '-H',
    'Content-Type: application/json',
    ...KEY,
    '-d',
    body,
  );
  await expectSquares(made.data, 1, 256);
  const edited = await curl(
    `${url}/v1/images/edits`,
    ...KEY,
    ...['-F', `image=@${image}`, '-F', `mask=@${mask}`],
    ...['-F', 'prompt=A sunlit indoor lounge area with a pool', '-F', 'n=1'],
  );
  await expectFilled(edited.data, 1);
  const varied = await curl(
    `${url}/v1/images/variations`,
    ...KEY,
    ...['-F', `image=@${image}`, '-F', 'n=1', '-F', 'size=256x256'],
  );
  await expectSquares(varied.data, 1, 256);
  const several = await curl(
    `${url}/v1/images/edits`,
    ...KEY,
    ...['-F', 'model=gpt-image-1', '-F', `image[]=@${image}`, '-F', `image[]=@${mask}`, '-F', 'prompt=x'],
  );
  await expectSquares(several.data, 1, SIDE);
  expect(await curl(`${url}/v1/images/edits`, ...KEY, '-F', 'prompt=x')).toMatchObject({
    error: { code: 'missing_required_parameter', param: 'image' },
  });
});
