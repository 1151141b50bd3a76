import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erased, type HoleKind, hole } from '../../tests/softMask/hole.ts';
import { type Distortion, FAITHFUL, softMaskReply } from '../../tests/softMask/softMaskModel.ts';
import { type TruthKind, truth } from '../../tests/softMask/truth.ts';
import { createRandom } from '../fill/random.ts';
import { type Fit, IDENTITY, type Registration, registerSteps } from './registration.ts';
import type { Size } from './size.ts';

function register(sent: Uint8Array, returned: Uint8Array, asked: Uint8Array, size: Size): Fit {
  const steps = registerSteps(sent, returned, asked, size);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

interface Case {
  readonly kind: TruthKind;
  readonly size: Size;
  readonly hole: HoleKind;
  readonly truthSeed: number;
  readonly distortion: Distortion;
}

/** How much else a service changes: nothing; as a good one does; as a bad one does. */
const strengths = [
  { noise: 0, loss: 0, repaint: 0, tone: 0 },
  { noise: 1.5, loss: 3, repaint: 0.1, tone: 0.1 },
  { noise: 4, loss: 6, repaint: 0.3, tone: 0.18 },
] as const;

const sizes = [
  { width: 256, height: 256 },
  { width: 320, height: 256 },
  { width: 272, height: 384 },
] as const;

const holes = ['centre', 'border', 'several'] as const;

/** Shift alone, one scale, or a scale per axis; every size, hole and strength in turn. */
function caseOf(kind: TruthKind, index: number, still = false): Case {
  const random = createRandom(index, kind.length, kind.charCodeAt(0));
  const strength = strengths[index % 3]!;
  const scale = () => (still ? 1 : random.between(0.97, 1.03));
  const shift = () => (still ? 0 : random.between(-8, 8));
  const freedom = Math.floor(index / 3) % 3;
  const scaleX = freedom === 0 ? 1 : scale();
  const tone = () => 1 + random.between(-strength.tone, strength.tone);
  return {
    kind,
    size: sizes[Math.floor(index / 2) % 3]!,
    hole: holes[Math.floor(index / 9) % 3]!,
    truthSeed: 10 + (index % 2),
    distortion: {
      scaleX,
      scaleY: freedom === 2 ? scale() : scaleX,
      shiftX: shift(),
      shiftY: shift(),
      gain: [tone(), tone(), tone()],
      gamma: [tone(), tone(), tone()],
      noise: strength.noise,
      loss: strength.loss,
      repaint: strength.repaint,
      seed: index + 1,
    },
  };
}

const drawn = new Map<string, Uint8Array>();

function picture(kind: TruthKind, size: Size, seed: number): Uint8Array {
  const key = `${kind} ${size.width} ${size.height} ${seed}`;
  const known = drawn.get(key) ?? truth(kind, size, seed);
  drawn.set(key, known);
  return known;
}

function fitOf({ kind, size, hole: holeKind, truthSeed, distortion }: Case) {
  const whole = picture(kind, size, truthSeed);
  const asked = hole(holeKind, size, distortion.seed);
  const sent = erased(whole, asked);
  return { fit: register(sent, softMaskReply(sent, asked, size, whole, distortion), asked, size), asked };
}

/**
 * The shift's error is that of the displacement in the middle of what was asked for, px: there the result is used, and
 * there it says nothing twice, whereas the shift at the picture's corner holds the scale's error as well.
 */
function errorsOf(found: Registration, { size, distortion }: Case, asked: Uint8Array) {
  let [count, x, y] = [0, 0, 0];
  for (let i = 0; i < asked.length; i++) {
    if (asked[i] === 0) continue;
    count++;
    x += (i % size.width) + 0.5;
    y += Math.floor(i / size.width) + 0.5;
  }
  const growX = found.scaleX - distortion.scaleX;
  const growY = found.scaleY - distortion.scaleY;
  return {
    shift: Math.hypot(
      (growX * x) / count + found.shiftX - distortion.shiftX,
      (growY * y) / count + found.shiftY - distortion.shiftY,
    ),
    scale: Math.max(Math.abs(growX), Math.abs(growY)),
  };
}

/** What is wrong with the fit, or nothing. */
function complaints(one: Case, most: { shift: number; scale: number }, mayBeUnclear: boolean): string[] {
  const { fit, asked } = fitOf(one);
  const name = JSON.stringify(one);
  if (fit.kind === 'unclear' && mayBeUnclear) return [];
  if (fit.kind !== 'moved') return [`${fit.kind}: ${name}`];
  const { shift, scale } = errorsOf(fit.registration, one, asked);
  return shift <= most.shift && scale <= most.scale ? [] : [`${shift} px, ${scale}: ${name}`];
}

const indices = (count: number) => Array.from({ length: count }, (_, i) => i);

// Below, 4 × 30 + 3 × 21 + 3 × 6 distortions that move the picture, and 8 × 6 that do not.

/** Of a group, ms: some seconds on an idle machine. */
const PATIENCE = 60_000;

test.each(['texture', 'edges', 'text', 'scene'] as const)(
  '%s: within 0.1 px and 0.05 %',
  (kind) => {
    const most = { shift: 0.1, scale: 0.0005 };
    expect(indices(30).flatMap((i) => complaints(caseOf(kind, i), most, false))).toEqual([]);
  },
  PATIENCE,
);

test.each(['gradient', 'faint', 'sparse'] as const)(
  '%s, little texture: within 0.3 px and 0.2 %',
  (kind) => {
    const most = { shift: 0.3, scale: 0.002 };
    // Under strong noise, loss and repainting it may be left as it is.
    expect(indices(21).flatMap((i) => complaints(caseOf(kind, i), most, i % 3 === 2))).toEqual([]);
  },
  PATIENCE,
);

test.each(['texture', 'edges', 'scene'] as const)(
  '%s: a rim of 13 px around a large mask will do',
  (kind) => {
    const rim = (i: number): Case => ({
      ...caseOf(kind, i),
      hole: 'most',
      size: { width: 512, height: 512 },
    });
    const most = { shift: 0.1, scale: 0.0005 };
    expect(indices(6).flatMap((i) => complaints(rim(i), most, i % 3 === 2))).toEqual([]);
  },
);

test.each(['texture', 'edges', 'text', 'scene', 'gradient', 'faint', 'sparse', 'flat'] as const)(
  '%s: what only changed in tone and noise has not moved',
  (kind) => {
    for (const i of indices(6)) {
      const kinds = kind !== 'flat' && i % 3 < 2 ? ['same'] : ['same', 'unclear'];
      expect(kinds, `${i}`).toContain(fitOf(caseOf(kind, i, true)).fit.kind);
    }
  },
  PATIENCE,
);

test.each(['texture', 'edges', 'text', 'scene'] as const)(
  '%s: another picture, or a crop, is reframed',
  (kind) => {
    for (const i of indices(3)) {
      const { size, distortion, truthSeed } = caseOf(kind, i, true);
      const asked = hole(holes[i]!, size, 4);
      const whole = picture(kind, size, truthSeed);
      const sent = erased(whole, asked);
      const reply = (change: Partial<Distortion>, of: Uint8Array) =>
        softMaskReply(of, asked, size, of, { ...distortion, ...change });
      const crop = (scale: number) => ({
        scaleX: scale,
        scaleY: scale,
        shiftX: (1 - scale) * 0.5 * size.width,
        shiftY: (1 - scale) * 0.4 * size.height,
      });
      for (const returned of [
        reply({ repaint: 0 }, picture(kind, size, truthSeed + 20)),
        reply(crop(1.3), whole),
        reply({ shiftX: size.width / 5, shiftY: -size.height / 6 }, whole),
      ]) {
        expect(register(sent, returned, asked, size).kind).toBe('reframed');
      }
    }
  },
);

test('stripes hide a movement along them', () => {
  const size = { width: 256, height: 256 };
  const sent = new Uint8Array(size.width * size.height * 4).fill(255);
  for (let i = 0; i < sent.length; i += 4) sent.fill(128 + 60 * Math.sin(((i / 4) % 256) / 3), i, i + 3);
  const asked = hole('centre', size, 1);
  const returned = softMaskReply(sent, asked, size, sent, { ...FAITHFUL, shiftX: 2.5, shiftY: 3 });
  expect(register(sent, returned, asked, size)).toEqual({ kind: 'unclear' });
});

test('what was kept outside the mask is the same at once, whatever lies in it', () => {
  const size = { width: 256, height: 256 };
  const asked = hole('centre', size, 1);
  const whole = truth('scene', size, 1);
  const returned = softMaskReply(whole, asked, size, truth('text', size, 2), FAITHFUL);
  expect(registerSteps(erased(whole, asked), returned, asked, size).next()).toEqual({
    done: true,
    value: { kind: 'same' },
  });
});

test(
  'a larger picture is registered by a smaller one of it',
  () => {
    const size = { width: 1500, height: 1000 };
    const distortion = { ...FAITHFUL, scaleX: 0.98, scaleY: 0.98, shiftX: 22.3, shiftY: 4.4, noise: 2 };
    const one: Case = { kind: 'scene', size, hole: 'several', truthSeed: 3, distortion };
    expect(complaints(one, { shift: 0.1, scale: 0.0005 }, false)).toEqual([]);
  },
  PATIENCE,
);

test('what fills the hole does not count', () => {
  const size = { width: 320, height: 256 };
  const asked = hole('several', size, 1);
  const whole = truth('scene', size, 5);
  const sent = erased(whole, asked);
  const distortion = { ...FAITHFUL, scaleX: 1.01, scaleY: 1.01, shiftX: 3.3, shiftY: -6.6, loss: 3 };
  const fit = register(
    sent,
    softMaskReply(sent, asked, size, truth('text', size, 6), distortion),
    asked,
    size,
  );
  expect(fit.kind).toBe('moved');
  const one: Case = { kind: 'scene', size, hole: 'several', truthSeed: 5, distortion };
  const { shift, scale } = errorsOf(fit.kind === 'moved' ? fit.registration : IDENTITY, one, asked);
  expect(shift).toBeLessThan(0.1);
  expect(scale).toBeLessThan(0.0005);
});

test('what is not opaque does not count', () => {
  const size = { width: 256, height: 256 };
  const asked = hole('centre', size, 1);
  const whole = truth('texture', size, 5);
  const placed = { ...FAITHFUL, shiftX: 3.3, shiftY: -2.2 };
  const sent = erased(whole, asked);
  const returned = softMaskReply(sent, asked, size, whole, placed);
  for (let i = 0; i < sent.length; i += 4) {
    // The left half is transparent, and its hidden colours are others.
    if ((i / 4) % size.width < 128) sent.fill(0, i, i + 4);
  }
  const fit = register(sent, returned, asked, size);
  expect(fit.kind).toBe('moved');
  expect(fit.kind === 'moved' && fit.registration.shiftX).toBeCloseTo(3.3, 1);
});

test(
  'no size, however small, and no mask is too much',
  () => {
    const edge = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(edge, edge, fc.nat(), fc.constantFrom(0, 255), (width, height, seed, inside) => {
        const size = { width, height };
        const asked = new Uint8Array(width * height).fill(inside);
        const [sent, returned] = [truth('texture', size, seed), truth('texture', size, seed + 1)];
        expect(['unclear', 'same', 'reframed', 'moved']).toContain(
          register(sent, returned, asked, size).kind,
        );
        expect(register(sent, sent, asked, size)).toEqual({ kind: 'same' });
      }),
      { numRuns: 40 },
    );
    expect(IDENTITY).toEqual({ scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 });
  },
  PATIENCE,
);

test('of a pattern that repeats the nearest place is taken', () => {
  const size = { width: 1024, height: 384 };
  const draw = (colour: (x: number, y: number) => readonly [number, number, number]) => {
    const pixels = new Uint8Array(size.width * size.height * 4).fill(255);
    for (let i = 0; i < size.width * size.height; i++) {
      pixels.set(colour(i % size.width, Math.floor(i / size.width)), i * 4);
    }
    return pixels;
  };
  const bricks = draw((x, y) => {
    const joint = y % 24 < 3 || (x + (Math.floor(y / 24) & 1) * 30) % 60 < 3;
    return joint ? [200, 195, 185] : [150, 70, 55];
  });
  const dots = draw((x, y) => {
    const level = 230 - 150 / (1 + Math.exp((Math.hypot((x % 40) - 20, (y % 40) - 20) - 9) / 0.8));
    return [level, level, level * 0.9];
  });
  // As when a picture is extended: what is asked for lies at one side.
  const asked = new Uint8Array(size.width * size.height);
  for (let i = 0; i < asked.length; i++) if (i % size.width > 620) asked[i] = 255;
  const nothing = new Uint8Array(size.width * size.height * 4).fill(128);
  for (const picture of [bricks, dots]) {
    for (const [shiftX, shiftY, scale] of [
      [2.3, -1.6, 1.004],
      [-6, 5, 1],
      [7, -7, 0.99],
    ] as const) {
      const distortion = { ...FAITHFUL, shiftX, shiftY, scaleX: scale, scaleY: scale, noise: 1 };
      const returned = softMaskReply(picture, asked, size, nothing, distortion);
      const fit = register(picture, returned, asked, size);
      if (fit.kind !== 'moved') throw new Error(`${fit.kind} at ${shiftX}, ${shiftY}`);
      expect(Math.abs(fit.registration.shiftX - shiftX)).toBeLessThan(0.3);
      expect(Math.abs(fit.registration.shiftY - shiftY)).toBeLessThan(0.3);
    }
  }
});
