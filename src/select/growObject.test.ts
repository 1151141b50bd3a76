import { describe, expect, test } from 'vitest';
import { normalFrom, randomFrom } from '../../tests/drawnScene.ts';
import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { beginDraft } from '../raster/draft.ts';
import { emptyMask, type Mask, maskSource } from '../raster/mask.ts';
import { strokeCapsule } from '../raster/stroke.ts';
import { type ObjectHints, objectSteps } from './growObject.ts';
import { toOklab } from './oklab.ts';
import { SRGB_LIGHT } from './testLight.ts';

const lab = toOklab(SRGB_LIGHT);

type Colour = readonly [number, number, number];

interface Scene {
  readonly frame: PixelRect;
  readonly rgba: Uint8Array;
  readonly truth: (x: number, y: number) => boolean;
}

/** A scene of an object on a ground, both by functions of the pixel, with grain over it. */
function scene(
  edge: number,
  truth: (x: number, y: number) => boolean,
  object: (x: number, y: number) => Colour,
  ground: (x: number, y: number) => Colour,
  grain: number,
): Scene {
  const noise = normalFrom(randomFrom(3));
  const rgba = new Uint8ClampedArray(edge * edge * 4);
  for (let y = 0, at = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++, at += 4) {
      const colour = (truth(x, y) ? object : ground)(x, y);
      for (let channel = 0; channel < 3; channel++) rgba[at + channel] = colour[channel]! + noise() * grain;
      rgba[at + 3] = 255;
    }
  }
  return { frame: pixelRect(0, 0, edge, edge), rgba: new Uint8Array(rgba.buffer), truth };
}

const EDGE = 600;
const inDisc = (x: number, y: number, cx: number, cy: number, radius: number) =>
  Math.hypot(x - cx, y - cy) < radius;

/** A striped ball on sand, with a soft shadow beside it. */
const ball = scene(
  EDGE,
  (x, y) => inDisc(x, y, 300, 280, 150),
  (x, y) => (Math.floor((x + y) / 24) % 2 ? [190, 40, 50] : [150, 30, 70]),
  (x, y) => {
    const shadow = 70 * Math.exp(-(((x - 420) / 130) ** 2) - ((y - 420) / 60) ** 2);
    const ripple = 12 * Math.sin(x / 9 + Math.sin(y / 30) * 3);
    return [205 + ripple - shadow, 180 + ripple - shadow, 130 + ripple - shadow];
  },
  6,
);

/** A leaf of two lobes on a wall of bricks of nearly the same lightness. */
const leaf = scene(
  EDGE,
  (x, y) => inDisc(x, y, 230, 300, 110) || inDisc(x, y, 380, 300, 90),
  (x, y) => [70 + 20 * Math.sin(y / 7), 130 + 18 * Math.sin(x / 11), 60],
  (x, y) => (x % 80 < 4 || y % 40 < 4 ? [150, 140, 130] : [150 + ((x / 80) & 1) * 14, 95, 80]),
  8,
);

function scribble(frame: PixelRect, points: readonly (readonly [number, number])[], diameter = 16): Mask {
  const draft = beginDraft(emptyMask, frame);
  const samples = points.map(([x, y]) => ({ x, y, pressure: 1 }));
  for (const [i, to] of samples.entries()) {
    strokeCapsule(draft, 'erase', { diameter, hardness: 1, opacity: 1 }, samples[Math.max(0, i - 1)]!, to);
  }
  return draft.commit();
}

function grow({ frame, rgba }: Scene, hints: Partial<ObjectHints>): Mask {
  const read = (rect: PixelRect) => {
    const out = new Uint8Array(rect.width * rect.height * 4);
    for (let y = 0; y < rect.height; y++) {
      const from = ((rect.y + y) * frame.width + rect.x) * 4;
      out.set(rgba.subarray(from, from + rect.width * 4), y * rect.width * 4);
    }
    return out;
  };
  const steps = objectSteps(
    { region: frame, inside: emptyMask, outside: emptyMask, former: null, grows: true, ...hints },
    read,
    lab,
  );
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** Intersection over union of what was found and what was drawn. */
function agreement({ frame, truth }: Scene, mask: Mask): number {
  const bytes = coverageOf(maskSource(mask), frame);
  let both = 0;
  let either = 0;
  for (let i = 0; i < bytes.length; i++) {
    const found = bytes[i]! >= 128;
    const meant = truth(i % frame.width, Math.floor(i / frame.width));
    if (found && meant) both++;
    if (found || meant) either++;
  }
  return both / either;
}

describe('quick select', () => {
  test('one scribble over the stripes of a ball finds the ball, without its shadow', () => {
    const inside = scribble(ball.frame, [
      [240, 220],
      [360, 340],
    ]);
    expect(agreement(ball, grow(ball, { inside }))).toBeGreaterThan(0.95);
  });

  test('one scribble finds a leaf on bricks', () => {
    const inside = scribble(leaf.frame, [
      [200, 300],
      [400, 300],
    ]);
    expect(agreement(leaf, grow(leaf, { inside }))).toBeGreaterThan(0.93);
  });

  test('the edge is right to the pixel also where the first cut was coarse', () => {
    // 1800 px across: the first cut sees it four times smaller.
    const large = scene(
      1800,
      (x, y) => inDisc(x, y, 900, 900, 500),
      () => [60, 90, 170],
      () => [170, 160, 150],
      4,
    );
    const inside = scribble(
      large.frame,
      [
        [700, 900],
        [1100, 900],
      ],
      40,
    );
    const mask = grow(large, { inside });
    const row = coverageOf(maskSource(mask), pixelRect(0, 900, 1800, 1));
    const inner = row.findIndex((value) => value >= 128);
    expect(Math.abs(inner - 400)).toBeLessThanOrEqual(1);
    // A soft edge of one px, not a ramp.
    expect(row.filter((value) => value > 0 && value < 255).length).toBeLessThanOrEqual(6);
    expect(agreement(large, mask)).toBeGreaterThan(0.995);
  });

  test('the same colour elsewhere is another object', () => {
    const twins = scene(
      EDGE,
      (x, y) => inDisc(x, y, 150, 300, 90),
      () => [200, 60, 60],
      (x, y) => (inDisc(x, y, 450, 300, 90) ? [200, 60, 60] : [90, 110, 90]),
      5,
    );
    const inside = scribble(twins.frame, [
      [120, 300],
      [180, 300],
    ]);
    expect(agreement(twins, grow(twins, { inside }))).toBeGreaterThan(0.95);
  });

  test('a scribble more only adds, one that takes away only takes; both are obeyed', () => {
    const { frame } = leaf;
    const former = grow(leaf, { inside: scribble(frame, [[230, 300]]) });
    const before = coverageOf(maskSource(former), frame);
    const added = scribble(frame, [
      [300, 480],
      [330, 500],
    ]);
    const more = coverageOf(maskSource(grow(leaf, { inside: added, former, grows: true })), frame);
    expect(before.filter((value, i) => value === 255 && more[i]! < 128)).toHaveLength(0);
    expect(more[490 * EDGE + 315]).toBe(255);

    const taken = scribble(frame, [
      [370, 300],
      [400, 300],
    ]);
    const whole = grow(leaf, {
      inside: scribble(frame, [
        [200, 300],
        [400, 300],
      ]),
    });
    const all = coverageOf(maskSource(whole), frame);
    const inside = scribble(frame, [[200, 300]]);
    const less = coverageOf(
      maskSource(grow(leaf, { inside, outside: taken, former: whole, grows: false })),
      frame,
    );
    expect(less.filter((value, i) => value >= 128 && all[i]! < 128)).toHaveLength(0);
    expect(less[300 * EDGE + 385]).toBe(0);
    expect(less[300 * EDGE + 200]).toBe(255);
  });

  test('what lies beyond the part that is seen stays as it was found', () => {
    const former = grow(ball, {
      inside: scribble(ball.frame, [
        [240, 220],
        [360, 340],
      ]),
    });
    const region = pixelRect(0, 300, EDGE, 300);
    const inside = scribble(ball.frame, [[300, 340]]);
    const next = grow(ball, { region, inside, former });
    const above = pixelRect(0, 0, EDGE, 300);
    expect(coverageOf(maskSource(next), above)).toEqual(coverageOf(maskSource(former), above));
  });
});
