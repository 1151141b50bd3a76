import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CropRequest } from '../../src/blend/cropPlan.ts';
import { type PixelRect, pixelRect } from '../../src/geometry/rect.ts';
import type { ImageRef } from '../../src/raster/layerStack.ts';
import { draw, landscape, type Pixels, translucent } from '../pictures.ts';
import { base64, type CodecPage, differing, fromBase64, openCodecPage, pixelsOf } from './codecPage.ts';
import type { CodecOnPage } from './page.ts';

let codec: CodecPage;
beforeAll(async () => {
  codec = await openCodecPage();
});
afterAll(() => codec.close());

const free = (changes: object = {}): CropRequest['sizes'] => ({
  kind: 'free',
  step: 16,
  minPixels: 4096,
  maxPixels: 1e6,
  maxEdge: 2048,
  maxRatio: 3,
  wholeUpTo: 67_108_864,
  ...changes,
});

const png = ({ data, width, height }: Pixels) => sharp(data, { raw: { width, height, channels: 4 } }).png();

async function open(picture: Pixels | Uint8Array): Promise<ImageRef> {
  const file = picture instanceof Uint8Array ? picture : await png(picture).toBuffer();
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  return opened.ref;
}

const at = (pixels: ArrayLike<number>, width: number, x: number, y: number) =>
  Array.from({ length: 4 }, (_, c) => pixels[(y * width + x) * 4 + c]!);

test('sent and returned at scale 1 the pixels are the same; padding repeats the edge', async () => {
  const picture = translucent(101, 75);
  const ref = await open(picture);
  const { plan, image, mask } = await codec.call('send', { picture: ref }, pixelRect(20, 20, 30, 10), free());
  expect(plan.sent).toEqual({ width: 112, height: 80 });
  const sent = await pixelsOf(image);
  expect(at(sent, 112, 50, 30)).toEqual(at(picture.data, 101, 50, 30));
  expect(at(sent, 112, 111, 79)).toEqual(at(picture.data, 101, 100, 74));
  const sentMask = await pixelsOf(mask);
  expect(at(sentMask, 112, 20, 20)).toEqual([255, 255, 255, 0]);
  expect(at(sentMask, 112, 19, 20)).toEqual([0, 0, 0, 255]);

  const result = await codec.call('addResult', image, plan, ref);
  expect(result).toMatchObject({ width: 101, height: 75 });
  expect(differing(await pixelsOf(await codec.call('blob', result.id)), picture.data)).toBe(0);
});

test('an accepted result changes nothing outside the mask', async () => {
  const picture = translucent(300, 200);
  const ref = await open(picture);
  const masked = pixelRect(40, 30, 100, 60);
  const { plan } = await codec.call('send', { picture: ref }, masked, free());
  const answer = draw(plan.sent.width * 2, plan.sent.height * 2, () => [250, 10, 20, 255]);
  const image = await codec.call('addResult', base64(await png(answer).toBuffer()), plan, ref);
  // The page's layers cover their whole rectangle: here that of the mask, cut from the result by its plan.
  const cut = await codec.call(
    'addResult',
    base64(await png(answer).toBuffer()),
    { ...plan, rect: masked },
    ref,
  );
  const after = { picture: ref, layers: [{ image: cut, rect: masked }] };
  const half = pixelRect(40, 30, 50, 60);
  const count = (painted: PixelRect, blended: PixelRect) =>
    codec.call('countChanges', { picture: ref }, after, painted, blended);
  expect(await count(masked, masked)).toEqual({ outside: 0, beside: 0 });
  expect(await count(half, half)).toEqual({ outside: 50 * 60, beside: 0 });
  expect(await count(half, masked)).toEqual({ outside: 0, beside: 50 * 60 });
  const merged = await pixelsOf(await codec.call('encode', after));
  expect(at(merged, 300, 90, 60)).toEqual([250, 10, 20, 255]);
  expect(at(merged, 300, 39, 30)).toEqual(at(picture.data, 300, 39, 30));
  expect(image).toMatchObject({ width: 300, height: 200 });
});

test('a result is converted into the document’s colour space, and comes back from storage as it was', async () => {
  const wide = draw(64, 64, () => [200, 100, 50, 255]);
  const p3 = await open(await png(wide).removeAlpha().withIccProfile('p3').png().toBuffer());
  const { plan, image } = await codec.call('send', { picture: p3 }, pixelRect(0, 0, 64, 64), free());
  // What is sent is sRGB again.
  const sent = at(await pixelsOf(image), 64, 10, 10);
  for (const [c, value] of [200, 100, 50].entries())
    expect(Math.abs(sent[c]! - value)).toBeLessThanOrEqual(2);
  const red = draw(64, 64, () => [255, 0, 0, 255]);
  const result = await codec.call('addResult', base64(await png(red).toBuffer()), plan, p3);
  const stored = await codec.call('blob', result.id);
  const [r, g, b] = at(await pixelsOf(stored), 64, 5, 5);
  expect(Math.abs(r! - 234) + Math.abs(g! - 51) + Math.abs(b! - 35)).toBeLessThanOrEqual(3);
  await codec.call('forget', result.id);
  const again = await codec.call('open', stored, 'same-id');
  expect(again.error).toBeNull();
  const exported = await codec.call('encode', { picture: { ...result, id: 'same-id' } });
  expect(await pixelsOf(exported)).toEqual(await pixelsOf(stored));
});

test('a large document is scaled to the budget and back', async () => {
  const picture = landscape(1600, 1200);
  const ref = await open(picture);
  const whole = pixelRect(0, 0, 1600, 1200);
  const { plan, image } = await codec.call('send', { picture: ref }, whole, free({ maxPixels: 500_000 }));
  expect(plan.scale).toBeLessThan(0.6);
  const result = await codec.call('addResult', image, plan, ref);
  expect(result).toMatchObject({ width: 1600, height: 1200 });
  const back = await pixelsOf(await codec.call('blob', result.id));
  const mean = back.reduce((sum, v, i) => sum + Math.abs(v - picture.data[i]!), 0) / back.length;
  expect(mean).toBeLessThan(3);
});

test('mask and hole are written with straight alpha', async () => {
  const picture = translucent(50, 40);
  const ref = await open(picture);
  const rect = pixelRect(10, 10, 5, 5);
  const mask = await pixelsOf(await codec.call('encodeMask', rect, pixelRect(0, 0, 50, 40), ref));
  expect([at(mask, 50, 10, 10), at(mask, 50, 9, 10)]).toEqual([
    [255, 255, 255, 0],
    [0, 0, 0, 255],
  ]);
  const hole = await pixelsOf(await codec.call('encodeHole', { picture: ref }, rect));
  expect(at(hole, 50, 12, 12)).toEqual([...at(picture.data, 50, 12, 12).slice(0, 3), 0]);
  expect(at(hole, 50, 30, 30)).toEqual(at(picture.data, 50, 30, 30));
});

test('JPEG lies on white, WebP keeps alpha', async () => {
  const clear = await open(draw(40, 40, (x) => (x < 20 ? [255, 0, 0, 0] : [0, 0, 255, 255])));
  const jpeg = await sharp(
    fromBase64(await codec.call('encode', { picture: clear }, { format: 'image/jpeg' })),
  )
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(jpeg.info.channels).toBe(3);
  expect([...jpeg.data.subarray(0, 3)].every((v) => v > 250)).toBe(true);
  const webp = sharp(fromBase64(await codec.call('encode', { picture: clear }, { format: 'image/webp' })));
  const decoded = await webp.ensureAlpha().raw().toBuffer();
  expect([decoded[3], decoded[39 * 4 + 3]]).toEqual([0, 255]);
});

const viewOf = async (...args: Parameters<CodecOnPage['view']>) =>
  fromBase64(await codec.call('view', ...args));

test('views: whole pixels when magnified, averages when minified, transparent outside, layers at every level', async () => {
  const size = 1024;
  // Columns of 1 px, black and white; grey from afar.
  const ref = await open(draw(size, size, (x) => (x % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255])));
  const near = await viewOf({ picture: ref }, { x: 10, y: 10, width: 4, height: 4 }, 16, 16);
  expect([at(near, 16, 0, 0), at(near, 16, 3, 0), at(near, 16, 4, 0)]).toEqual([
    [0, 0, 0, 255],
    [0, 0, 0, 255],
    [255, 255, 255, 255],
  ]);
  const far = await viewOf({ picture: ref }, { x: -512, y: 0, width: 2048, height: 1024 }, 256, 128);
  expect(at(far, 256, 20, 60)).toEqual([0, 0, 0, 0]);
  for (const value of at(far, 256, 128, 60).slice(0, 3)) expect(Math.abs(value - 128)).toBeLessThanOrEqual(3);

  const rect: PixelRect = pixelRect(301, 203, 401, 299);
  const layer = await open(draw(rect.width, rect.height, () => [0, 200, 0, 255]));
  const shown = { picture: ref, layers: [{ image: layer, rect }] };
  for (const out of [1024, 512, 200, 100]) {
    const view = await viewOf(shown, { x: 0, y: 0, width: size, height: size }, out, out);
    const place = (v: number) => Math.floor((v * out) / size);
    expect(at(view, out, place(500), place(350)), `at ${out}`).toEqual([0, 200, 0, 255]);
    const [r, g] = at(view, out, place(200), place(350));
    if (out < 1024) expect(Math.abs(r! - g!)).toBeLessThanOrEqual(1);
  }
});

test('thumbnails, also of a frame beyond the picture', async () => {
  const ref = await open(landscape(640, 320));
  expect(await codec.call('thumbnail', { picture: ref }, 128)).toEqual({ width: 128, height: 64 });
  const grown = { picture: ref, frame: pixelRect(-160, -160, 960, 640) };
  expect(await codec.call('thumbnail', grown, 96)).toEqual({ width: 96, height: 64 });
  const exported = await pixelsOf(await codec.call('encode', grown));
  expect(at(exported, 960, 5, 5)).toEqual([0, 0, 0, 0]);
});

test('an abort rejects at once; a worker that ended is started again and knows its images', async () => {
  const picture = landscape(2500, 2000);
  const ref = await open(picture);
  const aborted = await codec.call('abort', { picture: ref });
  expect(aborted.name).toBe('AbortError');
  const { plan, image } = await codec.call('send', { picture: ref }, pixelRect(0, 0, 99, 99), free());
  const result = await codec.call('addResult', image, plan, ref);
  const before = await codec.call('blob', result.id);
  expect(await codec.call('end', { picture: ref })).toBe('worker-failed');
  expect(differing(await pixelsOf(await codec.call('encode', { picture: ref })), picture.data)).toBe(0);
  expect(await codec.call('blob', result.id)).toBe(before);
});
