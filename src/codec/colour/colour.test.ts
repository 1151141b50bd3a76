import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readImageInfo } from '../header/readImageInfo.ts';
import { dressJpeg } from '../metadata/jpegFile.ts';
import { spaceOfCalibration } from './calibration.ts';
import { conversion } from './convert.ts';
import { colourOf, type DocumentColour } from './documentColour.ts';
import { parseMatrixProfile } from './iccProfile.ts';
import { DISPLAY_P3, invert, type Matrix, type RgbSpace, SRGB } from './rgbSpace.ts';
import { matrixProfile } from './writeProfile.ts';

const tiny = () => sharp({ create: { width: 4, height: 4, channels: 3, background: '#c86432' } });

async function colourOfFile(file: Buffer): Promise<DocumentColour> {
  const colour = colourOf(await readImageInfo(new Blob([Uint8Array.from(file)])));
  if (colour === 'browser') throw new Error('not understood');
  return colour;
}

const converted = (from: RgbSpace, to: RgbSpace, ...colour: number[]) => {
  const pixel = Uint8Array.from(colour);
  conversion(from, to)(pixel);
  return [...pixel];
};

test('reads the profiles of sRGB and Display P3 from PNG, JPEG, WebP and AVIF', async () => {
  for (const format of ['png', 'jpeg', 'webp', 'avif'] as const) {
    const srgb = await colourOfFile(await tiny().withIccProfile('srgb').toFormat(format).toBuffer());
    expect(srgb.space, format).toBeNull();
    expect(srgb.icc, format).not.toBeNull();
    const p3 = await colourOfFile(await tiny().withIccProfile('p3').toFormat(format).toBuffer());
    const [r, g, b] = converted(p3.space!, SRGB, 200, 100, 50, 255);
    const expected = converted(DISPLAY_P3, SRGB, 200, 100, 50, 255);
    expect(
      Math.max(Math.abs(r! - expected[0]!), Math.abs(g! - expected[1]!), Math.abs(b! - expected[2]!)),
    ).toBeLessThanOrEqual(1);
  }
});

test('known colours: the red of Display P3 for the red of sRGB', () => {
  // CSS Color 4: #ff0000 is color(display-p3 0.9175 0.2003 0.1386).
  expect(converted(SRGB, DISPLAY_P3, 255, 0, 0, 7)).toEqual([234, 51, 35, 7]);
  expect(converted(SRGB, DISPLAY_P3, 255, 255, 255, 255)).toEqual([255, 255, 255, 255]);
  expect(converted(SRGB, DISPLAY_P3, 128, 128, 128, 255)).toEqual([128, 128, 128, 255]);
});

test('every result is the code nearest to the exact value', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const back = invert(DISPLAY_P3.toXyz)!;
  fc.assert(
    fc.property(byte, byte, byte, (r, g, b) => {
      const found = converted(SRGB, DISPLAY_P3, r, g, b, 255);
      const linear = [r, g, b].map((v) => SRGB.curves[0](v / 255));
      const dot = (m: Matrix, row: number, v: readonly number[]) =>
        m[row * 3]! * v[0]! + m[row * 3 + 1]! * v[1]! + m[row * 3 + 2]! * v[2]!;
      const xyz = [0, 1, 2].map((row) => dot(SRGB.toXyz, row, linear));
      for (let c = 0; c < 3; c++) {
        const light = Math.min(1, Math.max(0, dot(back, c, xyz)));
        const code = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
        expect(Math.abs(found[c]! - code * 255)).toBeLessThan(0.6);
      }
    }),
  );
});

test('gAMA and cHRM: the matrix of Adobe RGB, the numbers of sRGB, and what says nothing', () => {
  const adobe = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000];
  const srgb = [31_269, 32_899, 63_999, 33_001, 30_000, 60_000, 15_000, 5999];
  const space = spaceOfCalibration({ gamma: 45_470, chromaticities: adobe })!;
  // Adobe RGB (1998) Color Image Encoding, section 4.3.6.1: adapted to D50.
  const known = [0.60974, 0.20528, 0.14919, 0.31111, 0.62567, 0.06322, 0.01947, 0.06087, 0.74457];
  for (const [i, value] of known.entries()) expect(space.toXyz[i]!).toBeCloseTo(value, 3);
  expect(space.curves[0](0.5)).toBeCloseTo(0.5 ** 2.2, 3);
  expect(spaceOfCalibration({ gamma: 45_455, chromaticities: srgb })).toBeNull();
  expect(spaceOfCalibration({ gamma: 45_455, chromaticities: null })).toBeNull();
  expect(spaceOfCalibration({ gamma: 100_000, chromaticities: null })!.toXyz).toBe(SRGB.toXyz);
  expect(spaceOfCalibration({ gamma: null, chromaticities: adobe })).toBeNull();
  expect(spaceOfCalibration({ gamma: 50_000, chromaticities: new Array<number>(8).fill(0) })).toBeNull();
});

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A profile with the colorants of sRGB and one curve for all channels. */
function profile(curve: Uint8Array, space = 'RGB '): Uint8Array {
  const colorants = [0, 1, 2].map((column) => {
    const data = new Uint8Array(20);
    const fields = new DataView(data.buffer);
    data.set(ascii('XYZ '));
    for (let row = 0; row < 3; row++)
      fields.setInt32(8 + row * 4, Math.round(SRGB.toXyz[row * 3 + column]! * 65_536));
    return data;
  });
  const tags: [string, Uint8Array][] = [
    ['rXYZ', colorants[0]!],
    ['gXYZ', colorants[1]!],
    ['bXYZ', colorants[2]!],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const out = new Uint8Array(132 + tags.length * 12 + tags.reduce((sum, [, data]) => sum + data.length, 0));
  const fields = new DataView(out.buffer);
  out.set(ascii(space), 16);
  out.set(ascii('XYZ '), 20);
  fields.setUint32(128, tags.length);
  let at = 132 + tags.length * 12;
  tags.forEach(([name, data], i) => {
    out.set(ascii(name), 132 + i * 12);
    fields.setUint32(136 + i * 12, at);
    fields.setUint32(140 + i * 12, data.length);
    out.set(data, at);
    at += data.length;
  });
  return out;
}

function curve(type: string, kind: number, values: readonly number[], bytes: 2 | 4): Uint8Array {
  const out = new Uint8Array(12 + values.length * bytes);
  const fields = new DataView(out.buffer);
  out.set(ascii(type));
  if (bytes === 2) fields.setUint32(8, kind);
  else fields.setUint16(8, kind);
  values.forEach((v, i) => {
    if (bytes === 2) fields.setUint16(12 + i * 2, v);
    else fields.setInt32(12 + i * 4, Math.round(v * 65_536));
  });
  return out;
}

test('curves: gamma, samples, and the five parametric kinds', () => {
  const at = (data: Uint8Array, v: number) => parseMatrixProfile(profile(data))!.curves[0](v);
  expect(at(curve('curv', 0, [], 2), 0.3)).toBe(0.3);
  expect(at(curve('curv', 1, [2 * 256], 2), 0.5)).toBe(0.25);
  expect(at(curve('curv', 3, [0, 10_000, 65_535], 2), 0.25)).toBeCloseTo(5000 / 65_535, 6);
  expect(at(curve('para', 0, [2], 4), 0.5)).toBe(0.25);
  expect(at(curve('para', 1, [2, 2, -0.5], 4), 0.2)).toBe(0);
  expect(at(curve('para', 2, [2, 1, 0, 0.125], 4), 0.5)).toBe(0.375);
  const srgb = curve('para', 3, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045], 4);
  expect(at(srgb, 0.5)).toBeCloseTo(SRGB.curves[0](0.5), 4);
  expect(at(srgb, 0.02)).toBeCloseTo(SRGB.curves[0](0.02), 4);
  expect(at(curve('para', 4, [1, 1, 0, 1, 0.5, 0.25, 0.125], 4), 0.75)).toBe(1);
  expect(at(curve('para', 4, [1, 1, 0, 1, 0.5, 0.25, 0.125], 4), 0.25)).toBe(0.375);
});

test('what is no matrix profile is left to the browser', () => {
  expect(parseMatrixProfile(profile(curve('curv', 0, [], 2), 'CMYK'))).toBeNull();
  expect(parseMatrixProfile(new Uint8Array(10))).toBeNull();
  const cut = profile(curve('curv', 0, [], 2)).subarray(0, 200);
  expect(parseMatrixProfile(cut)).toBeNull();
});

test('a profile that we write says the space, to us and to another reader', async () => {
  const adobe = spaceOfCalibration({
    gamma: 45_470,
    chromaticities: [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000],
  })!;
  for (const space of [DISPLAY_P3, adobe]) {
    const icc = matrixProfile(space, 'Test');
    const read = parseMatrixProfile(icc)!;
    for (let code = 0; code <= 255; code++)
      expect(Math.abs(read.curves[1](code / 255) - space.curves[1](code / 255))).toBeLessThan(2e-5);
    for (const [i, value] of space.toXyz.entries()) expect(read.toXyz[i]!).toBeCloseTo(value, 4);
    const plain = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#c86432' } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const dressed = await dressJpeg(new Blob([Uint8Array.from(plain)]), { icc, exif: null, density: null });
    const seen = await sharp(Buffer.from(await dressed.arrayBuffer()))
      .raw()
      .toBuffer();
    const expected = converted(space, SRGB, 200, 100, 50, 255);
    for (let c = 0; c < 3; c++) expect(Math.abs(seen[c]! - expected[c]!), `${c}`).toBeLessThanOrEqual(2);
  }
});
