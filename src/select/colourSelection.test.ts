import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageAt, coverageOf } from '../raster/coverage.ts';
import { maskSource } from '../raster/mask.ts';
import { distanceFrom, LEVELS_PER_UNIT, MAX_LEVEL, meanColour } from './colourDistance.ts';
import { type ColourSeed, ColourSelection } from './colourSelection.ts';
import { toOklab } from './oklab.ts';
import { SRGB_LIGHT } from './testLight.ts';

const lab = toOklab(SRGB_LIGHT);

/** Straight RGBA of a frame, and how it is read. */
const reader = (frame: PixelRect, rgba: Uint8Array) => (rect: PixelRect) => {
  const out = new Uint8Array(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.y - frame.y + y) * frame.width + rect.x - frame.x) * 4;
    out.set(rgba.subarray(from, from + rect.width * 4), y * rect.width * 4);
  }
  return out;
};

function run<T>(steps: Generator<unknown, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

const seedAt = (x: number, y: number, rest: Partial<ColourSeed> = {}): ColourSeed => ({
  x,
  y,
  sample: 1,
  contiguous: true,
  ...rest,
});

/** What a wand takes, as plain as can be: neighbours are tried until nothing is added. */
function slowWand(frame: PixelRect, rgba: Uint8Array, seed: ColourSeed, tolerance: number): boolean[] {
  const { width, height } = frame;
  const at = (seed.y * width + seed.x) * 4;
  const levels = new Uint8Array(width * height);
  distanceFrom(meanColour(rgba.subarray(at, at + 4), lab), lab)(rgba, levels);
  const near = Array.from(levels, (level) => level <= tolerance * LEVELS_PER_UNIT);
  if (!seed.contiguous) return near;
  const taken = near.map((_, i) => i === seed.y * width + seed.x);
  for (let added = true; added; ) {
    added = false;
    for (let i = 0; i < taken.length; i++) {
      const x = i % width;
      const touches =
        (x > 0 && taken[i - 1]) ||
        (x < width - 1 && taken[i + 1]) ||
        taken[i - width] === true ||
        taken[i + width] === true;
      if (!taken[i] && near[i] && touches) {
        taken[i] = true;
        added = true;
      }
    }
  }
  return taken;
}

/** Few colours, so that regions form; some transparent, with whatever colour hidden below. */
const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc.record({
      frame: fc.constant(pixelRect(0, 0, width, height)),
      colours: fc.array(fc.constantFrom(0, 1, 2, 3, 4), {
        minLength: width * height,
        maxLength: width * height,
      }),
      x: fc.nat(width - 1),
      y: fc.nat(height - 1),
    }),
  );
const palette = [
  [200, 60, 60, 255],
  [205, 66, 62, 255],
  [190, 90, 70, 255],
  [40, 80, 200, 255],
  [9, 200, 13, 0],
] as const;
const drawn = (colours: readonly number[]) => Uint8Array.from(colours.flatMap((c) => [...palette[c]!]));

describe('magic wand', () => {
  test('takes what the slow reference takes, whatever tolerance was asked for before', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 }),
        ({ frame, colours, x, y }, contiguous, tolerances) => {
          const rgba = drawn(colours);
          const seed = seedAt(x, y, { contiguous });
          const wand = new ColourSelection(frame, seed, reader(frame, rgba), lab);
          for (const tolerance of tolerances) {
            const mask = run(wand.maskSteps({ tolerance, antialias: false }));
            const taken = Array.from(coverageOf(maskSource(mask), frame), (value) => value === 255);
            expect(taken).toEqual(slowWand(frame, rgba, seed, tolerance));
          }
        },
      ),
    );
  });

  test('a larger tolerance never covers a pixel less', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.boolean(),
        fc.nat(60),
        fc.nat(40),
        ({ frame, colours, x, y }, contiguous, t, more) => {
          const wand = new ColourSelection(
            frame,
            seedAt(x, y, { contiguous }),
            reader(frame, drawn(colours)),
            lab,
          );
          const cover = (tolerance: number) =>
            coverageOf(maskSource(run(wand.maskSteps({ tolerance, antialias: true }))), frame);
          const wide = cover(t + more);
          const narrow = cover(t);
          expect(narrow.filter((value, i) => wide[i]! < value)).toHaveLength(0);
        },
      ),
    );
  });

  test('left in the middle and asked for another tolerance, it ends up the same', () => {
    // A comb: the flood has thousands of spans, so that it is left in their midst.
    const frame = pixelRect(-7, 3, 640, 600);
    const rgba = new Uint8Array(640 * 600 * 4);
    for (let i = 0; i < 640 * 600; i++) {
      const [x, y] = [i % 640, Math.floor(i / 640)];
      rgba.set(palette[x % 2 && y > 0 ? 2 : y % 7 === 3 ? 1 : 0], i * 4);
    }
    const read = reader(frame, rgba);
    const seed = seedAt(-7, 3);
    const left = new ColourSelection(frame, seed, read, lab);
    for (let i = 0, steps = left.maskSteps({ tolerance: 80, antialias: false }); i < 2; i++) steps.next();
    const fresh = new ColourSelection(frame, seed, read, lab);
    for (const tolerance of [3, 80, 1]) {
      const reach = { tolerance, antialias: true };
      const again = coverageOf(maskSource(run(left.maskSteps(reach))), frame);
      expect(again).toEqual(coverageOf(maskSource(run(fresh.maskSteps(reach))), frame));
    }
  });

  test('an edge that was drawn antialiased is covered as it was drawn', () => {
    const frame = pixelRect(0, 0, 5, 1);
    // Light grey, mixtures of 75 % and 25 %, dark grey: even in the picture's numbers, nearly so in OKLab.
    const rgba = Uint8Array.from([200, 200, 160, 120, 120].flatMap((grey) => [grey, grey, grey, 255]));
    const wand = new ColourSelection(frame, seedAt(0, 0), reader(frame, rgba), lab);
    const cover = [...coverageOf(maskSource(run(wand.maskSteps({ tolerance: 5, antialias: true }))), frame)];
    expect(cover[1]).toBe(255);
    expect(cover[2]).toBeGreaterThan(115);
    expect(cover[2]).toBeLessThan(140);
    expect(cover[3]).toBe(0);
  });

  test('what is transparent is one colour, whatever hides below', () => {
    const frame = pixelRect(0, 0, 4, 1);
    const rgba = Uint8Array.from([1, 2, 3, 0, 250, 9, 80, 0, 1, 2, 3, 255, 7, 7, 7, 0]);
    const wand = new ColourSelection(frame, seedAt(0, 0, { contiguous: false }), reader(frame, rgba), lab);
    const mask = run(wand.maskSteps({ tolerance: 0, antialias: false }));
    expect([0, 1, 2, 3].map((x) => coverageAt(mask, x, 0))).toEqual([255, 255, 0, 255]);
  });

  test('a sample of 3 px takes their mean for the colour, and the seed with it', () => {
    const frame = pixelRect(0, 0, 3, 3);
    // One black speck under the pointer in a white field.
    const rgba = new Uint8Array(36).fill(255);
    rgba.set([0, 0, 0, 255], 16);
    const cover = (sample: number, tolerance: number) =>
      coverageOf(
        maskSource(
          run(
            new ColourSelection(frame, seedAt(1, 1, { sample }), reader(frame, rgba), lab).maskSteps({
              tolerance,
              antialias: false,
            }),
          ),
        ),
        frame,
      );
    expect([...cover(1, 20)].filter((value) => value > 0)).toHaveLength(1);
    expect([...cover(3, 20)].filter((value) => value > 0)).toHaveLength(9);
  });
});

test('black and white lie 100 units apart, a pixel from itself 0', () => {
  const rgba = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255);
  const levels = new Uint8Array(2);
  distanceFrom(meanColour(rgba.subarray(0, 4), lab), lab)(rgba, levels);
  expect([...levels]).toEqual([0, MAX_LEVEL]);
});
