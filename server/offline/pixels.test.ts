import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ImageMime, ProviderImage } from '../providers/provider.ts';
import { decodeHole, decodePicture, encodePicture } from './pixels.ts';
import { addChunks } from './pngChunks.ts';

const asImage = (data: Uint8Array, mime: ImageMime = 'image/png'): ProviderImage => ({
  data,
  mime,
  width: 0,
  height: 0,
});
const raw = (bytes: readonly number[], width: number, channels: 1 | 3 | 4) =>
  sharp(Uint8Array.from(bytes), { raw: { width, height: bytes.length / channels / width, channels } });

const made = { software: 'Lacuna' };

/** What sharp decodes when it leaves the profile alone. */
const plain = (data: Uint8Array) => sharp(data, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();

test('straight RGBA survives, colour under alpha 0 included', async () => {
  const pixels = [200, 10, 30, 0, 1, 2, 3, 128, 255, 255, 255, 255, 0, 0, 0, 1];
  const { rgba, width, height, profile, notices } = await decodePicture(
    asImage(await raw(pixels, 2, 4).png().toBuffer()),
  );
  expect([width, height, profile, notices]).toEqual([2, 2, null, []]);
  expect([...rgba]).toEqual(pixels);
});

test('an embedded profile changes no value, and the PNG that goes out carries it on', async () => {
  const wide = await raw([250, 20, 30, 10, 240, 60], 2, 3).withIccProfile('p3').png().toBuffer();
  const stored = await plain(wide);
  const { profile, notices: _, ...picture } = await decodePicture(asImage(wide));
  expect([...picture.rgba]).toEqual([...stored]);
  expect(profile).not.toBeNull();

  const png = await encodePicture(picture, { ...made, format: 'png', quality: 90, size: null, profile });
  expect([...(await plain(png))]).toEqual([...stored]);
  const { icc } = await sharp(png).metadata();
  expect(new Uint8Array(icc!)).toEqual(profile);
});

test('grey and palettes become RGBA', async () => {
  const grey = await decodePicture(asImage(await raw([0, 100, 200, 255], 2, 1).png().toBuffer()));
  expect([...grey.rgba.subarray(4, 8)]).toEqual([100, 100, 100, 255]);
  const palette = await raw([255, 0, 0, 0, 0, 255], 2, 3).png({ palette: true }).toBuffer();
  expect([...(await decodePicture(asImage(palette))).rgba]).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
});

test.each([
  ['rgb16', 3],
  ['rgb16', 4],
  ['grey16', 1],
] as const)('16 bits of %s with %i channels are rounded to 8, and that is said', async (space, channels) => {
  const values = Uint16Array.from({ length: 40 * channels }, (_, at) => (at * 1777) & 0xffff);
  const file = sharp(values, { raw: { width: 8, height: 5, channels } }).toColourspace(space);
  const { rgba, notices } = await decodePicture(asImage(await file.png().toBuffer()));
  expect(notices.map(({ code }) => code)).toEqual(['converted_to_8_bit']);
  const expected = Array.from({ length: 160 }, (_, at) => {
    const channel = at % 4;
    if (channel === 3 && channels !== 4) return 255;
    return Math.round(values[(at >> 2) * channels + (channels === 1 ? 0 : channel)]! / 257);
  });
  expect([...rgba]).toEqual(expected);
});

test('CMYK becomes sRGB, and that is said', async () => {
  const flat = sharp({ create: { width: 8, height: 8, channels: 3, background: '#a40' } });
  const jpeg = await flat.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
  const { rgba, profile, notices } = await decodePicture(asImage(jpeg, 'image/jpeg'));
  expect([profile, notices.map(({ code }) => code)]).toEqual([null, ['converted_from_cmyk']]);
  // The gamut of ink is smaller.
  [170, 68, 0].forEach((value, channel) => {
    expect(Math.abs(rgba[channel]! - value)).toBeLessThan(25);
  });
});

/** A version 2 profile of grey: white of D50, and a curve of gamma 2.2 as one value of 8.8 bits. */
function greyProfile(): Buffer {
  const tags = {
    wtpt: 'XYZ \0\0\0\0\0\0\xf6\xd6\0\x01\0\0\0\0\xd3\x2d',
    kTRC: 'curv\0\0\0\0\0\0\0\x01\x02\x33\0\0',
  };
  const head = Buffer.alloc(128 + 4 + 12 * 2);
  let end = head.length;
  Object.entries(tags).forEach(([name, content], at) => {
    head.write(name, 132 + at * 12);
    head.writeUInt32BE(end, 136 + at * 12);
    head.writeUInt32BE(content.length, 140 + at * 12);
    end += content.length;
  });
  head.writeUInt32BE(end, 0);
  head.writeUInt32BE(0x02100000, 8);
  head.write('mntrGRAYXYZ ', 12);
  head.write('acsp', 36);
  head.writeUInt32BE(2, 128);
  return Buffer.concat([head, Buffer.from(Object.values(tags).join(''), 'latin1')]);
}

test('a grey picture keeps its values; its profile, which RGB cannot have, is left out with a word', async () => {
  const profile = greyProfile();
  const grey = await raw([0, 60, 120, 255], 2, 1).toColourspace('b-w').png().toBuffer();
  const decoded = await decodePicture(asImage(addChunks(grey, { profile, software: null })));
  expect([...decoded.rgba.filter((_, at) => at % 4 === 0)]).toEqual([0, 60, 120, 255]);
  expect([decoded.profile, decoded.notices.map(({ code }) => code)]).toEqual([null, ['profile_dropped']]);
});

test('EXIF orientation is applied once', async () => {
  const jpeg = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#456' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { width, height } = await decodePicture(asImage(jpeg, 'image/jpeg'));
  expect([width, height]).toEqual([10, 20]);
});

test('the hole is what the mask does not keep wholly', async () => {
  const mask = await raw([9, 9, 9, 0, 9, 9, 9, 1, 9, 9, 9, 254, 9, 9, 9, 255], 4, 4).png().toBuffer();
  expect([...(await decodeHole(asImage(mask)))]).toEqual([1, 1, 1, 0]);
});

test('resizes, and lays JPEG on white', async () => {
  const picture = { width: 2, height: 1, rgba: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0]) };
  const size = { width: 8, height: 4 };
  const jpeg = await encodePicture(picture, { ...made, format: 'jpeg', quality: 95, size, profile: null });
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.format]).toEqual([8, 4, 'raw']);
  expect(data.every((value) => value > 250)).toBe(true);
});

test.each(['png', 'jpeg', 'webp'] as const)('a %s says which program made it', async (format) => {
  const picture = { width: 2, height: 1, rgba: new Uint8Array(8).fill(200) };
  const options = { software: 'Lacuna: a test', format, quality: 90, size: null, profile: null };
  const { comments, exif } = await sharp(await encodePicture(picture, options)).metadata();
  if (format === 'png') expect(comments).toEqual([{ keyword: 'Software', text: 'Lacuna: a test' }]);
  else expect(exif?.toString('latin1')).toContain('Lacuna: a test\0');
});

test('a damaged file is an error of ours', async () => {
  const png = await raw([1, 2, 3, 4], 2, 1).png().toBuffer();
  await expect(decodePicture(asImage(png.subarray(0, 40)))).rejects.toMatchObject({
    code: 'invalid_image_file',
  });
});
