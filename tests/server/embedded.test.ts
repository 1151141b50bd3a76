import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ImagesReply } from '../../server/contract.ts';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import { file, form, halfMask, paintPng, picture, serve } from './support.ts';

const pixels = async (base64: string | undefined) =>
  sharp(Buffer.from(base64 ?? '', 'base64'))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });

/** The whole way with the engine itself: official client, real sockets, worker threads. */
const start = () => serve(createOfflineProvider());

test('an erased square is filled from the rest of the picture', async () => {
  const { client } = await start();
  const hole = (x: number, y: number) => x >= 24 && x < 40 && y >= 16 && y < 32;
  const stripes = (x: number) => (x % 8 < 4 ? ([220, 40, 40, 255] as const) : ([40, 40, 220, 255] as const));
  const spoiled = await paintPng(64, 48, (x, y) => (hole(x, y) ? [0, 255, 0, 255] : stripes(x)));
  const mask = await paintPng(64, 48, (x, y) => (hole(x, y) ? [255, 255, 255, 0] : [0, 0, 0, 255]));
  const ask = () =>
    client.images.edit({
      image: file(spoiled),
      mask: file(mask),
      prompt: 'stripes',
      response_format: 'b64_json',
      ...{ seed: 5 },
    });
  const reply = await ask();
  const { data, info } = await pixels(reply.data?.[0]?.b64_json);
  expect([info.width, info.height]).toEqual([64, 48]);
  for (let y = 0; y < 48; y++)
    for (let x = 0; x < 64; x++) {
      const [r = 0, g = 0, b = 0] = data.subarray((y * 64 + x) * 4);
      if (hole(x, y)) expect(g).toBeLessThan(100);
      else expect([r, g, b]).toEqual(stripes(x).slice(0, 3));
    }
  expect((await ask()).data?.[0]?.b64_json).toBe(reply.data?.[0]?.b64_json);
});

test('a text makes pictures of the size asked for, and says which words it used', async () => {
  const { client } = await start();
  const reply = await client.images.generate({
    model: 'gpt-image-2',
    prompt: 'a red sunset over the sea, zyzzyva',
    n: 2,
    size: '256x128' as '256x256',
  });
  const results = await Promise.all((reply.data ?? []).map((item) => pixels(item.b64_json)));
  expect(results.map(({ info }) => [info.width, info.height])).toEqual([
    [256, 128],
    [256, 128],
  ]);
  expect(results[0]?.data.equals(results[1]?.data ?? Buffer.of())).toBe(false);
  expect(reply).toMatchObject({ lacuna: { ignored: expect.arrayContaining(['zyzzyva']) } });
});

test('a variation has the size of the picture and differs from it', async () => {
  const { client } = await start();
  const image = await picture(96, 64);
  const reply = await client.images.createVariation({ image: file(image), response_format: 'b64_json' });
  const { data, info } = await pixels(reply.data?.[0]?.b64_json);
  expect([info.width, info.height]).toEqual([96, 64]);
  expect(data.equals((await pixels(image.toString('base64'))).data)).toBe(false);
});

test.each([
  ['edits', 'content-aware fill, not AI'],
  ['generations', 'procedural sketch, not AI'],
  ['variations', 'variation, not AI'],
] as const)('pictures of %s say in their file what they are', async (endpoint, what) => {
  const { url } = await start();
  const image = file(await picture());
  const mask = file(await halfMask());
  const fields = {
    edits: { image, mask, prompt: 'x' },
    generations: { prompt: 'sea', size: '32x32', model: 'gpt-image-2' },
    variations: { image },
  }[endpoint];
  const body = form({ ...fields, ...(endpoint === 'generations' ? {} : { response_format: 'b64_json' }) });
  const response = await fetch(`${url}/v1/images/${endpoint}`, { method: 'POST', body });
  const { data } = (await response.json()) as ImagesReply;
  const { comments } = await sharp(Buffer.from(data[0]!.b64_json!, 'base64')).metadata();
  expect(comments).toEqual([{ keyword: 'Software', text: `Lacuna embedded engine: ${what}` }]);
});

test('a wide-gamut picture keeps its profile and every known pixel', async () => {
  const { url } = await start();
  const image = await sharp(await picture())
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const body = form({
    image: file(image),
    mask: file(await halfMask()),
    prompt: 'x',
    response_format: 'b64_json',
  });
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body });
  const { data, notices } = (await response.json()) as ImagesReply;
  const result = Buffer.from(data[0]!.b64_json!, 'base64');
  const raw = (bytes: Buffer) => sharp(bytes, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
  const [before, after] = [await raw(image), await raw(result)];
  const known = (values: Buffer) => values.filter((_, at) => (at >> 2) % 64 >= 32);
  expect(Buffer.compare(known(after), known(before))).toBe(0);
  expect(after.equals(before)).toBe(false);
  const { icc } = await sharp(image).metadata();
  expect((await sharp(result).metadata()).icc?.equals(icc!)).toBe(true);
  expect(notices).toBeUndefined();
});

test.each([false, true])(
  '16 bits per channel are converted, and the reply says so (streamed: %s)',
  async (stream) => {
    const { url } = await start();
    const samples = Uint16Array.from({ length: 64 * 48 * 3 }, (_, at) => (at * 6007) & 0xffff);
    const raw = { width: 64, height: 48, channels: 3 } as const;
    const deep = await sharp(samples, { raw }).toColourspace('rgb16').png().toBuffer();
    const body = form({
      image: file(deep),
      mask: file(await halfMask()),
      prompt: 'x',
      ...(stream ? { stream: 'true' } : { response_format: 'b64_json' }),
    });
    const text = await (await fetch(`${url}/v1/images/edits`, { method: 'POST', body })).text();
    const last = stream ? text.slice(text.lastIndexOf('data: ') + 6) : text;
    const { notices, data, b64_json } = JSON.parse(last) as ImagesReply & { b64_json?: string };
    expect(notices).toEqual([{ code: 'converted_to_8_bit', message: expect.stringContaining('16 bits') }]);
    const result = await pixels(b64_json ?? data[0]?.b64_json);
    const kept = [...samples.keys()].filter((at) => Math.floor(at / 3) % 64 >= 32);
    const wrong = kept.filter((at) => {
      const value = result.data[Math.floor(at / 3) * 4 + (at % 3)];
      return value !== Math.round(samples[at]! / 257);
    });
    expect(wrong).toEqual([]);
  },
);

test('settings that the engine does not have are no error, and WebP comes when asked for', async () => {
  const { url } = await start();
  const body = form({
    image: file(await picture()),
    mask: file(await halfMask()),
    prompt: 'x',
    model: 'gpt-image-1.5',
    quality: 'high',
    output_format: 'webp',
  });
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body });
  expect(response.headers.get('x-lacuna-engine')).toBe('embedded');
  expect(await response.json()).toMatchObject({ output_format: 'webp', size: '64x48' });
});

test('where everything is erased the picture comes from the words', async () => {
  const { url } = await start();
  const everything = await paintPng(64, 48, () => [255, 255, 255, 0]);
  const body = form({ image: file(await picture()), mask: file(everything), prompt: 'a blue sea' });
  const response = await fetch(`${url}/v1/images/edits`, { method: 'POST', body });
  expect(await response.json()).toMatchObject({
    size: '64x48',
    lacuna: { used: expect.arrayContaining(['sea']) },
  });
});
