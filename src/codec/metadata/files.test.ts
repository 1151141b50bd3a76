import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { textChunk } from '../../raster/framePlace.ts';
import { DISPLAY_P3 } from '../colour/rgbSpace.ts';
import { matrixProfile } from '../colour/writeProfile.ts';
import { readImageInfo } from '../header/readImageInfo.ts';
import { encodePng } from '../png/encode.ts';
import { exifToWrite } from './exifToWrite.ts';
import { dressJpeg } from './jpegFile.ts';
import { readRecipe, recipeChunk } from './recipe.ts';
import { dressWebp } from './webpFile.ts';

const WIDTH = 37;
const HEIGHT = 23;
const drawn = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
  i % 4 === 3 ? 255 - ((i >> 4) & 127) : (i * 7) & 255,
);
const picture = (alpha: boolean) => {
  const whole = sharp(drawn, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
  return alpha ? whole : whole.removeAlpha();
};

const blobOf = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);
const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());
const raw = (file: Buffer) => sharp(file).ensureAlpha().raw().toBuffer();

const density = { x: 300 / 0.0254, y: 300 / 0.0254 };
const exif = exifToWrite(null, 'basic', { width: WIDTH, height: HEIGHT, density, srgb: false }, true)!;
const icc = matrixProfile(DISPLAY_P3, 'Display P3');

test('a JPEG gets profile, EXIF and resolution in place of its own; its pixels stay', async () => {
  const plain = await picture(false).withIccProfile('srgb').withMetadata({ density: 72 }).jpeg().toBuffer();
  const dressed = await bytesOf(await dressJpeg(blobOf(plain), { icc, exif, density }));
  const found = await sharp(dressed).metadata();
  expect(found).toMatchObject({ density: 300, width: WIDTH, height: HEIGHT });
  expect(Buffer.compare(found.icc!, icc)).toBe(0);
  expect(Buffer.compare(found.exif!.subarray(6), exif)).toBe(0);
  const stripped = await bytesOf(await dressJpeg(blobOf(plain), { icc: null, exif: null, density: null }));
  expect(await readImageInfo(blobOf(stripped))).toMatchObject({ icc: null, exif: null, density: null });
  // Without profiles, libvips gives the numbers.
  const once = await bytesOf(await dressJpeg(blobOf(dressed), { icc: null, exif: null, density: null }));
  expect(Buffer.compare(once, stripped)).toBe(0);
});

test('a profile of several segments comes back whole', async () => {
  const long = Uint8Array.from({ length: 150_000 }, (_, i) => (i * 31) >> 3);
  const plain = await picture(false).jpeg().toBuffer();
  const dressed = await dressJpeg(blobOf(plain), { icc: long, exif: null, density: null });
  expect((await readImageInfo(dressed)).icc).toEqual(long);
});

test.each([
  ['lossy', false, false],
  ['lossy with alpha', true, false],
  ['lossless', false, true],
  ['lossless with alpha', true, true],
])('a WebP, %s, gets profile and EXIF; its pixels stay', async (_, alpha, lossless) => {
  const plain = await picture(alpha).webp({ lossless }).toBuffer();
  const size = { width: WIDTH, height: HEIGHT };
  const dressed = await dressWebp(blobOf(plain), { icc, exif }, size);
  const found = await sharp(await bytesOf(dressed)).metadata();
  expect(found).toMatchObject({ ...size, hasAlpha: alpha });
  expect(Buffer.compare(found.icc!, icc)).toBe(0);
  expect(await readImageInfo(dressed)).toMatchObject({ ...size, hasAlpha: alpha, exif });
  const bare = await dressWebp(dressed, { icc: null, exif: null }, size);
  expect(await readImageInfo(bare)).toMatchObject({ ...size, hasAlpha: alpha, exif: null, icc: null });
  expect(Buffer.compare(await raw(await bytesOf(bare)), await raw(plain))).toBe(0);
});

const pause = async () => undefined;
const png = (...ancillary: Parameters<typeof textChunk>[]) =>
  encodePng(
    {
      width: 1,
      height: 1,
      opaque: false,
      readRows: () => new Uint8Array(4),
      ancillary: ancillary.map(([keyword, text]) => textChunk(keyword, text)),
    },
    pause,
  );

async function withRecipe(recipe: string): Promise<Blob> {
  const readRows = () => new Uint8Array(4);
  const ancillary = [textChunk('Software', 'Lacuna'), await recipeChunk(recipe)];
  return encodePng({ width: 1, height: 1, opaque: false, readRows, ancillary }, pause);
}

test('a recipe comes back as it was given, short or long, in any script', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.constantFrom(1, 400), async (text, times) => {
      const recipe = JSON.stringify({ prompt: `비 오는 거리 ${text}`.repeat(times) });
      expect(await readRecipe(await withRecipe(recipe))).toBe(recipe);
    }),
    { numRuns: 40 },
  );
  const long = JSON.stringify({ prompt: 'a red boat '.repeat(5000) });
  expect((await withRecipe(long)).size).toBeLessThan(3000);
});

test('another reader finds the recipe', async () => {
  const file = await bytesOf(await withRecipe('{"prompt":"비"}'));
  expect((await sharp(file).metadata()).comments).toContainEqual({
    keyword: 'Lacuna recipe',
    text: '{"prompt":"비"}',
  });
});

test('no recipe, damage and other files give none', async () => {
  expect(await readRecipe(await png(['Lacuna recipe', 'not iTXt']))).toBeNull();
  expect(await readRecipe(blobOf(await picture(false).jpeg().toBuffer()))).toBeNull();
  expect(await readRecipe(new Blob([]))).toBeNull();
  const whole = await bytesOf(await withRecipe(JSON.stringify({ prompt: 'a red boat '.repeat(300) })));
  const from = whole.indexOf('iTXt');
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: from, max: from + 60 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= flip;
        expect(await readRecipe(blobOf(damaged))).toBeNull();
        expect(await readRecipe(blobOf(whole.subarray(0, at)))).toBeNull();
      },
    ),
    { numRuns: 30 },
  );
});
