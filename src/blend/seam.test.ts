import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changed, drawnScene, normalFrom, randomFrom, region } from '../../tests/drawnScene.ts';
import { solveMembrane } from './membrane.ts';
import { HOLE, RIM } from './membraneGrid.ts';
import { seamCorrectionSteps } from './seam.ts';

const width = 256;
const height = 200;
const size = { width, height };
const plain = drawnScene(width, height);
/** Away from black and white, so that offsets don't clip. */
const below = changed(plain, width, (level) => 60 + level / 2);

const shapes: Readonly<Record<string, Uint8Array>> = {
  disc: region(width, height, (x, y) => Math.hypot(x - 128, y - 100) < 80),
  star: region(
    width,
    height,
    (x, y) => Math.hypot(x - 128, y - 100) < 60 + 30 * Math.sin(Math.atan2(y - 100, x - 128) * 7),
  ),
  'thin lines': region(width, height, (x, y) => x % 37 < 3 && x > 10 && y > 10),
  'many parts': region(width, height, (x, y) => Math.sin(x / 5.1) * Math.sin(y / 4.7) > 0.3),
};

function corrected(result: Uint8Array, under: Uint8Array, weights: Uint8Array): Uint8Array {
  const out = result.slice();
  for (const _ of seamCorrectionSteps(out, under, weights, size));
  return out;
}

/** What the correction added, per channel value; 0 for alpha. */
const added = (before: Uint8Array, after: Uint8Array) => Int16Array.from(after, (v, i) => v - before[i]!);

test.each(Object.entries(shapes))('constant and linear offsets are taken away: %s', (_, weights) => {
  const offsets = [() => 23, (x: number, y: number) => (x - 128) * 0.2 + (y - 100) * 0.11];
  for (const offset of offsets) {
    const result = changed(below, width, (level, c, x, y) => level + offset(x, y) * (c === 1 ? -1 : 1));
    const out = corrected(result, below, weights);
    let outside = 0;
    let worst = 0;
    for (let i = 0; i < out.length; i++) {
      if (weights[i >> 2] === 0) outside += out[i] === result[i] ? 0 : 1;
      else worst = Math.max(worst, Math.abs(out[i]! - below[i]!));
    }
    expect(outside).toBe(0);
    // The linear one was rounded when it was drawn.
    expect(worst).toBeLessThanOrEqual(offset === offsets[0] ? 0 : 1);
  }
});

test('the membrane is harmonic: what it makes of harmonic rims is the function itself', () => {
  const weights = shapes['star']!;
  const at = (x: number, y: number) => ((x - 128) ** 2 - (y - 100) ** 2) / 300;
  const kind = Uint8Array.from(weights, (weight, i) => {
    if (weight > 0) return HOLE;
    const near = [i - 1, i + 1, i - width, i + width].some((n) => weights[n]! > 0);
    return near ? RIM : 0;
  });
  const values = new Float32Array(kind.length * 3);
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] === RIM) values.fill(at(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  }
  for (const _ of solveMembrane(kind, values, width, height));
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] !== HOLE) continue;
    expect(Math.abs(values[i * 3 + 1]! - at(i % width, Math.floor(i / width)))).toBeLessThan(0.5);
  }
});

test('no value of a membrane leaves the range of its rim', () => {
  const cells = fc.array(fc.constantFrom(0, 1, 1, 2, 2, 2, 2), { minLength: 40 * 30, maxLength: 40 * 30 });
  fc.assert(
    fc.property(cells, fc.integer(), (kinds, seed) => {
      const random = randomFrom(seed);
      const kind = Uint8Array.from(kinds);
      const values = new Float32Array(kind.length * 3);
      for (let i = 0; i < values.length; i++) if (kind[Math.floor(i / 3)] === RIM) values[i] = random() * 100;
      for (const _ of solveMembrane(kind, values, 40, 30));
      for (let i = 0; i < values.length; i++) {
        if (kind[Math.floor(i / 3)] !== HOLE) continue;
        expect(values[i]).toBeGreaterThan(-0.3);
        expect(values[i]).toBeLessThan(100.3);
      }
    }),
    { numRuns: 30 },
  );
});

test('other content keeps its texture; only a smooth field is added, and the border meets', () => {
  const weights = shapes['disc']!;
  const inside = (x: number, y: number) => Math.hypot(x - 128, y - 100) < 74;
  const result = changed(below, width, (level, c, x, y) => {
    const offset = 14 + (x - 128) * 0.1 - 5 * c;
    return (inside(x, y) ? 110 + 30 * Math.sin(x / 3 + c) * Math.cos(y / 4) : level) + offset;
  });
  const field = added(result, corrected(result, below, weights));
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let c = 0; c < 3; c++) {
      const here = field[i * 4 + c]!;
      if (weights[i + 1]! > 0) expect(Math.abs(field[i * 4 + 4 + c]! - here)).toBeLessThanOrEqual(2);
      const offset = 14 + ((i % width) - 128) * 0.1 - 5 * c;
      expect(Math.abs(here + offset)).toBeLessThanOrEqual(3);
    }
    expect(field[i * 4 + 3]).toBe(0);
  }
});

test('noise at the border is not carried inwards', () => {
  const normal = normalFrom(randomFrom(3));
  const weights = shapes['disc']!;
  const result = changed(below, width, (level) => level + 15 + 6 * normal());
  const field = added(result, corrected(result, below, weights));
  const deviation = { beside: 0, within: 0 };
  const count = { beside: 0, within: 0 };
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const depth = 80 - Math.hypot((i % width) - 128, Math.floor(i / width) - 100);
    const place = depth < 4 ? 'beside' : 'within';
    for (let c = 0; c < 3; c++) {
      deviation[place] += (field[i * 4 + c]! + 15) ** 2;
      count[place]++;
    }
  }
  // Of 6 levels of noise.
  expect(Math.sqrt(deviation.beside / count.beside)).toBeLessThan(1);
  expect(Math.sqrt(deviation.within / count.within)).toBeLessThan(0.6);
});

test('something else that crosses the border pulls only a little', () => {
  const weights = shapes['disc']!;
  const result = changed(below, width, (level, _, x, y) =>
    Math.hypot(x - 208, y - 100) < 9 ? 255 : level + 10,
  );
  const field = added(result, corrected(result, below, weights));
  let worst = 0;
  for (let i = 0; i < weights.length; i++) {
    const far = Math.hypot((i % width) - 208, Math.floor(i / width) - 100) > 30;
    if (weights[i]! > 0 && far) worst = Math.max(worst, Math.abs(field[i * 4]! + 10));
  }
  expect(worst).toBeLessThanOrEqual(2);
});

test('pixels that are not opaque stay, and bind nothing', () => {
  const weights = region(width, height, (x) => x >= 100);
  const result = changed(below, width, (level) => level - 50);
  const under = below.slice();
  for (let i = 0; i < weights.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    // Nothing lies below the right part (the picture is extended), and below the upper part of the border.
    if (x >= 100 || y < 60) under.fill(0, i * 4, i * 4 + 4);
    if (x >= 181 && y > 151) result[i * 4 + 3] = 128;
  }
  const field = added(result, corrected(result, under, weights));
  for (let i = 0; i < weights.length; i++) {
    const expected = weights[i]! > 0 && result[i * 4 + 3] === 255 ? 50 : 0;
    expect(field[i * 4], `${i % width}, ${Math.floor(i / width)}`).toBe(expected);
  }
});

test('nothing happens without a border, or without weights', () => {
  const result = changed(below, width, (level) => level + 9);
  expect(corrected(result, below, new Uint8Array(width * height))).toEqual(result);
  expect(corrected(result, below, new Uint8Array(width * height).fill(255))).toEqual(result);
});
