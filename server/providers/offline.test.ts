import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { createOfflineProvider } from './offline.ts';
import type { EditRequest, GenerateRequest, PartialPicture, ProviderImage } from './provider.ts';

const provider = createOfflineProvider({ threads: 2 });
afterAll(() => provider.close());
const never = new AbortController().signal;
const quiet = { partials: null };

const SIDE = 48;
const request: GenerateRequest = {
  prompt: 'a blue sea with a unicorn',
  n: 1,
  size: null,
  seed: 7,
  quality: null,
  format: 'png',
  compression: null,
  model: '',
  user: null,
  settings: {},
};

async function png(
  paint: (x: number, y: number) => readonly [number, number, number, number],
): Promise<ProviderImage> {
  const pixels = new Uint8Array(SIDE * SIDE * 4);
  for (let i = 0; i < SIDE * SIDE; i++) pixels.set(paint(i % SIDE, Math.floor(i / SIDE)), i * 4);
  const data = await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 4 } })
    .png()
    .toBuffer();
  return { data, mime: 'image/png', width: SIDE, height: SIDE };
}

const striped = png((x, y) => [(x + y) % 8 < 4 ? 200 : 50, 90, 70, 255]);
const inHole = (x: number, y: number) => x >= 16 && x < 32 && y >= 16 && y < 32;
const mask = png((x, y) => [0, 0, 0, inHole(x, y) ? 0 : 255]);
const edit = async (changes: Partial<EditRequest> = {}): Promise<EditRequest> => ({
  ...request,
  images: [await striped],
  mask: await mask,
  markup: null,
  ...changes,
});
const pixelsOf = (data: Uint8Array) => sharp(data).ensureAlpha().raw().toBuffer({ resolveWithObject: true });

test('an edit keeps every pixel outside the mask and fills the rest', async () => {
  const { images, words } = await provider.edit(never, await edit(), quiet);
  expect(words).toBeNull();
  expect(images).toHaveLength(1);
  expect(images[0]!.mime).toBe('image/png');
  const before = await pixelsOf((await striped).data);
  const after = await pixelsOf(images[0]!.data);
  expect([after.info.width, after.info.height]).toEqual([SIDE, SIDE]);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const filled = after.data.subarray(i * 4, i * 4 + 4);
    if (inHole(i % SIDE, Math.floor(i / SIDE))) expect(filled[3]).toBe(255);
    else if (!filled.equals(before.data.subarray(i * 4, i * 4 + 4))) throw new Error(`pixel ${i} changed`);
  }
});

test('n results differ from each other; the same seed gives the same files', async () => {
  const several = await edit({
    n: 3,
    images: [await png((x, y) => [(x * 37 + y * 91 + x * y) % 200, 90, 70, 255])],
  });
  const [first, second] = [
    await provider.edit(never, several, quiet),
    await provider.edit(never, several, quiet),
  ];
  expect(first.images).toHaveLength(3);
  expect(new Set(first.images.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(3);
  expect(second.images.map(({ data }) => [...data])).toEqual(first.images.map(({ data }) => [...data]));
});

test('a size resizes the result, a format encodes it', async () => {
  const wanted = await edit({ size: { width: 30, height: 60 }, format: 'webp', compression: 80 });
  const { images } = await provider.edit(never, wanted, quiet);
  const { width, height, format } = await sharp(images[0]!.data).metadata();
  expect([width, height, format, images[0]!.mime]).toEqual([30, 60, 'webp', 'image/webp']);
});

test('an edit of a picture whose mask keeps nothing is a sketch of the prompt', async () => {
  const all = await png(() => [0, 0, 0, 0]);
  const { images, words } = await provider.edit(never, await edit({ mask: all }), quiet);
  expect(words).toEqual({ used: ['blue', 'sea'], ignored: ['unicorn'] });
  expect((await pixelsOf(images[0]!.data)).info.width).toBe(SIDE);
});

test('an edit without a mask is a variation of the size of the picture', async () => {
  const { images } = await provider.edit(never, await edit({ mask: null }), quiet);
  const { data, info } = await pixelsOf(images[0]!.data);
  expect([info.width, info.height]).toEqual([SIDE, SIDE]);
  expect(data.equals((await pixelsOf((await striped).data)).data)).toBe(false);
  const { prompt: _, ...rest } = request;
  const variation = await provider.vary(never, { ...rest, image: await striped }, quiet);
  expect([...variation.images[0]!.data]).toEqual([...images[0]!.data]);
});

test('generate tells which words it used, and takes any size', async () => {
  const { images, words } = await provider.generate(
    never,
    { ...request, size: { width: 65, height: 33 } },
    quiet,
  );
  expect(words).toEqual({ used: ['blue', 'sea'], ignored: ['unicorn'] });
  const { width, height } = await sharp(images[0]!.data).metadata();
  expect([width, height]).toEqual([65, 33]);
});

test('without a seed every call gives another picture', async () => {
  const free = { ...request, seed: null, size: { width: 32, height: 32 } };
  const [a, b] = [await provider.generate(never, free, quiet), await provider.generate(never, free, quiet)];
  expect([...a.images[0]!.data]).not.toEqual([...b.images[0]!.data]);
});

test('an abort rejects with its reason while n results are being made', async () => {
  const abort = new AbortController();
  const running = provider.generate(
    abort.signal,
    { ...request, n: 4, size: { width: 6000, height: 6000 } },
    quiet,
  );
  setTimeout(() => abort.abort(new Error('changed my mind')), 50);
  await expect(running).rejects.toThrow('changed my mind');
});

test.each([
  ['edit', 'png'],
  ['generate', 'webp'],
  ['vary', 'jpeg'],
] as const)('%s delivers unfinished pictures before its end, each a whole %s', async (kind, format) => {
  const size = { width: 100, height: 60 };
  const options = { ...request, size, format };
  const partials: PartialPicture[] = [];
  const progress = {
    partials: { count: 3, onPartial: (partial: PartialPicture) => partials.push(partial) },
  };
  const result = await {
    edit: async () => provider.edit(never, await edit({ size, format }), progress),
    generate: () => provider.generate(never, options, progress),
    vary: async () => provider.vary(never, { ...options, image: await striped }, progress),
  }[kind]();
  expect(partials.length).toBeGreaterThan(0);
  expect(partials.map(({ index }) => index)).toEqual(partials.map((_, i) => i));
  for (const { data, mime } of partials) {
    expect(mime).toBe(`image/${format}`);
    expect(await sharp(data).metadata()).toMatchObject({ ...size, format });
    expect(Buffer.from(data).equals(Buffer.from(result.images[0]!.data))).toBe(false);
  }
});

test.each([0, 1, 2, 3])('of many stages %i are delivered when so many are wanted', async (count) => {
  let delivered = 0;
  const progress = {
    partials: {
      count,
      onPartial: () => {
        delivered++;
      },
    },
  };
  const prompt = 'stars over mountains, a forest, a field and fog in snow';
  await provider.generate(never, { ...request, prompt, size: { width: 40, height: 40 } }, progress);
  expect(delivered).toBe(count);
});
