import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Orientation } from './header/exif.ts';
import { orientPixels, uprightRect, uprightSize } from './orientation.ts';

test('turns all eight as libvips does', async () => {
  const size = { width: 131, height: 70 };
  const pixels = Uint8Array.from({ length: size.width * size.height * 4 }, (_, i) => (i * 7) ^ (i >> 5));
  const raw = { raw: { ...size, channels: 4 as const } };
  for (let orientation = 1; orientation <= 8; orientation++) {
    const file = await sharp(pixels, raw).withMetadata({ orientation }).png().toBuffer();
    const upright = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const target = uprightSize(size, orientation as Orientation);
    expect(target).toEqual({ width: upright.info.width, height: upright.info.height });
    expect(orientPixels(pixels, size, orientation as Orientation)).toEqual(new Uint8Array(upright.data));
  }
});

test('a piece that is turned on its own lies where the whole has it', () => {
  const size = { width: 37, height: 21 };
  const piece = { x: 5, y: 8, width: 11, height: 6 };
  const pixels = Uint8Array.from({ length: size.width * size.height * 4 }, (_, i) => (i * 7) ^ (i >> 5));
  const cut = (from: Uint8Array, width: number, rect: typeof piece) => {
    const out = new Uint8Array(rect.width * rect.height * 4);
    for (let y = 0; y < rect.height; y++) {
      const start = ((rect.y + y) * width + rect.x) * 4;
      out.set(from.subarray(start, start + rect.width * 4), y * rect.width * 4);
    }
    return out;
  };
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const whole = orientPixels(pixels, size, orientation);
    const rect = uprightRect(piece, size, orientation);
    const turned = orientPixels(cut(pixels, size.width, piece), piece, orientation);
    expect(cut(whole, uprightSize(size, orientation).width, rect)).toEqual(turned);
  }
});
