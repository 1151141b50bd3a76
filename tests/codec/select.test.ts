import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../../src/geometry/rect.ts';
import type { ImageRef } from '../../src/raster/layerStack.ts';
import { draw, jpegOf, pngOf } from '../pictures.ts';
import { base64, type CodecPage, fromBase64, openCodecPage } from './codecPage.ts';

let page: CodecPage;
beforeAll(async () => {
  page = await openCodecPage();
});
afterAll(() => page.close());

async function open(file: Buffer): Promise<ImageRef> {
  const opened = await page.call('open', base64(file));
  if (opened.error) throw new Error(opened.error);
  return (opened as { ref: ImageRef }).ref;
}

const inRect = ({ x, y, width, height }: PixelRect, px: number, py: number) =>
  px >= x && px < x + width && py >= y && py < y + height;

/** How many pixels of a frame are not exactly as `wanted` says. */
function wrong(text: string, frame: PixelRect, wanted: (x: number, y: number) => boolean): number {
  const bytes = fromBase64(text);
  expect(bytes).toHaveLength(frame.width * frame.height);
  return bytes.filter((value, i) => {
    const [x, y] = [frame.x + (i % frame.width), frame.y + Math.floor(i / frame.width)];
    return value !== (wanted(x, y) ? 255 : 0);
  }).length;
}

const exact = { tolerance: 10, antialias: false };
const contiguous = { sample: 1, contiguous: true };

describe('magic wand, in the worker', () => {
  const plate = pixelRect(300, 200, 200, 100);
  const second = pixelRect(40, 420, 60, 60);
  const picture = draw(640, 520, (x, y) =>
    inRect(plate, x, y) || inRect(second, x, y) ? [200, 60, 60, 255] : [40 + ((x >> 3) & 7), 90, 140, 255],
  );

  test('takes a region exactly; the whole picture has the second one as well', async () => {
    const shown = { picture: await open(await pngOf(picture)) };
    const frame = pixelRect(0, 0, 640, 520);
    const seed = { x: 310, y: 210, ...contiguous };
    const one = await page.call('wand', shown, seed, exact);
    expect(wrong(one, frame, (x, y) => inRect(plate, x, y))).toBe(0);
    const both = await page.call('wand', shown, { ...seed, contiguous: false }, exact);
    expect(wrong(both, frame, (x, y) => inRect(plate, x, y) || inRect(second, x, y))).toBe(0);
  });

  test('a picture that a camera turned is selected as it is seen', async () => {
    // Orientation 6 shows stored pixel (x, y) at (height − 1 − y, x).
    const shown = { picture: await open(await jpegOf(picture, 6)) };
    expect(shown.picture).toMatchObject({ width: 520, height: 640 });
    const frame = pixelRect(0, 0, 520, 640);
    const turned = pixelRect(520 - 200 - 100, 300, 100, 200);
    const text = await page.call(
      'wand',
      shown,
      { x: 230, y: 310, ...contiguous },
      { tolerance: 15, antialias: false },
    );
    // JPEG rings along the edge: only there it may be a pixel off.
    const near = (x: number, y: number, by: number) =>
      inRect(pixelRect(turned.x - by, turned.y - by, turned.width + 2 * by, turned.height + 2 * by), x, y);
    const off = fromBase64(text).filter((value, i) => {
      const [x, y] = [i % frame.width, Math.floor(i / frame.width)];
      return (value !== 255 && near(x, y, -2)) || (value !== 0 && !near(x, y, 2));
    });
    expect(off).toHaveLength(0);
  });

  test('an accepted layer is seen, and what is empty beyond the picture is one colour', async () => {
    const ref = await open(await pngOf(picture));
    const layer = await open(await pngOf(draw(100, 80, () => [20, 220, 40, 255])));
    const frame = pixelRect(-50, 0, 690, 520);
    const rect = pixelRect(100, 100, 100, 80);
    const shown = { picture: ref, frame, layers: [{ image: layer, rect }] };
    const bytes = fromBase64(await page.call('wand', shown, { x: 150, y: 140, ...contiguous }, exact));
    const at = (x: number, y: number) => bytes[(y - frame.y) * frame.width + x - frame.x];
    // Its blend mask rises over 8 px.
    expect([at(150, 140), at(110, 110), at(189, 169)]).toEqual([255, 255, 255]);
    expect([at(99, 140), at(320, 220)]).toEqual([0, 0]);
    const empty = await page.call('wand', shown, { x: -10, y: 500, ...contiguous }, exact);
    expect(wrong(empty, frame, (x) => x < 0)).toBe(0);
  });

  test('67 megapixels can be selected, and left while it is under way', async () => {
    const edge = 8192;
    const { default: sharp } = await import('sharp');
    const file = await sharp({
      create: { width: edge, height: edge, channels: 3, background: '#3a6ea5' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const shown = { picture: await open(file) };
    const { aborted, tiles } = await page.call('largeWand', shown, { x: 4000, y: 100, ...contiguous });
    expect(aborted).toBe(true);
    expect(tiles).toHaveLength((edge / 256) ** 2);
    expect(tiles.every((tile) => tile === 255)).toBe(true);
  }, 240_000);
});

test('quick select, in the worker: a ball on a ground of waves', async () => {
  const ball = (x: number, y: number) => Math.hypot(x - 320, y - 260) < 130;
  const picture = draw(640, 520, (x, y) =>
    ball(x, y)
      ? [200 + 20 * Math.sin(x / 5), 80, 60, 255]
      : [90 + 25 * Math.sin(x / 13 + y / 9), 130, 150, 255],
  );
  const shown = { picture: await open(await pngOf(picture)) };
  const bytes = fromBase64(await page.call('object', shown, pixelRect(280, 240, 80, 20)));
  let both = 0;
  let either = 0;
  bytes.forEach((value, i) => {
    const meant = ball(i % 640, Math.floor(i / 640));
    if (value >= 128 && meant) both++;
    if (value >= 128 || meant) either++;
  });
  expect(both / either).toBeGreaterThan(0.95);
});
