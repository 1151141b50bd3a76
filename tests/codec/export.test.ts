import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DISPLAY_P3 } from '../../src/codec/colour/rgbSpace.ts';
import { matrixProfile } from '../../src/codec/colour/writeProfile.ts';
import { readImageInfo } from '../../src/codec/header/readImageInfo.ts';
import { parseExif } from '../../src/codec/metadata/exifBlock.ts';
import { dressJpeg } from '../../src/codec/metadata/jpegFile.ts';
import { readRecipe } from '../../src/codec/metadata/recipe.ts';
import { dressWebp } from '../../src/codec/metadata/webpFile.ts';
import type { PictureOptions } from '../../src/codec/protocol.ts';
import { pixelRect } from '../../src/geometry/rect.ts';
import { crc32 } from '../../src/raster/crc32.ts';
import type { ImageRef } from '../../src/raster/layerStack.ts';
import { draw, landscape, type Pixels, translucent } from '../pictures.ts';
import { base64, type CodecPage, differing, fromBase64, openCodecPage, pixelsOf } from './codecPage.ts';

let codec: CodecPage;
beforeAll(async () => {
  codec = await openCodecPage();
});
afterAll(() => codec.close());

type Format = PictureOptions['format'];
const formats = ['image/png', 'image/jpeg', 'image/webp'] as const;
const WIDTH = 96;
const HEIGHT = 64;

const image = ({ data, width, height }: Pixels) => sharp(data, { raw: { width, height, channels: 4 } });

async function open(file: Uint8Array): Promise<ImageRef> {
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  return opened.ref;
}

const exported = async (ref: ImageRef, format: Format, options: Partial<PictureOptions> = {}) =>
  Buffer.from(fromBase64(await codec.call('encode', { picture: ref }, { format, ...options })));

const infoOf = (file: Uint8Array) => readImageInfo(new Blob([Uint8Array.from(file)]));

/** Mean difference of the colours, in levels. */
const apart = (a: Uint8Array, b: Uint8Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
};

/** What libvips makes of a file by its profile, as sRGB. */
const seen = (file: Buffer) => sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer();

/** The numbers of a file, its profile aside. */
async function numbersOf(file: Buffer, format: Format): Promise<Uint8Array> {
  if (format === 'image/png') {
    const rgba = await pixelsOf(base64(file));
    return rgba.filter((_, i) => i % 4 !== 3);
  }
  const blob = new Blob([Uint8Array.from(file)]);
  const bare =
    format === 'image/jpeg'
      ? await dressJpeg(blob, { icc: null, exif: null, density: null })
      : await dressWebp(blob, { icc: null, exif: null }, { width: WIDTH, height: HEIGHT });
  return sharp(await bare.arrayBuffer())
    .removeAlpha()
    .raw()
    .toBuffer();
}

const saturated = draw(WIDTH, HEIGHT, (x, y) => [255, (x * 255) / WIDTH, (y * 255) / HEIGHT, 255]);

test.each(formats)('%s: a photo in Display P3 keeps its profile and its colours', async (format) => {
  const icc = matrixProfile(DISPLAY_P3, 'Display P3');
  const source = await image(saturated).removeAlpha().jpeg({ quality: 98 }).toBuffer();
  const head = Buffer.concat([
    Buffer.from('ffe20000', 'hex'),
    Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'),
    icc,
  ]);
  head.writeUInt16BE(head.length - 2, 2);
  const file = Buffer.concat([source.subarray(0, 2), head, source.subarray(2)]);
  const out = await exported(await open(file), format);
  const { icc: kept } = await infoOf(out);
  expect(kept).toEqual(icc);
  expect(apart(await seen(out), await seen(file))).toBeLessThan(2);
  // Converted to sRGB, the reds would have been clipped: the file still holds the numbers of the source.
  expect(apart(await numbersOf(out, format), await numbersOf(file, 'image/jpeg'))).toBeLessThan(2);
});

function chunk(type: string, data: readonly number[]): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out, 4, out.length - 4), out.length - 4);
  return out;
}

test.each(['image/jpeg', 'image/webp'] as const)(
  '%s: a space that a PNG names by code points gets a profile',
  async (format) => {
    const plain = await image(saturated).removeAlpha().png().toBuffer();
    const cicp = chunk('cICP', [12, 13, 0, 1]);
    const ref = await open(Buffer.concat([plain.subarray(0, 33), cicp, plain.subarray(33)]));
    const out = await exported(ref, format);
    expect((await sharp(out).metadata()).icc).toBeDefined();
    const [r, g, b] = await seen(out);
    // The red of Display P3 is clipped to that of sRGB.
    expect([r! > 250, g! < 8, b! < 8]).toEqual([true, true, true]);
    expect(apart(await numbersOf(out, format), await numbersOf(plain, 'image/png'))).toBeLessThan(3);
  },
);

/** libvips writes a resolution of its own. */
function withoutPhys(png: Buffer): Buffer {
  const at = png.indexOf('pHYs') - 4;
  return Buffer.concat([png.subarray(0, at), png.subarray(at + 21)]);
}

test.each(['image/jpeg', 'image/webp'] as const)('%s: an sRGB picture gets no profile', async (format) => {
  const file = withoutPhys(await image(landscape(WIDTH, HEIGHT)).removeAlpha().png().toBuffer());
  const out = await exported(await open(file), format, { metadata: 'all' });
  expect(await infoOf(out)).toMatchObject({ icc: null, exif: null, density: null });
  expect(apart(await seen(out), await seen(file))).toBeLessThan(4);
});

const photograph = (format: 'jpeg' | 'png' | 'webp') =>
  image(landscape(WIDTH, HEIGHT))
    .removeAlpha()
    .withMetadata({
      orientation: 6,
      density: 240,
      exif: {
        IFD0: { Copyright: 'J. Doe', Make: 'Kestrel', Model: 'K-7' },
        IFD2: { DateTimeOriginal: '2024:05:17 18:40:02', BodySerialNumber: 'SERIAL-123' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 30/1' },
      },
    })
    .toFormat(format)
    .toBuffer();

const cases = (['jpeg', 'png', 'webp'] as const).flatMap((from) => formats.map((to) => [from, to] as const));

test.each(cases)('%s to %s: EXIF by choice, upright, of the exported size', async (from, to) => {
  const ref = await open(await photograph(from));
  expect(ref).toMatchObject({ width: HEIGHT, height: WIDTH });
  for (const metadata of ['none', 'basic', 'all'] as const) {
    const out = await exported(ref, to, { metadata });
    const found = await sharp(out).metadata();
    expect(found).toMatchObject({ width: HEIGHT, height: WIDTH });
    expect(found.orientation ?? 1).toBe(1);
    const { exif, density } = await infoOf(out);
    expect(density!.x * 0.0254).toBeCloseTo(240, 1);
    const text = out.toString('latin1');
    expect(text.includes('J. Doe')).toBe(metadata !== 'none');
    expect(text.includes('2024:05:17')).toBe(metadata !== 'none');
    for (const secret of ['Kestrel', 'K-7', 'SERIAL-123'])
      expect(text.includes(secret)).toBe(metadata === 'all');
    const block = exif && parseExif(exif);
    expect(block?.place.length ?? 0).toBe(metadata === 'all' ? 2 : 0);
    const extent = [0xa002, 0xa003].map((tag) => block?.photo.find((entry) => entry.tag === tag)?.bytes);
    if (block)
      expect(
        extent.map((bytes) =>
          new DataView(bytes!.buffer, bytes!.byteOffset).getUint32(0, block.littleEndian),
        ),
      ).toEqual([HEIGHT, WIDTH]);
  }
});

test('the resolution of a turned picture turns with it', async () => {
  const file = await image(landscape(WIDTH, HEIGHT))
    .removeAlpha()
    .withMetadata({ orientation: 6 })
    .png()
    .toBuffer();
  const phys = chunk('pHYs', [0, 0, 0x0b, 0x13, 0, 0, 0x16, 0x26, 1]);
  const bare = withoutPhys(file);
  const ref = await open(Buffer.concat([bare.subarray(0, 33), phys, bare.subarray(33)]));
  expect((await infoOf(await exported(ref, 'image/png'))).density).toEqual({ x: 5670, y: 2835 });
});

test('a frame that has grown: picture, hole and mask say where the picture lies', async () => {
  const ref = await open(await image(translucent(WIDTH, HEIGHT)).png().toBuffer());
  const frame = pixelRect(-30, -20, 200, 150);
  const shown = { picture: ref, frame };
  const masked = pixelRect(-10, -10, 40, 20);
  for (const text of [
    await codec.call('encode', shown),
    await codec.call('encodeHole', shown, masked),
    await codec.call('encodeMask', masked, frame, ref),
  ]) {
    const file = Buffer.from(fromBase64(text));
    const { comments, width, height } = await sharp(file).metadata();
    expect({ width, height }).toEqual({ width: 200, height: 150 });
    expect(JSON.parse(comments!.find(({ keyword }) => keyword === 'Lacuna')!.text)).toEqual({
      frame: { x: -30, y: -20, width: 200, height: 150 },
      picture: { x: 30, y: 20, width: WIDTH, height: HEIGHT },
    });
    const at = file.indexOf('oFFs') + 4;
    expect([file.readInt32BE(at), file.readInt32BE(at + 4)]).toEqual([-30, -20]);
  }
});

test('a PNG carries its recipe and stays exact', async () => {
  const picture = translucent(WIDTH, HEIGHT);
  const ref = await open(await image(picture).png().toBuffer());
  const recipe = JSON.stringify({ prompt: '물가의 왜가리', list: Array.from({ length: 900 }, (_, i) => i) });
  const out = await exported(ref, 'image/png', { recipe, metadata: 'basic' });
  expect(await readRecipe(new Blob([Uint8Array.from(out)]))).toBe(recipe);
  expect(differing(await pixelsOf(base64(out)), picture.data)).toBe(0);
  expect((await sharp(out).metadata()).comments).toContainEqual({ keyword: 'Software', text: 'Lacuna' });
});
