import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { file, form, halfMask, paintPng, picture, serve, serveUpstream } from './support.ts';

const EDITS = '/v1/images/edits';
const GENERATIONS = '/v1/images/generations';
const VARIATIONS = '/v1/images/variations';
const model = 'dall-e-2';

/** The 2023 way to say what to edit: one square PNG, transparent where it may change. */
const erased = (side: number) =>
  paintPng(side, side, (x, y) => [200, y % 200, 40, x < side / 2 && y < side / 2 ? 0 : 255]);

test.each(['256x256', '512x512', '1024x1024'] as const)(
  'dall-e-2 is asked for %s as it stands',
  async (size) => {
    const { upstream, client } = await serveUpstream();
    await client.images.generate({ model, prompt: 'x', size, n: 10 });
    await client.images.createVariation({ model, image: file(await picture(64, 64)), size, n: 3 });
    expect(upstream.calls.map(({ path, fields }) => [path, fields['size'], Number(fields['n'])])).toEqual([
      ['/v1/images/generations', size, 10],
      ['/v1/images/variations', size, 3],
    ]);
  },
);

test.each<[string, Record<string, unknown>, string]>([
  ['a size in between', { size: '300x300' }, 'size'],
  ['a size of later models', { size: '1024x1536' }, 'size'],
  ['no picture at all', { n: 0 }, 'n'],
  ['eleven pictures', { n: 11 }, 'n'],
  ['1001 characters', { prompt: 'x'.repeat(1001) }, 'prompt'],
  ['a quality of later models', { quality: 'high' }, 'quality'],
  ['another format', { output_format: 'webp' }, 'output_format'],
  ['a stream', { stream: true }, 'stream'],
])('%s is refused of dall-e-2', async (_what, asked, param) => {
  const { upstream, refused } = await serveUpstream();
  expect(await refused(GENERATIONS, { model, prompt: 'x', ...asked })).toMatchObject({ status: 400, param });
  expect(upstream.calls).toEqual([]);
});

test('a prompt of 1000 characters is taken', async () => {
  const { upstream, client } = await serveUpstream();
  await client.images.generate({ model, prompt: 'ü'.repeat(1000) });
  expect(upstream.calls).toHaveLength(1);
});

test("pictures for dall-e-2 are square PNGs below 4 MB, in OpenAI's words", async () => {
  const { upstream, refused, url } = await serveUpstream(
    {},
    { limits: { ...LIMITS, maxUploadBytes: 16 * MB } },
  );
  const vary = (data: Buffer, type = 'image/png') => form({ model, image: file(data, 'image.png', type) });
  const rule = 'Uploaded image must be a PNG and less than 4 MB.';
  const jpeg = await sharp(await picture(64, 64))
    .jpeg()
    .toBuffer();
  expect(await refused(VARIATIONS, vary(jpeg, 'image/jpeg'))).toMatchObject({
    status: 400,
    code: 'invalid_image_format',
    message: rule,
  });
  expect(await refused(VARIATIONS, vary(await pngOf(4 * MB)))).toMatchObject({
    status: 413,
    code: 'image_too_large',
    message: rule,
  });
  expect(await refused(VARIATIONS, vary(await picture(64, 48)))).toMatchObject({
    status: 400,
    code: 'invalid_image_file',
    param: 'image',
  });
  expect(upstream.calls).toEqual([]);
  const body = vary(await pngOf(4 * MB - 1));
  expect((await fetch(`${url}${VARIATIONS}`, { method: 'POST', body })).status).toBe(200);
});

const MB = 1024 * 1024;
const LIMITS = { maxUploadBytes: 2 * MB, maxPixels: 4_000_000, maxEdge: 4000 };

/** A PNG of exactly so many bytes: the rest is a chunk that readers skip. */
async function pngOf(bytes: number): Promise<Buffer> {
  const png = await picture(64, 64);
  const chunk = Buffer.alloc(bytes - png.length);
  chunk.writeUInt32BE(chunk.length - 12, 0);
  chunk.write('skIp', 4, 'latin1');
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

test('without a mask the transparency of the picture is sent to dall-e-2 as one', async () => {
  const { upstream, url } = await serveUpstream();
  const image = await erased(64);
  const body = form({ model, image: file(image), prompt: 'x', size: '256x256' });
  expect((await fetch(`${url}${EDITS}`, { method: 'POST', body })).status).toBe(200);
  const [call] = upstream.calls;
  const alpha = (data: Buffer | undefined) => sharp(data).extractChannel('alpha').raw().toBuffer();
  expect(await alpha(call?.files['mask']?.data)).toEqual(await alpha(image));
  expect(call?.files['image']?.data.equals(image)).toBe(true);
});

test('a mask that does not fit is refused in the words of the service', async () => {
  const { refused } = await serveUpstream();
  const ask = async (mask: Buffer) =>
    (await refused(EDITS, form({ model, image: file(await picture(64, 64)), mask: file(mask), prompt: 'x' })))
      .message;
  expect(await ask(await halfMask(32, 32))).toContain(
    'Invalid mask image format - mask size does not match image size',
  );
  expect(await ask(await picture(64, 64))).toContain(
    'Invalid mask image format - mask image missing alpha channel',
  );
});

test.each([
  [undefined, 'url'],
  ['url', 'url'],
  ['b64_json', 'b64_json'],
] as const)(
  'response_format %s of dall-e-2 is answered with %s, though the service is asked for base64',
  async (format, member) => {
    const { upstream, client } = await serveUpstream();
    const reply = await client.images.generate({
      model,
      prompt: 'x',
      ...(format ? { response_format: format } : {}),
    });
    expect(Object.keys(reply.data?.[0] ?? {})).toEqual([member]);
    expect(upstream.calls[0]?.fields).toMatchObject({ response_format: 'b64_json' });
    const url = reply.data?.[0]?.url;
    if (url) {
      const fetched = await fetch(url);
      expect(fetched.headers.get('cache-control')).toContain('max-age=3600');
      expect(await sharp(await fetched.bytes()).metadata()).toMatchObject({
        width: 48,
        height: 48,
        format: 'png',
      });
    }
  },
);

test('the embedded engine under the name dall-e-2 fills the transparency of a square PNG and keeps the rest', async () => {
  const { url } = await serve(createOfflineProvider());
  const image = await erased(64);
  const body = form({ model, image: file(image), prompt: 'x', n: '2', response_format: 'b64_json' });
  const response = await fetch(`${url}${EDITS}`, { method: 'POST', body });
  const { data } = (await response.json()) as ImagesReply;
  expect(data).toHaveLength(2);
  const before = await sharp(image).raw().toBuffer();
  for (const { b64_json: base64 = '' } of data) {
    const after = await sharp(Buffer.from(base64, 'base64')).ensureAlpha().raw().toBuffer();
    for (let at = 0; at < before.length; at += 4) {
      if (before[at + 3] === 255) expect(after.subarray(at, at + 4)).toEqual(before.subarray(at, at + 4));
      else expect(after[at + 3]).toBe(255);
    }
  }
});

test.each(['256x256', '512x512', '1024x1024'] as const)(
  'the embedded engine under the name dall-e-2 makes %s of everything',
  async (size) => {
    const { client } = await serve(createOfflineProvider());
    const image = () => erased(64).then((data) => file(data));
    const asked = { model, size, response_format: 'b64_json' } as const;
    const replies = [
      await client.images.generate({ ...asked, prompt: 'a white siamese cat' }),
      await client.images.edit({ ...asked, image: await image(), prompt: 'x' }),
      await client.images.createVariation({ ...asked, image: await image() }),
    ];
    const side = Number(size.split('x')[0]);
    for (const { data } of replies) {
      const made = sharp(Buffer.from(data?.[0]?.b64_json ?? '', 'base64'));
      expect(await made.metadata()).toMatchObject({ width: side, height: side, format: 'png' });
    }
  },
);
