import sharp from 'sharp';
import type { RgbPicture } from './metrics.ts';

const GAP = 8;

/** A PNG of pictures of one size in a row, on white. */
export function contactSheet(pictures: readonly RgbPicture[]): Promise<Buffer> {
  const { width, height } = pictures[0]!;
  const columns = pictures.map(({ rgb }, i) => ({
    input: Buffer.from(rgb),
    raw: { width, height, channels: 3 as const },
    left: i * (width + GAP),
    top: 0,
  }));
  const canvas = { width: pictures.length * (width + GAP) - GAP, height, channels: 3 as const };
  return sharp({ create: { ...canvas, background: 'white' } })
    .composite(columns)
    .png()
    .toBuffer();
}

/** The original with its hole in magenta: thin over the picture, full at the hole's edge. */
export function markHole({ width, height, rgb }: RgbPicture, hole: Uint8Array): RgbPicture {
  const marked = new Uint8Array(rgb);
  hole.forEach((value, at) => {
    if (value === 0) return;
    const x = at % width;
    const inner =
      (x === 0 || hole[at - 1]) &&
      (x === width - 1 || hole[at + 1]) &&
      (at < width || hole[at - width]) &&
      (at >= width * (height - 1) || hole[at + width]);
    const weight = inner ? 0.3 : 1;
    [255, 0, 255].forEach((level, channel) => {
      const i = at * 3 + channel;
      marked[i] = weight * level + (1 - weight) * rgb[i]!;
    });
  });
  return { width, height, rgb: marked };
}
