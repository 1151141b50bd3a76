import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Orientation } from '../../src/codec/header/exif.ts';
import { readImageInfo } from '../../src/codec/header/readImageInfo.ts';
import { orientPixels } from '../../src/codec/orientation.ts';
import { landscape, translucent } from '../pictures.ts';
import { base64, type CodecPage, differing, fromBase64, openCodecPage, pixelsOf } from './codecPage.ts';

let codec: CodecPage;
beforeAll(async () => {
  codec = await openCodecPage();
});
afterAll(() => codec.close());

const WIDTH = 61;
const HEIGHT = 43;

/** Every byte at random: alpha of all values, colours under alpha 0. */
function noise(width = WIDTH, height = HEIGHT, opaque = false): Uint8Array {
  let state = 12;
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return opaque && i % 4 === 3 ? 255 : state >>> 24;
  });
}

const image = (pixels: Uint8Array, width = WIDTH, height = HEIGHT) =>
  sharp(pixels, { raw: { width, height, channels: 4 } });

/** Opens a file and gives what the codec has as the original. */
async function open(file: Uint8Array) {
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  const { ref, type, notices, hasAlpha, shown, pixels } = opened;
  const proxy = fromBase64(pixels);
  const png = await codec.call('encode', { picture: ref });
  return { ref, type, notices, hasAlpha, shown, proxy, png, pixels: await pixelsOf(png) };
}

const worst = (a: Uint8Array, b: Uint8Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

/** A Display P3 profile, and a PNG or JPEG with exactly these numbers and that profile. */
async function profiled(file: Uint8Array): Promise<Uint8Array> {
  const donor = await image(noise(WIDTH, HEIGHT, true))
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const { icc } = await readImageInfo(new Blob([Uint8Array.from(donor)]));
  if (file[0] === 0xff) {
    const head = Buffer.concat([
      Buffer.from([0xff, 0xe2, 0, 0]),
      Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'),
      icc!,
    ]);
    head.writeUInt16BE(head.length - 2, 2);
    return Buffer.concat([file.subarray(0, 2), head, file.subarray(2)]);
  }
  const at = donor.indexOf('iCCP') - 4;
  const chunk = donor.subarray(at, at + 12 + donor.readUInt32BE(at));
  return Buffer.concat([file.subarray(0, 33), chunk, file.subarray(33)]);
}

test('PNG: partial alpha and hidden colours byte for byte', async () => {
  const pixels = noise();
  const { hasAlpha, notices, pixels: original } = await open(await image(pixels).png().toBuffer());
  expect(differing(original, pixels)).toBe(0);
  expect({ hasAlpha, notices }).toEqual({ hasAlpha: true, notices: [] });
});

test('PNG in Display P3: the numbers stay, the profile is kept, the screen gets sRGB', async () => {
  const pixels = noise();
  const file = await profiled(await image(pixels).png().toBuffer());
  const opened = await open(file);
  expect(differing(opened.pixels, pixels)).toBe(0);
  const before = await readImageInfo(new Blob([Uint8Array.from(file)]));
  const after = await readImageInfo(new Blob([Buffer.from(opened.png, 'base64')]));
  expect(after.icc).toEqual(before.icc);
  const red = await image(
    Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => [234, 51, 35, 255][i % 4]!),
  )
    .removeAlpha()
    .png()
    .toBuffer();
  const shown = await open(await profiled(red));
  expect(Math.abs(shown.proxy[0]! - 255) + shown.proxy[1]! + shown.proxy[2]!).toBeLessThanOrEqual(4);
  const view = fromBase64(
    await codec.call('view', { picture: shown.ref }, { x: 0, y: 0, width: 4, height: 4 }, 4, 4),
  );
  expect(Math.abs(view[0]! - 255) + view[1]! + view[2]!).toBeLessThanOrEqual(4);
});

test('JPEG: as libjpeg decodes it, with a profile too', async () => {
  const { data, width, height } = landscape(WIDTH, HEIGHT);
  const file = await image(data, width, height).removeAlpha().jpeg({ quality: 90 }).toBuffer();
  const decoded = new Uint8Array(await sharp(file).ensureAlpha().raw().toBuffer());
  expect(worst((await open(file)).pixels, decoded)).toBeLessThanOrEqual(1);
  expect(differing((await open(await profiled(file))).pixels, (await open(file)).pixels)).toBe(0);
});

test.each(['png', 'jpeg', 'webp'] as const)(
  '%s: upright exactly once, all eight orientations',
  async (format) => {
    const { data } = landscape(WIDTH, HEIGHT);
    const plain = image(data).removeAlpha();
    const encode = (orientation: number) =>
      plain.clone().withMetadata({ orientation }).toFormat(format, { quality: 90 }).toBuffer();
    const stored = await open(await encode(1));
    for (let orientation = 1; orientation <= 8; orientation++) {
      const opened = await open(await encode(orientation));
      const expected = orientPixels(
        Uint8Array.from(stored.pixels),
        { width: WIDTH, height: HEIGHT },
        orientation as Orientation,
      );
      expect(opened.ref).toMatchObject(
        orientation < 5 ? { width: WIDTH, height: HEIGHT } : { width: HEIGHT, height: WIDTH },
      );
      expect(opened.shown).toEqual({ width: opened.ref.width, height: opened.ref.height });
      expect(differing(opened.pixels, expected)).toBe(0);
      expect(worst(opened.proxy, expected), `proxy ${orientation}`).toBeLessThanOrEqual(2);
    }
  },
);

test('AVIF turned by its own boxes', async () => {
  const { data } = landscape(64, 32);
  const file = await image(data, 64, 32)
    .removeAlpha()
    .withMetadata({ orientation: 6 })
    .avif({ quality: 95 })
    .toBuffer();
  const opened = await open(file);
  expect(opened.ref).toMatchObject({ width: 32, height: 64 });
  const expected = orientPixels(Uint8Array.from(data), { width: 64, height: 32 }, 6);
  // The corner marks tell the orientations apart; AVIF is lossy.
  for (const at of [0, 31, 63 * 32]) {
    expect(
      worst(opened.pixels.subarray(at * 4, at * 4 + 3), expected.subarray(at * 4, at * 4 + 3)),
    ).toBeLessThan(40);
  }
});

test('WebP with alpha: byte for byte, hidden colours too, beyond one piece of the read-back', async () => {
  for (const [width, height] of [
    [WIDTH, HEIGHT],
    [2100, 30],
    [20, 2060],
  ] as const) {
    const pixels = noise(width, height);
    const file = await image(pixels, width, height)
      .webp({ lossless: true, exact: true, effort: 0 })
      .toBuffer();
    const opened = await open(file);
    expect(differing(opened.pixels, pixels)).toBe(0);
    expect(opened.notices).toEqual([]);
  }
});

test('AVIF with alpha keeps colours that premultiplying would lose', async () => {
  const { data } = translucent(64, 48);
  const file = await image(data, 64, 48).avif({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  const opened = await open(file);
  expect(opened.hasAlpha).toBe(true);
  let colour = 0;
  let alpha = 0;
  for (let i = 0; i < data.length; i += 4) {
    alpha = Math.max(alpha, Math.abs(opened.pixels[i + 3]! - data[i + 3]!));
    if (data[i + 3]! < 16) continue;
    colour = Math.max(colour, worst(opened.pixels.subarray(i, i + 3), data.subarray(i, i + 3)));
  }
  expect(colour).toBeLessThanOrEqual(12);
  // This encoder labels the alpha plane as limited range, which browsers believe and libheif does not.
  expect(alpha).toBeLessThanOrEqual(20);
});

test('GIF: the first frame', async () => {
  const frames = sharp(noise(40, 40, true), { raw: { width: 40, height: 40, channels: 4, pageHeight: 20 } });
  const file = await frames.gif().toBuffer();
  const opened = await open(file);
  expect(opened.ref).toMatchObject({ width: 40, height: 20 });
  expect(opened.notices).toEqual(['first-frame']);
  expect(opened.pixels).toEqual(
    new Uint8Array(await sharp(file, { page: 0 }).ensureAlpha().raw().toBuffer()),
  );
});

test('16 bits are rounded, with a word', async () => {
  const samples = Uint16Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 40_503) & 0xffff);
  const file = await sharp(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  const opened = await open(file);
  expect(opened.notices).toEqual(['sixteen-bit']);
  expect(Array.from(opened.pixels.filter((_, i) => i % 4 < 3))).toEqual(
    Array.from(samples, (v) => Math.round(v / 257)),
  );
});

test('CMYK is converted, with a word', async () => {
  const { data } = landscape(WIDTH, HEIGHT);
  const file = await image(data)
    .removeAlpha()
    .toColourspace('cmyk')
    .withIccProfile('cmyk')
    .jpeg({ quality: 95 })
    .toBuffer();
  const opened = await open(file);
  expect(opened.notices).toEqual(['cmyk']);
  const theirs = new Uint8Array(await sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer());
  const mean = opened.pixels.reduce((sum, v, i) => sum + Math.abs(v - theirs[i]!), 0) / theirs.length;
  expect(mean).toBeLessThan(12);
});

test('what can not be opened is told, and what is open stays', async () => {
  const pixels = noise();
  const first = await open(await image(pixels).png().toBuffer());
  const png = await image(noise(200, 150), 200, 150).png().toBuffer();
  const damaged = Uint8Array.from(png);
  damaged[60_000]! ^= 0x55;
  const jpeg = await image(noise(200, 150, true), 200, 150)
    .jpeg()
    .toBuffer();
  const files: [string, Uint8Array][] = [
    ['empty', new Uint8Array(0)],
    ['not-an-image', Buffer.from('hello')],
    ['truncated', png.subarray(0, 60_000)],
    ['truncated', jpeg.subarray(0, jpeg.length >> 1)],
    ['undecodable', damaged],
    ['undecodable', Buffer.concat([jpeg.subarray(0, 200), Buffer.alloc(500), jpeg.subarray(-2)])],
    ['heic-unsupported', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
  ];
  for (const [code, file] of files) expect((await codec.call('open', base64(file))).error).toBe(code);
  expect(differing(await pixelsOf(await codec.call('encode', { picture: first.ref })), pixels)).toBe(0);
});

test('a large picture is shown small first', async () => {
  const { data } = landscape(3000, 1200);
  const opened = await open(
    await image(data, 3000, 1200).removeAlpha().png({ compressionLevel: 1 }).toBuffer(),
  );
  expect(opened.shown).toEqual({ width: 2048, height: 819 });
  expect(differing(opened.pixels, data)).toBe(0);
});
