import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readImageInfo } from '../header/readImageInfo.ts';
import { densityOfExif } from './density.ts';
import { type ExifBlock, type ExifEntry, parseExif, writeExif } from './exifBlock.ts';
import { exifToWrite, type MetadataChoice } from './exifToWrite.ts';

const POINTERS = new Set([0x8769, 0x8825, 0xa005]);
const widths: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 12: 8 };

const entry: fc.Arbitrary<ExifEntry> = fc
  .tuple(
    fc.integer({ min: 0, max: 0xffff }).filter((tag) => !POINTERS.has(tag)),
    fc.constantFrom(...Object.keys(widths).map(Number)),
    fc.integer({ min: 1, max: 9 }),
  )
  .chain(([tag, type, count]) => {
    const length = widths[type]! * count;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ tag, type, count, bytes: Uint8Array.from(bytes) }));
  });
const directory = fc
  .uniqueArray(entry, { maxLength: 8, selector: ({ tag }) => tag })
  .map((entries) => entries.sort((a, b) => a.tag - b.tag));
/** The interoperability directory hangs below the photo's. */
const block: fc.Arbitrary<ExifBlock> = fc.record({
  littleEndian: fc.boolean(),
  image: directory,
  photo: directory,
  place: directory,
  interoperability: directory,
});

const written = { width: 640, height: 427, density: null, srgb: true };
const choices: readonly MetadataChoice[] = ['none', 'basic', 'all'];

test('what is written is read again, in both byte orders', () => {
  fc.assert(
    fc.property(block, (exif) => {
      expect(parseExif(writeExif(exif))).toEqual(exif);
    }),
  );
});

test('garbage never throws, nor does a block with damage', () => {
  const garbage = fc.uint8Array({ maxLength: 300 });
  const headed = fc
    .tuple(fc.constantFrom('II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08'), garbage)
    .map(([head, rest]) => Uint8Array.from([...Buffer.from(head, 'latin1'), ...rest]));
  const damaged = fc
    .tuple(block, fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 6 }))
    .map(([exif, hits]) => {
      const bytes = writeExif(exif);
      for (const [at, value] of hits) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(garbage, headed, damaged), (tiff) => {
      densityOfExif(tiff);
      for (const choice of choices) {
        const out = exifToWrite(tiff, choice, written, false);
        if (out) expect(writeExif(parseExif(out)!)).toEqual(out);
      }
    }),
    { numRuns: 500 },
  );
});

test('a block that claims to be huge stays small enough for a segment of a JPEG', () => {
  // 3,000 entries that share the same 20,000 bytes.
  const tiff = new Uint8Array(60_000);
  const fields = new DataView(tiff.buffer);
  tiff.set(Buffer.from('MM\0*\0\0\0\x08', 'latin1'));
  fields.setUint16(8, 3000);
  for (let i = 0; i < 3000; i++) {
    fields.setUint16(10 + i * 12, 0x9c9b + i);
    fields.setUint16(12 + i * 12, 7);
    fields.setUint32(14 + i * 12, 20_000);
    fields.setUint32(18 + i * 12, 40_000);
  }
  const out = exifToWrite(tiff, 'all', written, false)!;
  expect(out.length).toBeGreaterThan(20_000);
  expect(out.length).toBeLessThanOrEqual(65_527);
});

const ascii = (tag: number, value: string): ExifEntry => ({
  tag,
  type: 2,
  count: value.length + 1,
  bytes: Uint8Array.from(Buffer.from(`${value}\0`, 'latin1')),
});
const undefinedBytes = (tag: number, length: number): ExifEntry => ({
  tag,
  type: 7,
  count: length,
  bytes: new Uint8Array(length).fill(9),
});

const ofCamera = (littleEndian: boolean): ExifBlock => ({
  littleEndian,
  image: [
    ascii(0x010e, 'A heron at the lake'),
    ascii(0x010f, 'Kestrel Optics'),
    ascii(0x0110, 'K-7'),
    { tag: 0x0112, type: 3, count: 1, bytes: littleEndian ? Uint8Array.of(6, 0) : Uint8Array.of(0, 6) },
    ascii(0x0131, 'Firmware 1.0'),
    ascii(0x013b, 'J. Doe'),
    ascii(0x8298, '© J. Doe'),
  ],
  photo: [
    ascii(0x9003, '2024:05:17 18:40:02'),
    ascii(0x9010, '+09:00'),
    undefinedBytes(0x927c, 900),
    ascii(0xa431, 'SERIAL-123'),
  ],
  place: [ascii(1, 'N')],
  interoperability: [],
});

const tagsOf = (tiff: Uint8Array | null) => {
  const { image, photo, place } = parseExif(tiff!)!;
  return [image, photo, place].map((entries) => entries.map(({ tag }) => tag));
};

test.each([true, false])('little-endian %s: what each choice keeps', (littleEndian) => {
  const source = writeExif(ofCamera(littleEndian));
  expect(exifToWrite(source, 'none', written, true)).toBeNull();
  expect(tagsOf(exifToWrite(source, 'basic', written, false))).toEqual([
    [0x010e, 0x0112, 0x0131, 0x013b, 0x8298],
    [0x9000, 0x9003, 0xa002, 0xa003],
    [],
  ]);
  const all = exifToWrite(source, 'all', { ...written, density: { x: 11_811, y: 11_811 } }, false);
  expect(tagsOf(all)).toEqual([
    [0x010e, 0x010f, 0x0110, 0x0112, 0x011a, 0x011b, 0x0128, 0x0131, 0x013b, 0x8298],
    [0x9000, 0x9003, 0x9010, 0xa002, 0xa003, 0xa431],
    [1],
  ]);
  expect(densityOfExif(all)!.x).toBeCloseTo(300 / 0.0254, 6);
  const text = Buffer.from(exifToWrite(source, 'basic', written, false)!).toString('latin1');
  for (const secret of ['Kestrel', 'K-7', 'SERIAL', '+09:00', 'Firmware']) expect(text).not.toContain(secret);
});

test('a description that names the camera is the camera’s', () => {
  const { image, ...rest } = ofCamera(true);
  const source = writeExif({ ...rest, image: [ascii(0x010e, 'KESTREL DIGITAL CAMERA'), ...image.slice(1)] });
  expect(tagsOf(exifToWrite(source, 'basic', written, false))[0]).not.toContain(0x010e);
  expect(tagsOf(exifToWrite(source, 'all', written, false))[0]).toContain(0x010e);
});

test('without a source only the resolution is said, where the format has no other place for it', () => {
  const density = { x: 5000, y: 5000 };
  expect(exifToWrite(null, 'all', written, true)).toBeNull();
  expect(exifToWrite(null, 'basic', { ...written, density }, false)).toBeNull();
  for (const choice of choices) {
    const bare = exifToWrite(writeExif(ofCamera(true)), 'none', { ...written, density }, true);
    expect(densityOfExif(bare)).toEqual(density);
    expect(densityOfExif(exifToWrite(null, choice, { ...written, density }, true))).toEqual(density);
    expect(tagsOf(bare)).toEqual([[0x0112, 0x011a, 0x011b, 0x0128], [0x9000, 0xa002, 0xa003], []]);
  }
});

const photograph = () =>
  sharp({ create: { width: 24, height: 16, channels: 3, background: '#c86432' } }).withMetadata({
    density: 300,
    exif: {
      IFD0: { Copyright: 'J. Doe', Make: 'Kestrel' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 30/1' },
    },
  });

test.each(['jpeg', 'png', 'webp', 'avif'] as const)('%s: EXIF and resolution are found', async (format) => {
  const file = await photograph().toFormat(format).toBuffer();
  const { exif, density } = await readImageInfo(new Blob([Uint8Array.from(file)]));
  expect(parseExif(exif!)!.image.map(({ tag }) => tag)).toContain(0x8298);
  expect(parseExif(exif!)!.place.map(({ tag }) => tag)).toEqual(expect.arrayContaining([1, 2]));
  expect(density!.x * 0.0254).toBeCloseTo(300, 1);
});
