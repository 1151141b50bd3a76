import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Orientation } from './header/exif.ts';
import { orientPixels, uprightSize } from './orientation.ts';

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
