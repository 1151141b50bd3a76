import type { Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOfflineProvider } from '../../server/providers/offline.ts';
import type { GenerateRequest, Progress, ProviderImage } from '../../server/providers/provider.ts';
import { changedPixels, decode, draw, landscape, pngOf } from '../pictures.ts';
import { startVitePage, type VitePage } from '../vitePage.ts';
import type { Asked, Told } from './enginePage.ts';

let served: VitePage;
let page: Page;
const server = createOfflineProvider({ threads: 1 });

beforeAll(async () => {
  served = await startVitePage('/tests/browser/enginePage.ts');
  page = await (await served.newContext()).newPage();
  await page.goto(`${served.origin}/`);
  await page.waitForFunction(() => 'make' in window);
});
afterAll(async () => {
  await served?.close();
  await server.close();
});

const make = (asked: Partial<Asked>): Promise<Told> =>
  page.evaluate((given) => (window as unknown as { make(one: Asked): Promise<Told> }).make(given), {
    kind: 'edit',
    prompt: 'x',
    size: '96x64',
    n: 1,
    seed: 77,
    partials: 0,
    ...asked,
  } as Asked);

const [width, height] = [96, 64];
const size = { width, height };
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const picture = landscape(width, height);
const inHole = (x: number, y: number) => x >= 30 && x < 60 && y >= 20 && y < 44;
/** With a soft edge, as a brush leaves it. */
const mask = draw(width, height, (x, y) => {
  if (inHole(x, y)) return [255, 255, 255, 0];
  return inHole(x - 1, y) ? [255, 255, 255, 128] : [0, 0, 0, 255];
});
const opened = draw(width, height, (x, y) => {
  const [r = 0, g = 0, b = 0] = picture.data.subarray((y * width + x) * 4);
  return [r, g, b, inHole(x, y) ? 0 : x < 8 ? 120 : 255];
});
const nothing = draw(width, height, () => [255, 255, 255, 0]);

const png = async (pixels: typeof picture) => new Uint8Array(await pngOf(pixels));
const onServer = async (pixels: typeof picture): Promise<ProviderImage> => ({
  data: await png(pixels),
  mime: 'image/png',
  ...size,
});
const words = (n: number): GenerateRequest => ({
  model: 'lacuna-embedded',
  prompt: 'red sea',
  n,
  seed: 77,
  size,
  quality: null,
  settings: {},
  format: 'png',
  compression: null,
  user: null,
});
const never = new AbortController().signal;
const noProgress: Progress = { partials: null };

const textsOf = async (file: Uint8Array) => (await sharp(file).metadata()).comments;

/** The same pixels, and the same words on who made them. */
async function expectSame(told: Told, made: readonly { readonly data: Uint8Array }[]) {
  expect(told.code).toBeNull();
  expect(told.pictures).toHaveLength(made.length);
  for (const [k, { data }] of made.entries()) {
    const [here, there] = await Promise.all([decode(Buffer.from(told.pictures[k]!, 'base64')), decode(data)]);
    expect([here.width, here.height]).toEqual([there.width, there.height]);
    expect(Buffer.compare(here.data, there.data), `result ${k}`).toBe(0);
    const says = await textsOf(data);
    expect(says).toHaveLength(1);
    expect(await textsOf(Buffer.from(told.pictures[k]!, 'base64'))).toEqual(says);
  }
}

test.each([
  ['a hole', picture, mask],
  ['a mask over everything', picture, nothing],
  ['no hole at all', picture, null],
])('the server and the browser make the same of an edit with %s', async (_, given, hole) => {
  const told = await make({
    prompt: 'red sea',
    n: 2,
    image: text(await png(given)),
    ...(hole && { mask: text(await png(hole)) }),
  });
  const request = {
    ...words(2),
    images: [await onServer(given)] as const,
    mask: hole && (await onServer(hole)),
    markup: null,
  };
  const made = await server.edit(never, request, noProgress);
  await expectSame(told, made.images);
  expect(told.words).toEqual(made.words);
});

test('a picture that is transparent somewhere is filled there, and its half transparent pixels stay', async () => {
  const told = await make({ image: text(await png(opened)) });
  const made = await decode(Buffer.from(told.pictures[0]!, 'base64'));
  const stays = (index: number) => opened.data[index * 4 + 3] !== 0;
  expect(changedPixels(opened, made, stays)).toBe(0);
  const alphas = Array.from({ length: width * height }, (_, i) => made.data[i * 4 + 3]);
  expect(alphas.includes(0)).toBe(false);
  // As the server reads it: a mask of what has alpha 0.
  const asMask = draw(width, height, (x, y) => (inHole(x, y) ? [255, 255, 255, 0] : [0, 0, 0, 255]));
  const request = {
    ...words(1),
    images: [await onServer(opened)] as const,
    mask: await onServer(asMask),
    markup: null,
  };
  await expectSame(told, (await server.edit(never, request, noProgress)).images);
});

test('variations and sketches are the same too, and the words of a sketch are told', async () => {
  const varied = await make({ kind: 'vary', n: 2, image: text(await png(picture)) });
  const request = { ...words(2), image: await onServer(picture) };
  await expectSame(varied, (await server.vary(never, request, noProgress)).images);

  const sketched = await make({ kind: 'generate', prompt: 'red sea', n: 3 });
  const made = await server.generate(never, words(3), noProgress);
  await expectSame(sketched, made.images);
  expect(sketched.words).toEqual(made.words);
  expect(new Set(sketched.pictures).size).toBe(3);
});

test('unfinished pictures come on the way, counted from 1, and the progress rises', async () => {
  const given = landscape(600, 400);
  const hole = draw(600, 400, (x, y) =>
    x > 150 && x < 450 && y > 80 && y < 320 ? [0, 0, 0, 0] : [0, 0, 0, 255],
  );
  const asked = { image: text(await png(given)), mask: text(await png(hole)), partials: 2 };
  const told = await make(asked);
  expect(told.numbers).toEqual([1, 2]);
  for (const [k, partial] of told.partials.entries()) {
    const shown = await decode(Buffer.from(partial, 'base64'));
    const kept = (index: number) => hole.data[index * 4 + 3] === 255;
    expect(changedPixels(given, shown, kept), `partial ${k}`).toBe(0);
    expect(changedPixels(given, shown)).toBeGreaterThan(10_000);
  }
  expect(told.progress.length).toBeGreaterThan(5);
  expect([...told.progress].sort((a, b) => a - b)).toEqual(told.progress);
  expect(told.progress.at(-1)).toBeLessThanOrEqual(1);

  const cancelled = await make({ ...asked, n: 3, cancelled: true });
  expect(cancelled.code).toBe('cancelled');
  expect(cancelled.cancelMs).toBeLessThan(200);
  // Its place is free again.
  expect((await make(asked)).code).toBeNull();
});

test('what can not be read, or needs more memory than there is, is told by its code', async () => {
  const image = await png(picture);
  const broken = await make({ n: 3, image: text(image.subarray(0, image.length - 40)) });
  expect(broken.code).toBe('invalid_image_file');
  const huge = await make({ kind: 'generate', size: '100000x100000' });
  expect(huge.code).toBe('internal_error');
  expect((await make({ image: text(image) })).code).toBeNull();
});
