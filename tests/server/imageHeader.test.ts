import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readImageHeader } from '../../server/validation/imageHeader.ts';
import { halfMask, paintPng, picture } from './support.ts';

const source = sharp(await picture(37, 21));
const transparent = sharp(await halfMask(37, 21));
const files = {
  png: await source.clone().png().toBuffer(),
  'grey png': await source.clone().greyscale().png().toBuffer(),
  '16-bit png': await source.clone().toColourspace('rgb16').png().toBuffer(),
  'interlaced png': await source.clone().png({ progressive: true }).toBuffer(),
  'transparent png': await transparent.clone().png().toBuffer(),
  'palette png': await transparent.clone().png({ palette: true }).toBuffer(),
  jpeg: await source.clone().jpeg().toBuffer(),
  'progressive jpeg': await source.clone().jpeg({ progressive: true }).toBuffer(),
  'grey jpeg': await source.clone().greyscale().jpeg().toBuffer(),
  'cmyk jpeg': await source.clone().toColourspace('cmyk').jpeg().toBuffer(),
  'jpeg with metadata': await source.clone().withMetadata({ orientation: 1, density: 300 }).jpeg().toBuffer(),
  webp: await source.clone().webp().toBuffer(),
  'lossless webp': await source.clone().webp({ lossless: true }).toBuffer(),
  'transparent webp': await transparent.clone().webp().toBuffer(),
  'transparent lossless webp': await transparent.clone().webp({ lossless: true }).toBuffer(),
};

test.each(Object.entries(files))('reads the header of a %s as a decoder does', async (name, data) => {
  const decoded = await sharp(data).metadata();
  const header = readImageHeader(data);
  expect(header).toMatchObject({ mime: `image/${decoded.format}`, width: 37, height: 21, orientation: 1 });
  // A palette without transparent entries counts as opaque for both.
  expect(header).toMatchObject({ alpha: name.includes('transparent') || decoded.hasAlpha });
});

test.each(['jpeg', 'png', 'webp'] as const)('all orientations of a %s are upright', async (format) => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const data = await source.clone().withMetadata({ orientation }).toFormat(format).toBuffer();
    const { autoOrient } = await sharp(data).metadata();
    expect(readImageHeader(data)).toMatchObject({ ...autoOrient, orientation });
  }
});

test.each(Object.entries(files))('a %s cut anywhere is broken or unknown', (_name, data) => {
  // The last byte of a RIFF file may be padding.
  for (let length = 0; length < data.length - 1; length += 1 + Math.floor(length / 40))
    expect(typeof readImageHeader(data.subarray(0, length))).toBe('string');
});

test('no bytes make the reader throw', () => {
  const starts = Object.values(files);
  const mutated = fc.record({
    at: fc.nat(200),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
    file: fc.constantFrom(...starts),
  });
  fc.assert(
    fc.property(mutated, ({ file, at, bytes }) => {
      const copy = Buffer.from(file);
      copy.set(bytes.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length));
      const header = readImageHeader(copy);
      if (typeof header === 'object') {
        expect(header.width).toBeGreaterThan(0);
        expect(header.height).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('segments and chunks that are empty, even as the last thing in a file, are no trouble', () => {
  const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
  expect(readImageHeader(bytes('ffd8 ffe1 0002'))).toBe('broken');
  expect(readImageHeader(bytes('ffd8 ffc0 0002 ffe1 0002'))).toBe('broken');
  expect(readImageHeader(bytes('ffd8 ffda 0002'))).toBe('broken');
  const png = files.png;
  const empty = Buffer.alloc(12);
  expect(readImageHeader(Buffer.concat([png.subarray(0, 33), empty, empty]))).toBe('broken');
});

test('a picture inside a larger buffer is read from its own bytes', async () => {
  const png = await paintPng(5, 7, () => [1, 2, 3, 4]);
  const around = Buffer.concat([Buffer.alloc(13, 0xff), png, Buffer.alloc(9, 0xff)]);
  expect(readImageHeader(around.subarray(13, 13 + png.length))).toMatchObject({
    width: 5,
    height: 7,
    alpha: true,
  });
});
