import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterRegions } from '../../src/fill/clusters.ts';
import { planWindow, readWindow, writeWindow } from './neuralWindow.ts';

const side = fc.integer({ min: 1, max: 150 });
const picture = fc
  .record({ width: side, height: side, seed: fc.integer() })
  .map(({ width, height, seed }) => {
    const rgba = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
      at % 4 === 3 ? 1 + ((at * 31) % 255) : (at * 97 + seed) & 255,
    );
    return { width, height, rgba, hole: new Uint8Array(width * height), seed };
  });
const fixed = fc.constantFrom(null, { width: 160, height: 200 }, { width: 256, height: 256 });

test('what is read at full size and written back is the same picture, mirrored on the way or not', () => {
  fc.assert(
    fc.property(picture, fixed, fc.boolean(), fc.infiniteStream(fc.nat(2)), (whole, size, flipped, marks) => {
      const hole = whole.hole.map(() => Number(marks.next().value === 0));
      const target = new Uint8Array(whole.rgba.length).fill(7);
      for (const region of clusterRegions(hole, whole.width, whole.height)) {
        const window = planWindow(whole, region, size, flipped);
        expect(window.scale).toBe(1);
        const { planes, unknown } = readWindow(whole, window);
        expect(unknown.includes(1)).toBe(false);
        writeWindow(Uint8ClampedArray.from(planes), window, { ...whole, hole }, region, target);
      }
      const expected = target.map((_, at) => (at % 4 < 3 && hole[at >> 2] ? whole.rgba[at]! : 7));
      expect(Buffer.compare(target, expected)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('the model sees nothing of the hole or of what is transparent, at any scale', () => {
  const size = { width: 300, height: 200 };
  const secret = (x: number, y: number) => (x > 90 && x < 140 && y > 50 && y < 90) || x > 280;
  const rgba = new Uint8Array(size.width * size.height * 4);
  const hole = new Uint8Array(size.width * size.height);
  for (let at = 0; at < hole.length; at++) {
    const [x, y] = [at % size.width, Math.floor(at / size.width)];
    rgba.set(secret(x, y) ? [255, 255, 255, x > 280 ? 0 : 255] : [100, 100, 100, 255], at * 4);
    if (secret(x, y) && x < 280) hole[at] = 1;
  }
  const region = { left: 0, top: 0, right: 300, bottom: 200 };
  for (const edge of [64, 100, 512]) {
    const window = planWindow(size, region, { width: edge, height: edge }, false);
    const { planes, unknown } = readWindow({ ...size, rgba, hole, seed: 0 }, window);
    const shown = new Set(
      planes.map((value, at) => (unknown[at % unknown.length] === 1 ? value : value + 1)),
    );
    expect(shown).toEqual(new Set([0, 101]));
    expect(unknown.includes(1)).toBe(true);
  }
});

test('a window lies inside the picture where it fits, and is never of more than about a megapixel', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8192 }), fc.integer({ min: 1, max: 8192 }), (width, height) => {
      const region = { left: 0, top: 0, right: width, bottom: height };
      const window = planWindow({ width, height }, region, null, false);
      expect([window.width % 8, window.height % 8]).toEqual([0, 0]);
      expect(window.width * window.scale).toBeGreaterThanOrEqual(width - 1e-6);
      expect(window.height * window.scale).toBeGreaterThanOrEqual(height - 1e-6);
      // The narrowest pictures are shown at least 256 px wide.
      if (Math.min(width, height) >= 512) expect(window.width * window.height).toBeLessThan(1.1e6);
    }),
  );
  const corner = { left: 700, top: 0, right: 800, bottom: 90 };
  expect(planWindow({ width: 800, height: 600 }, corner, { width: 512, height: 512 }, false)).toMatchObject({
    left: 288,
    top: 0,
    scale: 1,
  });
});
