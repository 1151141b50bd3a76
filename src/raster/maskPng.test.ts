import { deflateSync, inflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf, maskFromCoverage } from './coverage.ts';
import { beginDraft } from './draft.ts';
import { fillMask, invertMask } from './invert.ts';
import { emptyMask, type Mask, maskSource } from './mask.ts';
import { encodeMaskPng, type MaskEncoding } from './maskPng.ts';
import { strokeCapsule } from './stroke.ts';

/** Reads the two kinds of PNG that are written here, by the standard and with Node's inflate. */
function decode(png: Uint8Array, encoding: MaskEncoding = 'dual') {
  const channels = encoding === 'dual' ? 4 : 1;
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const types: string[] = [];
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    expect(view.getUint32(at + 8 + length)).toBe(zlibCrc32(png.subarray(at + 4, at + 8 + length)));
    types.push(type);
    if (type === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  expect(types).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([...png.subarray(24, 29)]).toEqual([8, channels === 4 ? 6 : 0, 0, 0, 0]);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const raw = inflateSync(Buffer.concat(data));
  expect(raw.length).toBe((width * channels + 1) * height);
  const rgba = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (width * channels + 1)]!;
    for (let i = 0; i < width * channels; i++) {
      const at = y * width * channels + i;
      const left = i >= channels ? rgba[at - channels]! : 0;
      const up = y > 0 ? rgba[at - width * channels]! : 0;
      rgba[at] = raw[y * (width * channels + 1) + 1 + i]! + (filter === 1 ? left : filter === 2 ? up : 0);
    }
  }
  return { width, height, rgba };
}

function expectPng(mask: Mask, frame: PixelRect): void {
  const { width, height, rgba } = decode(encodeMaskPng(mask, frame));
  expect([width, height]).toEqual([frame.width, frame.height]);
  const coverage = coverageOf(maskSource(mask), frame);
  let wrong = 0;
  coverage.forEach((c, i) => {
    const [r, g, b, a] = rgba.subarray(i * 4, i * 4 + 4);
    if (r !== c || g !== c || b !== c || a !== 255 - c) wrong++;
  });
  expect(wrong).toBe(0);
  const grey = decode(encodeMaskPng(mask, frame, null, 'white-edit'), 'white-edit');
  expect([grey.width, grey.height]).toEqual([frame.width, frame.height]);
  expect(Buffer.compare(grey.rgba, coverage)).toBe(0);
}

const sample = fc.record({
  x: fc.double({ min: -700, max: 700, noNaN: true }),
  y: fc.double({ min: -700, max: 700, noNaN: true }),
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
});
const size = fc.oneof(fc.constantFrom(1, 2, 255, 256, 257, 512), fc.integer({ min: 1, max: 700 }));
const frameOf = fc
  .tuple(fc.integer({ min: -500, max: 100 }), fc.integer({ min: -500, max: 100 }), size, size)
  .map(([x, y, width, height]) => pixelRect(x, y, width, height));

test('the picture decodes to exactly the painted coverage', () => {
  fc.assert(
    fc.property(
      frameOf,
      fc.array(fc.tuple(sample, sample, fc.constantFrom(0, 0.5, 0.9, 1), fc.boolean()), { maxLength: 5 }),
      fc.boolean(),
      (frame, strokes, inverted) => {
        const wide = pixelRect(-600, -600, 1500, 1500);
        const draft = beginDraft(emptyMask, wide);
        for (const [a, b, hardness, small] of strokes) {
          strokeCapsule(draft, 'erase', { diameter: small ? 9 : 300, hardness, opacity: 1 }, a, b);
        }
        const mask = draft.commit();
        expectPng(inverted ? invertMask(mask, wide) : mask, frame);
      },
    ),
    { numRuns: 30 },
  );
});

test('noise, single pixels, whole and empty masks', () => {
  const noise = new Uint8Array(300 * 280).map((_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24);
  expectPng(maskFromCoverage(noise, pixelRect(-20, -10, 300, 280)), pixelRect(-20, -10, 300, 280));
  for (const value of [0, 1, 128, 255]) {
    expectPng(maskFromCoverage(Uint8Array.of(value), pixelRect(-1, -1, 1, 1)), pixelRect(-1, -1, 1, 1));
  }
  expectPng(emptyMask, pixelRect(3, 3, 1000, 600));
  expectPng(fillMask(pixelRect(0, 0, 1000, 600)), pixelRect(-5, -5, 1010, 610));
});

test('columns of every height and pattern repeat across the window of the compression', () => {
  for (const width of [8191, 8192, 16_384]) {
    const frame = pixelRect(-128, 250, width, 9);
    const bytes = new Uint8Array(width * 9).map((_, i) => {
      const x = i % width;
      return x % 97 < 3 ? (x * 5 + Math.floor(i / width) * 3) & 255 : x > 9000 ? 255 : 0;
    });
    expectPng(maskFromCoverage(bytes, frame), frame);
  }
});

const soft = () => {
  const draft = beginDraft(emptyMask, pixelRect(0, 0, 1024, 1024));
  for (let i = 0; i < 6; i++) {
    const tip = { diameter: 90 + i * 20, hardness: 0.2 * (i % 4), opacity: 1 };
    strokeCapsule(
      draft,
      'erase',
      tip,
      { x: 100, y: 60 + i * 160, pressure: 1 },
      { x: 900, y: 960 - i * 170, pressure: 0.5 },
    );
  }
  return draft.commit();
};

test('soft edges compress about as well as a general compressor does', () => {
  const frame = pixelRect(0, 0, 1024, 1024);
  const png = encodeMaskPng(soft(), frame);
  const filtered = inflateSync(png.subarray(41, png.length - 16));
  expect(png.length).toBeLessThan(1.6 * deflateSync(filtered, { level: 6 }).length);
  expect(png.length).toBeLessThan(deflateSync(decode(png).rgba, { level: 6 }).length);
  const grey = encodeMaskPng(soft(), frame, null, 'white-edit');
  const greyRows = inflateSync(grey.subarray(41, grey.length - 16));
  expect(grey.length).toBeLessThan(1.8 * deflateSync(greyRows, { level: 6 }).length);
  expect(grey.length).toBeLessThan(png.length);
});

test('another decoder reads the same picture', async () => {
  const frame = pixelRect(0, 0, 1024, 1024);
  const mask = soft();
  const { data, info } = await sharp(encodeMaskPng(mask, frame)).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([1024, 1024, 4]);
  const coverage = coverageOf(maskSource(mask), frame);
  expect(coverage.every((c, i) => data[i * 4] === c && data[i * 4 + 3] === 255 - c)).toBe(true);
  const grey = sharp(encodeMaskPng(mask, frame, null, 'white-edit'));
  expect(await grey.metadata()).toMatchObject({ channels: 1, depth: 'uchar', space: 'b-w' });
  expect(Buffer.compare(await grey.toColourspace('b-w').raw().toBuffer(), coverage)).toBe(0);
});

test('the exported file says where the picture lies; a service gets nothing but the mask', async () => {
  const frame = pixelRect(-40, 12, 300, 200);
  const mask = maskFromCoverage(new Uint8Array(100).fill(255), pixelRect(0, 20, 10, 10));
  const plain = encodeMaskPng(mask, frame);
  const placed = encodeMaskPng(mask, frame, { width: 640, height: 427 });
  const { data } = await sharp(placed).raw().toBuffer({ resolveWithObject: true });
  expect(Buffer.compare(data, Buffer.from(decode(plain).rgba))).toBe(0);
  const text = Buffer.from(placed).toString('latin1');
  const offset = Buffer.from(placed).subarray(text.indexOf('oFFs') + 4);
  expect([offset.readInt32BE(0), offset.readInt32BE(4), offset[8]]).toEqual([-40, 12, 0]);
  expect((await sharp(placed).metadata()).comments).toEqual([
    {
      keyword: 'Lacuna',
      text: '{"frame":{"x":-40,"y":12,"width":300,"height":200},"picture":{"x":40,"y":-12,"width":640,"height":427}}',
    },
  ]);
  const still = encodeMaskPng(mask, pixelRect(0, 0, 640, 427), { width: 640, height: 427 });
  expect(Buffer.from(still).toString('latin1')).not.toContain('oFFs');
  expect((await sharp(still).metadata()).comments![0]!.text).toContain('"picture":{"x":0,"y":0,');
});
