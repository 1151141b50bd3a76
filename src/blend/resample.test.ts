import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pixelRect } from '../geometry/rect.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import { cropRect, edgePad } from './edgePad.ts';
import { resample, resampledStrips, type Window } from './resample.ts';
import { sentMask } from './sentMask.ts';
import type { Size } from './size.ts';

/** Smooth colour waves. */
function waves(width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    out.set(
      [128 + 90 * Math.sin(x / 9), 128 + 90 * Math.cos(y / 7), 128 + 60 * Math.sin((x + y) / 13), 255],
      i * 4,
    );
  }
  return out;
}

const worst = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

test('agrees with libvips', async () => {
  const from = { width: 120, height: 90 };
  const pixels = waves(from.width, from.height);
  for (const to of [
    { width: 60, height: 45 },
    { width: 77, height: 31 },
    { width: 240, height: 180 },
  ]) {
    const theirs = await sharp(pixels, { raw: { ...from, channels: 4 } })
      .resize(to.width, to.height, { kernel: to.width > from.width ? 'cubic' : 'lanczos3', fit: 'fill' })
      .raw()
      .toBuffer();
    expect(worst(resample(pixels, from, to), theirs), JSON.stringify(to)).toBeLessThanOrEqual(4);
  }
});

test('each row is read once, in order, and never long before it is needed', () => {
  const edge = fc.integer({ min: 1, max: 150 });
  fc.assert(
    fc.property(edge, edge, (height, target) => {
      let ready = 0;
      let given = 0;
      const read = (first: number, last: number) => {
        expect(first).toBe(ready);
        expect(last).toBeGreaterThan(first);
        ready = last;
        return new Uint8Array((last - first) * 8).fill(first % 256);
      };
      const scale = height / target;
      for (const strip of resampledStrips(read, { width: 2, height }, { width: 3, height: target })) {
        given += strip.length / 12;
        expect(ready).toBeLessThanOrEqual(given * scale + 3 * Math.max(1, scale) + 2);
      }
      expect(given).toBe(target);
    }),
  );
});

test('down and up again returns smooth content; one colour stays itself; hidden colours do not bleed', () => {
  const from = { width: 160, height: 120 };
  const half = { width: 80, height: 60 };
  const pixels = waves(from.width, from.height);
  expect(worst(resample(resample(pixels, from, half), half, from), pixels)).toBeLessThanOrEqual(8);
  const flat = new Uint8Array(100 * 4).map((_, i) => [10, 200, 30, 77][i % 4]!);
  expect(new Set(resample(flat, { width: 10, height: 10 }, { width: 23, height: 7 }))).toEqual(
    new Set([10, 200, 30, 77]),
  );
  // Left half opaque red, right half transparent green.
  const edge = new Uint8Array(64 * 4);
  for (let i = 0; i < 64; i++) edge.set(i % 8 < 4 ? [255, 0, 0, 255] : [0, 255, 0, 0], i * 4);
  const small = resample(edge, { width: 8, height: 8 }, { width: 3, height: 3 });
  for (let i = 0; i < small.length; i += 4) if (small[i + 3]! > 8) expect(small[i + 1]).toBe(0);
});

test('a window of whole pixels is a copy; a fractional one shows the content where it lies', () => {
  const size = { width: 160, height: 120 };
  const wave = (x: number, y: number) => [
    128 + 90 * Math.sin(x / 9),
    128 + 90 * Math.cos(y / 7),
    128 + 60 * Math.sin((x + y) / 13),
    255,
  ];
  const drawn = (to: Size, { x, y, width, height }: Window) =>
    Uint8Array.from({ length: to.width * to.height * 4 }, (_, i) => {
      const column = Math.floor(i / 4) % to.width;
      const row = Math.floor(i / 4 / to.width);
      // Colours of the middle of each pixel, as `waves` has them at whole numbers.
      const sx = x + ((column + 0.5) * width) / to.width - 0.5;
      const sy = y + ((row + 0.5) * height) / to.height - 0.5;
      return wave(sx, sy)[i % 4]!;
    });
  const pixels = waves(size.width, size.height);
  const copy = { x: 30, y: 20, width: 50, height: 40 };
  expect(resample(pixels, size, copy, copy)).toEqual(drawn(copy, copy));
  const middle = fc.double({ min: 20, max: 60, noNaN: true });
  const length = fc.double({ min: 20, max: 40, noNaN: true });
  const edge = fc.integer({ min: 20, max: 60 });
  fc.assert(
    fc.property(middle, middle, length, length, edge, edge, (x, y, w, h, width, height) => {
      const [to, window] = [
        { width, height },
        { x, y, width: w, height: h },
      ];
      expect(worst(resample(pixels, size, to, window), drawn(to, window))).toBeLessThanOrEqual(4);
    }),
    { numRuns: 50 },
  );
});

test('a window beyond the picture repeats its edge', () => {
  const size = { width: 4, height: 3 };
  const pixels = Uint8Array.from({ length: 48 }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4) * 10));
  const place = fc.integer({ min: -40, max: 40 });
  fc.assert(
    fc.property(place, place, (x, y) => {
      const out = resample(pixels, size, { width: 5, height: 5 }, { x, y, width: 5, height: 5 });
      for (let i = 0; i < 25; i++) {
        const sx = Math.min(3, Math.max(0, x + (i % 5)));
        const sy = Math.min(2, Math.max(0, y + Math.floor(i / 5)));
        expect(Math.abs(out[i * 4]! - pixels[(sy * 4 + sx) * 4]!)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('padding repeats the edge and is cut again', () => {
  const size = { width: 2, height: 2 };
  const padded = edgePad(Uint8Array.of(1, 2, 3, 4), size, { width: 4, height: 3 }, 1);
  expect([...padded]).toEqual([1, 2, 2, 2, 3, 4, 4, 4, 3, 4, 4, 4]);
  expect([...cropRect(padded, 4, pixelRect(0, 0, 2, 2), 1)]).toEqual([1, 2, 3, 4]);
  expect([...cropRect(padded, 4, pixelRect(1, 1, 2, 1), 1)]).toEqual([4, 4]);
});

test('the sent mask is binary and holds every painted pixel at any scale', () => {
  const rect = pixelRect(-3, 5, 40, 30);
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 90 }),
  });
  const spots = fc.array(
    fc.tuple(fc.nat(rect.width - 1), fc.nat(rect.height - 1), fc.integer({ min: 1, max: 255 })),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(sizes, spots, (content, painted) => {
      const coverage = new Uint8Array(rect.width * rect.height);
      for (const [x, y, v] of painted) coverage[y * rect.width + x] = v;
      const sent = { width: content.width + 5, height: content.height + 3 };
      const plan = { rect, sent, scale: 1, padded: { right: 5, bottom: 3 } };
      const out = sentMask(maskFromCoverage(coverage, rect), plan);
      expect(out.every((v) => v === 0 || v === 255)).toBe(true);
      for (const [x, y] of painted) {
        const sx = Math.floor(((x + 0.5) * content.width) / rect.width);
        const sy = Math.floor(((y + 0.5) * content.height) / rect.height);
        expect(out[sy * sent.width + sx]).toBe(255);
      }
      if (painted.length === 0) expect(out.includes(255)).toBe(false);
    }),
  );
});
