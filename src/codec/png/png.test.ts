import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { CodecError } from '../codecError.ts';
import { decodePng, decodePngPieces, readPng } from './decode.ts';
import { encodePng } from './encode.ts';

const pause = async () => undefined;

const decode = async (file: Uint8Array) => decodePng(await readPng(Uint8Array.from(file), pause), pause);

function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

const raw = (pixels: Uint8Array, width: number, height: number, channels: 1 | 2 | 3 | 4) =>
  sharp(pixels, { raw: { width, height, channels } });

test('straight RGBA survives our encoder and decoder, and libvips reads the same', async () => {
  const size = fc.integer({ min: 1, max: 70 });
  await fc.assert(
    fc.asyncProperty(size, size, fc.nat(), fc.boolean(), async (width, height, seed, opaque) => {
      const pixels = noise(width * height * 4, seed);
      if (opaque) for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
      const readRows = (from: number, end: number) => pixels.subarray(from * width * 4, end * width * 4);
      const blob = await encodePng({ width, height, opaque, readRows }, pause);
      const file = new Uint8Array(await blob.arrayBuffer());
      expect(await decode(file)).toEqual(pixels);
      const theirs = await sharp(file).ensureAlpha().raw().toBuffer();
      expect(new Uint8Array(theirs)).toEqual(pixels);
    }),
    { numRuns: 40 },
  );
});

test('long repetitions, and rows that go into several chunks', async () => {
  const width = 900;
  const height = 700;
  const pixels = new Uint8Array(width * height * 4).map((_, i) =>
    i % 4 === 3 ? 255 : (i >> 8) % 7 === 0 ? i : 90,
  );
  pixels.set(noise(500_000, 9), 1_000_000);
  const readRows = (from: number, end: number) => pixels.subarray(from * width * 4, end * width * 4);
  const blob = await encodePng({ width, height, opaque: false, readRows }, pause);
  const file = new Uint8Array(await blob.arrayBuffer());
  expect(Buffer.compare(await decode(file), pixels)).toBe(0);
  expect(Buffer.compare(await sharp(file).raw().toBuffer(), Buffer.from(pixels))).toBe(0);
});

test('pieces of whole rows make up the whole, interlaced or not', async () => {
  const [width, height] = [23, 50];
  const pixels = noise(width * height * 4, 3);
  for (const progressive of [false, true]) {
    const png = await raw(pixels, width, height, 4).png({ progressive }).toBuffer();
    const file = await readPng(Uint8Array.from(png), pause);
    const joined = new Uint8Array(pixels.length);
    const tops: number[] = [];
    await decodePngPieces(file, 16, pause, (rgba, top, rows) => {
      expect(rgba.length).toBe(width * rows * 4);
      joined.set(rgba, top * width * 4);
      tops.push(top);
    });
    expect(tops).toEqual(progressive ? [0] : [0, 16, 32, 48]);
    expect(joined).toEqual(pixels);
  }
});

test.each([
  ['RGBA', 4, {}],
  ['RGB', 3, {}],
  ['RGBA, interlaced', 4, { progressive: true }],
  ['palette of 256', 4, { palette: true, colours: 256 }],
  ['palette of 4, interlaced', 3, { palette: true, colours: 4, progressive: true }],
  ['palette of 2', 3, { palette: true, colours: 2 }],
] as const)('decodes %s as libvips does', async (_, channels, options) => {
  for (const [width, height] of [
    [37, 29],
    [1, 1],
    [5, 3],
  ] as const) {
    const file = await raw(noise(width * height * channels, 7), width, height, channels)
      .png(options)
      .toBuffer();
    const theirs = await sharp(file).ensureAlpha().raw().toBuffer();
    expect(await decode(file)).toEqual(new Uint8Array(theirs));
  }
});

test('decodes grey, with and without alpha', async () => {
  for (const channels of [1, 2] as const) {
    const samples = noise(40 * channels, 3);
    const file = await raw(samples, 8, 5, channels).toColourspace('b-w').png().toBuffer();
    const expected = Array.from({ length: 40 }, (_, i) => {
      const grey = samples[i * channels]!;
      return [grey, grey, grey, channels === 2 ? samples[i * 2 + 1]! : 255];
    });
    expect([...(await decode(file))]).toEqual(expected.flat());
  }
});

test('rounds 16 bits to 8', async () => {
  const samples = Uint16Array.from({ length: 64 * 4 }, (_, i) => (i * 2579) & 0xffff);
  const file = await sharp(samples, { raw: { width: 8, height: 8, channels: 4 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  expect([...(await decode(file))]).toEqual(Array.from(samples, (v) => Math.round(v / 257)));
});

test('the transparent colour of grey and RGB, and depths below 8', async () => {
  // Two pixels of 4-bit grey, 5 and 10; 5 is transparent.
  const grey = await assemble(2, 1, 4, 0, [[0, 0x5a]], Uint8Array.of(0, 5));
  expect([...(await decode(grey))]).toEqual([85, 85, 85, 0, 170, 170, 170, 255]);
  const rgb = await assemble(2, 1, 8, 2, [[0, 1, 2, 3, 1, 2, 4]], Uint8Array.of(0, 1, 0, 2, 0, 3));
  expect([...(await decode(rgb))]).toEqual([1, 2, 3, 0, 1, 2, 4, 255]);
});

test('damage is told', async () => {
  const file = await raw(noise(3000, 1), 50, 20, 3).png().toBuffer();
  const broken = Uint8Array.from(file);
  broken[200]! ^= 0x55;
  await expect(decode(broken)).rejects.toEqual(new CodecError('undecodable'));
  await expect(decode(file.subarray(0, 900))).rejects.toEqual(new CodecError('truncated'));
  const short = await assemble(2, 3, 8, 0, [[0, 1, 2]], null);
  await expect(decode(short)).rejects.toEqual(new CodecError('truncated'));
});

test('an abort stops the work', async () => {
  const file = await raw(noise(3000, 1), 50, 20, 3).png().toBuffer();
  const aborted = async () => {
    throw new DOMException('stop', 'AbortError');
  };
  const read = await readPng(Uint8Array.from(file), pause);
  await expect(decodePng(read, aborted)).rejects.toThrow('stop');
});

/** A PNG from its own parts; the checksums come from Node. */
async function assemble(
  width: number,
  height: number,
  depth: number,
  colourType: number,
  rows: number[][],
  transparency: Uint8Array | null,
): Promise<Uint8Array> {
  const { crc32, deflateSync } = await import('node:zlib');
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colourType;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    ...(transparency ? [chunk('tRNS', transparency)] : []),
    chunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
