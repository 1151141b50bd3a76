import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Region } from '../../src/codec/protocol.ts';
import type { ImageRef } from '../../src/raster/layerStack.ts';
import { draw } from '../pictures.ts';
import { base64, type CodecPage, fromBase64, openCodecPage } from './codecPage.ts';

let codec: CodecPage;
let picture: ImageRef;
beforeAll(async () => {
  codec = await openCodecPage();
  const { data, width, height } = grain();
  const file = await sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  picture = opened.ref;
});
afterAll(() => codec.close());

const WIDTH = 3600;
const HEIGHT = 2400;

/** Fine and irregular, so that a px that is sampled from elsewhere shows. */
const grain = () =>
  draw(WIDTH, HEIGHT, (x, y) => [(x * 37 + y * 11) & 255, (x * y) & 255, ((x >> 3) ^ (y >> 2)) & 255, 255]);

/** A region that lies on whole device px of the view at `zoom`. */
const regionOf = (
  zoom: number,
  x: number,
  y: number,
  width: number,
  height: number,
): [Region, number, number] => [
  { x: x / zoom, y: y / zoom, width: width / zoom, height: height / zoom },
  width,
  height,
];

test.each([0.51, 0.75])(
  'at %f what is seen of a px depends neither on the region nor on the bands it is made in',
  async (zoom) => {
    const [across, down] = [Math.floor(WIDTH * zoom), Math.floor(HEIGHT * zoom)];
    const whole = fromBase64(await codec.call('view', { picture }, ...regionOf(zoom, 0, 0, across, down)));
    const edge = 96;
    let worst = 0;
    // Down the middle, over every border of a band.
    for (let top = 8; top + edge < down; top += edge - 3) {
      const left = Math.floor(across / 2) + (top % 7);
      const part = fromBase64(
        await codec.call('view', { picture }, ...regionOf(zoom, left, top, edge, edge)),
      );
      for (let y = 0; y < edge; y++) {
        for (let x = 0; x < edge * 4; x++) {
          const there = whole[((top + y) * across + left) * 4 + x]!;
          worst = Math.max(worst, Math.abs(part[y * edge * 4 + x]! - there));
        }
      }
    }
    // Rounding of the scaling.
    expect(worst).toBeLessThanOrEqual(2);
  },
);

test('complaint “nearest-neighbour zoom-out” (InvokeAI#8039): minified, a px is the mean of what it covers', async () => {
  // Lines of one px, black and white: whoever picks single px shows stripes.
  const stripes = draw(1200, 800, (x) => (x & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
  const file = await sharp(stripes.data, { raw: { width: 1200, height: 800, channels: 4 } })
    .png()
    .toBuffer();
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  for (const zoom of [0.5, 0.25, 0.11]) {
    const [width, height] = [Math.floor(1200 * zoom), Math.floor(800 * zoom)];
    const seen = fromBase64(
      await codec.call('view', { picture: opened.ref }, ...regionOf(zoom, 0, 0, width, height)),
    );
    let least = 255;
    let most = 0;
    for (let y = 2; y < height - 2; y++) {
      for (let x = 2; x < width - 2; x++) {
        least = Math.min(least, seen[(y * width + x) * 4]!);
        most = Math.max(most, seen[(y * width + x) * 4]!);
      }
    }
    expect([least > 100, most < 156]).toEqual([true, true]);
  }
});

test('magnified, px stay as they are', async () => {
  const seen = fromBase64(
    await codec.call('view', { picture }, { x: 100, y: 50, width: 30, height: 20 }, 30, 20),
  );
  const { data } = grain();
  for (let y = 0; y < 20; y++) {
    const row = seen.subarray(y * 120, (y + 1) * 120);
    expect(row).toEqual(Uint8Array.from(data.subarray(((50 + y) * WIDTH + 100) * 4).subarray(0, 120)));
  }
});
