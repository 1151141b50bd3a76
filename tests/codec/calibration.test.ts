import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readImageInfo } from '../../src/codec/header/readImageInfo.ts';
import { pixelRect } from '../../src/geometry/rect.ts';
import { crc32 } from '../../src/raster/crc32.ts';
import { base64, type CodecPage, differing, fromBase64, openCodecPage, pixelsOf } from './codecPage.ts';

let codec: CodecPage;
beforeAll(async () => {
  codec = await openCodecPage();
});
afterAll(() => codec.close());

const EDGE = 64;
/** All of the cube's corners and a net of colours between. */
const pixels = Uint8Array.from({ length: EDGE * EDGE * 4 }, (_, i) => {
  const p = i >> 2;
  return [(p & 15) * 17, ((p >> 4) & 15) * 17, ((p >> 8) & 15) * 17, 255][i & 3]!;
});

function chunk(type: string, values: readonly number[]): Buffer {
  const out = Buffer.alloc(12 + values.length * 4);
  out.writeUInt32BE(values.length * 4);
  out.write(type, 4, 'latin1');
  for (const [i, value] of values.entries()) out.writeUInt32BE(value, 8 + i * 4);
  out.writeUInt32BE(crc32(out, 4, out.length - 4), out.length - 4);
  return out;
}

async function png(...chunks: readonly Buffer[]): Promise<Buffer> {
  const plain = await sharp(pixels, { raw: { width: EDGE, height: EDGE, channels: 4 } })
    .removeAlpha()
    .png()
    .toBuffer();
  return Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]);
}

/** What the browser makes of a file by itself. */
async function seen(file: Uint8Array): Promise<Uint8Array> {
  const text = await codec.page.evaluate(async (source) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${source}`;
    await picture.decode();
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    context.drawImage(picture, 0, 0);
    return String.fromCharCode(...context.getImageData(0, 0, picture.width, picture.height).data);
  }, base64(file));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

const worst = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), a.length === b.length ? 0 : 255);

const ADOBE = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000];
/** ROMM, whose white is D50. */
const ROMM = [34_567, 35_850, 73_470, 26_530, 15_960, 84_040, 3660, 10];
const whole = pixelRect(0, 0, EDGE, EDGE);

test.each([
  ['Adobe RGB', 45_470, ADOBE],
  ['ROMM', 55_556, ROMM],
  ['linear, no chromaticities', 100_000, null],
])(
  '%s by gAMA and cHRM: numbers and chunks stay; screen and service as the browser shows it',
  async (_, gamma, chromaticities) => {
    const file = await png(
      chunk('gAMA', [gamma]),
      ...(chromaticities ? [chunk('cHRM', chromaticities)] : []),
    );
    const opened = await codec.call('open', base64(file));
    if (opened.error !== null) throw new Error(opened.error);
    const { ref, notices, pixels: proxy } = opened;
    expect(notices).toEqual([]);
    const theirs = await seen(file);
    expect(worst(theirs, pixels)).toBeGreaterThan(20);
    expect(worst(fromBase64(proxy), theirs)).toBeLessThanOrEqual(2);
    const view = fromBase64(await codec.call('view', { picture: ref }, whole, EDGE, EDGE));
    expect(worst(view, theirs)).toBeLessThanOrEqual(2);

    const sizes = {
      kind: 'free',
      step: 16,
      minPixels: 1,
      maxPixels: 1e6,
      maxEdge: 2048,
      maxRatio: 3,
      wholeUpTo: 1e6,
    } as const;
    const { image, plan } = await codec.call('send', { picture: ref }, whole, sizes);
    expect(worst(await pixelsOf(image), theirs)).toBeLessThanOrEqual(2);

    const exported = fromBase64(await codec.call('encode', { picture: ref }));
    expect(differing(await pixelsOf(base64(exported)), pixels)).toBe(0);
    const { calibration } = await readImageInfo(new Blob([exported]));
    expect(calibration).toEqual({ gamma, chromaticities });
    expect(differing(await seen(exported), theirs)).toBe(0);

    const result = await codec.call('addResult', image, plan, ref);
    const stored = fromBase64(await codec.call('blob', result.id));
    // What was sent is seen again, as far as 8 bits of the wider space go: dark saturated colours lie far apart there.
    const again = await seen(stored);
    const sent = await pixelsOf(image);
    expect(again.reduce((sum, value, i) => sum + Math.abs(value - sent[i]!), 0) / sent.length).toBeLessThan(
      1,
    );
  },
);

test('sRGB by gAMA and cHRM: nothing is converted, from the first picture on, and the chunks stay', async () => {
  const srgb = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000];
  const file = await png(chunk('gAMA', [45_455]), chunk('cHRM', srgb));
  const opened = await codec.call('open', base64(file));
  if (opened.error !== null) throw new Error(opened.error);
  expect(differing(fromBase64(opened.pixels), pixels)).toBe(0);
  const view = await codec.call('view', { picture: opened.ref }, whole, EDGE, EDGE);
  expect(differing(fromBase64(view), pixels)).toBe(0);
  const exported = fromBase64(await codec.call('encode', { picture: opened.ref }));
  const { calibration } = await readImageInfo(new Blob([exported]));
  expect(calibration).toEqual({ gamma: 45_455, chromaticities: srgb });
});

test('an sRGB chunk or a profile goes before gAMA and cHRM', async () => {
  const calibrated = [chunk('gAMA', [45_470]), chunk('cHRM', ADOBE)];
  // sRGB, perceptual.
  const rendering = Buffer.from('000000017352474200aece1ce9', 'hex');
  expect(
    (await readImageInfo(new Blob([Uint8Array.from(await png(rendering, ...calibrated))]))).calibration,
  ).toBeNull();
  const profiled = await sharp(await png())
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const both = Buffer.concat([profiled.subarray(0, 33), ...calibrated, profiled.subarray(33)]);
  const info = await readImageInfo(new Blob([Uint8Array.from(both)]));
  expect(info.calibration).toBeNull();
  expect(info.icc).not.toBeNull();
});
