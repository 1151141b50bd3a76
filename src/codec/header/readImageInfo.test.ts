import sharp from 'sharp';
import { expect, test } from 'vitest';
import { CodecError } from '../codecError.ts';
import { readImageInfo } from './readImageInfo.ts';

const info = (file: Uint8Array) => readImageInfo(new Blob([Uint8Array.from(file)]));

/** Noise, so that half of the file is half of the picture. */
const noise = Uint8Array.from(
  { length: 40 * 30 * 4 },
  (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 24) & 255,
);
const picture = (alpha: boolean) => {
  const whole = sharp(noise, { raw: { width: 40, height: 30, channels: 4 } });
  return alpha ? whole : whole.removeAlpha();
};

const formats = ['png', 'jpeg', 'webp', 'avif', 'gif'] as const;

test.each(formats)('%s: size, alpha, orientation', async (format) => {
  const opaque = await info(await picture(false).toFormat(format).toBuffer());
  expect(opaque).toMatchObject({
    type: `image/${format}`,
    width: 40,
    height: 30,
    bitDepth: 8,
    hasAlpha: false,
    cmyk: false,
    animated: false,
    orientation: 1,
    orientationEdit: null,
  });
  if (format === 'jpeg') return;
  expect(await info(await picture(true).toFormat(format).toBuffer())).toMatchObject({ hasAlpha: true });
});

test.each(formats)('%s: cut short anywhere in its second half is told', async (format) => {
  const file = await picture(false).toFormat(format).toBuffer();
  for (const share of [0.5, 0.8, 0.95]) {
    await expect(info(file.subarray(0, Math.floor(file.length * share)))).rejects.toEqual(
      new CodecError('truncated'),
    );
  }
});

test('orientation, and the file without it', async () => {
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await picture(false).withMetadata({ orientation }).toFormat(format).toBuffer();
      const found = await info(file);
      expect(found.orientation, `${format} ${orientation}`).toBe(orientation);
      if (!found.orientationEdit) continue;
      const { start, end, bytes } = found.orientationEdit;
      const upright = Buffer.concat([file.subarray(0, start), bytes, file.subarray(end)]);
      expect(await info(upright)).toMatchObject({ orientation: 1, width: 40, height: 30 });
      expect((await sharp(upright).metadata()).orientation ?? 1).toBe(1);
    }
  }
});

test('an AVIF turned by its own boxes has the size that a decoder gives', async () => {
  const file = await picture(false).withMetadata({ orientation: 6 }).avif().toBuffer();
  expect(await info(file)).toMatchObject({ width: 30, height: 40, orientation: 1 });
});

test('an AVIF whose table of metadata is damaged is read without it', async () => {
  const file = await picture(false)
    .withExif({ IFD0: { Copyright: 'J. Doe' } })
    .avif()
    .toBuffer();
  const whole = await info(file);
  expect(whole.exif).not.toBeNull();
  for (const table of ['iloc', 'iinf']) {
    const from = file.indexOf(table) + 4;
    const end = from + file.readUInt32BE(from - 8) - 8;
    for (let at = from; at < end; at++) {
      for (const value of [0, 1, 0x44, 0xff]) {
        const damaged = Uint8Array.from(file);
        damaged[at] = value;
        expect((await info(damaged)).width).toBe(40);
      }
    }
  }
});

test('16 bits, CMYK, animation, interlace', async () => {
  const deep = await picture(false).toColourspace('rgb16').png().toBuffer();
  expect((await info(deep)).bitDepth).toBe(16);
  const cmyk = await picture(false).toColourspace('cmyk').jpeg().toBuffer();
  expect((await info(cmyk)).cmyk).toBe(true);
  const frames = sharp(noise, { raw: { width: 40, height: 30, channels: 4, pageHeight: 15 } });
  expect((await info(await frames.clone().gif().toBuffer())).animated).toBe(true);
  expect((await info(await frames.webp().toBuffer())).animated).toBe(true);
});

test('a JPEG with something behind its end is whole', async () => {
  const file = await picture(false).jpeg().toBuffer();
  expect(await info(Buffer.concat([file, Buffer.alloc(100_000, 7)]))).toMatchObject({ width: 40 });
});

const bytes = (...text: string[]) => Uint8Array.from(Buffer.from(text.join(''), 'latin1'));

test.each([
  ['empty', bytes()],
  ['not-an-image', bytes('Dear Sir or Madam')],
  ['not-an-image', bytes('%PDF-1.7')],
  ['heic-unsupported', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
  ['unsupported', bytes('BM', 'size', '\0\0\0\0', 'offs')],
  ['unsupported', bytes('II*\0', '\x08\0\0\0')],
  ['unsupported', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
] as const)('%s', async (code, file) => {
  await expect(info(file)).rejects.toEqual(new CodecError(code));
});

test('too large, from the header alone', async () => {
  const header = async (width: number, height: number) => {
    const file = await picture(false).png().toBuffer();
    file.writeUInt32BE(width, 16);
    file.writeUInt32BE(height, 20);
    return file;
  };
  expect(await info(await header(8192, 8192))).toMatchObject({ width: 8192 });
  await expect(info(await header(16_384, 4097))).rejects.toMatchObject({
    code: 'too-many-pixels',
    details: { pixels: 67_125_248, limit: 67_108_864 },
  });
  await expect(info(await header(16_385, 10))).rejects.toMatchObject({ code: 'edge-too-long' });
  const huge = { size: 100_000_001 } as Blob;
  await expect(readImageInfo(huge)).rejects.toMatchObject({ code: 'too-many-bytes' });
});
