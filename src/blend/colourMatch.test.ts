import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changed, drawnScene, lossy, normalFrom, randomFrom, region } from '../../tests/drawnScene.ts';
import { colourCorrection, matchColour } from './colourMatch.ts';
import { levelOf, linearOf } from './srgbCurve.ts';

const size = { width: 320, height: 256 };
const scene = drawnScene(size.width, size.height);
const hole = region(size.width, size.height, (x, y) => Math.hypot(x - 150, y - 128) < 45);

/** Mean difference in levels where `asked`. */
function meanError(a: Uint8Array, b: Uint8Array, asked: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if ((i & 3) === 3 || asked[i >> 2] === 0) continue;
    sum += Math.abs(a[i]! - b[i]!);
    count++;
  }
  return sum / count;
}

test('sRGB levels and linear light are each other’s inverse', () => {
  for (let level = 0; level <= 255; level++) expect(levelOf(linearOf(level))).toBeCloseTo(level, 9);
  expect(linearOf(188)).toBeCloseTo(0.503, 3);
});

test('gain and gamma are found through noise, loss and repainted parts', () => {
  const errors: number[] = [];
  for (let seed = 1; seed <= 24; seed++) {
    const random = randomFrom(seed);
    const normal = normalFrom(random);
    const gain = [0, 1, 2].map(() => 0.8 + random() * 0.45);
    const gamma = [0, 1, 2].map(() => 0.85 + random() * 0.33);
    const distort = (level: number, c: number) => levelOf(gain[c]! * linearOf(level) ** gamma[c]!);
    const mend = (level: number, c: number) => levelOf((linearOf(level) / gain[c]!) ** (1 / gamma[c]!));
    const clean = changed(scene, size.width, distort);
    // A fifth to a quarter of the ring: a band with other content, or a corner that is faded.
    const returned = lossy(
      changed(clean, size.width, (level, c, x, y) => {
        const other = distort(20 + ((x * 7 + y * 13) % 200), c);
        const band = seed % 2 === 0 && x >= 195 && x < 235;
        const faded = seed % 2 === 1 && x < 105;
        return (band ? other : faded ? level * 0.6 + 60 : level) + 3 * normal();
      }),
      size.width,
      3,
    );
    const match = matchColour(scene, returned, hole, size);
    expect(match, `seed ${seed}`).not.toBeNull();
    const mended = clean.slice();
    colourCorrection(match!, 1)(mended);
    errors.push(meanError(mended, changed(clean, size.width, mend), hole));
  }
  expect(Math.max(...errors)).toBeLessThan(1);
  expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(0.3);
});

test('a picture whose colours came back is left alone', () => {
  const normal = normalFrom(randomFrom(5));
  expect(matchColour(scene, scene, hole, size)).toBeNull();
  const noisy = lossy(
    changed(scene, size.width, (level) => level + 3 * normal()),
    size.width,
    4,
  );
  expect(matchColour(scene, noisy, hole, size)).toBeNull();
});

test('nothing is made of pictures that do not resemble each other, or show nothing outside', () => {
  const random = randomFrom(9);
  const other = changed(scene, size.width, () => random() * 255);
  // Blocks average noise away, so the other picture consists of patches.
  const patches = changed(other, size.width, (_, c, x, y) => ((x >> 4) * 83 + (y >> 4) * 131 + c * 57) % 256);
  expect(matchColour(scene, patches, hole, size)).toBeNull();
  const darker = changed(scene, size.width, (level) => level * 0.8);
  expect(
    matchColour(
      scene,
      darker,
      region(size.width, size.height, () => true),
      size,
    ),
  ).toBeNull();
  const clear = darker.map((value, i) => ((i & 3) === 3 ? 0 : value));
  expect(matchColour(scene, clear, hole, size)).toBeNull();
});

test('a flat surrounding is matched at its level, without wild curves', () => {
  const normal = normalFrom(randomFrom(11));
  for (const grain of [0, 1, 3]) {
    for (const level of [30, 90, 160, 225]) {
      const flat = changed(scene, size.width, () => level + grain * normal());
      const returned = changed(
        scene,
        size.width,
        () => levelOf(0.85 * linearOf(level) ** 1.1) + 3 * normal(),
      );
      const match = matchColour(flat, returned, hole, size);
      expect(match, `${level} ± ${grain}`).not.toBeNull();
      const mended = returned.slice();
      colourCorrection(match!, 1)(mended);
      let mean = 0;
      for (let i = 0; i < mended.length; i += 4) mean += mended[i]! / (mended.length / 4);
      expect(Math.abs(mean - level)).toBeLessThan(1);
      for (const gamma of match!.gamma) expect(Math.abs(gamma - 1)).toBeLessThan(0.2);
    }
  }
});

test('a ring that is small is helped by all that lies outside', () => {
  const small = { width: 96, height: 64 };
  const picture = drawnScene(small.width, small.height);
  const asked = region(small.width, small.height, (x) => x > 60);
  const darker = changed(picture, small.width, (level) => levelOf(0.85 * linearOf(level)));
  const match = matchColour(picture, darker, asked, small);
  for (const gain of match!.gain) expect(gain).toBeCloseTo(1 / 0.85, 1);
});

test('corrections never fall, spare alpha, and are nothing at strength 0', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const three = (min: number, max: number) => fc.tuple(number(min, max), number(min, max), number(min, max));
  const levels = Uint8Array.from({ length: 1024 }, (_, i) => ((i & 3) === 3 ? (i * 7) & 255 : i >> 2));
  fc.assert(
    fc.property(three(0.3, 4), three(0.5, 2), number(0, 1), (gain, gamma, strength) => {
      const out = levels.slice();
      colourCorrection({ gain, gamma }, strength)(out);
      for (let i = 4; i < out.length; i++) {
        if ((i & 3) === 3) expect(out[i]).toBe(levels[i]);
        else expect(out[i]).toBeGreaterThanOrEqual(out[i - 4]!);
      }
      const same = levels.slice();
      colourCorrection({ gain, gamma }, 0)(same);
      expect(same).toEqual(levels);
    }),
  );
});

/** Paper with ink in a few places, as text is. */
const page = changed(scene, size.width, (_, __, x, y) => (x % 24 < 5 && y % 20 < 4 ? 48 : 240));
const ink = { x: 26, y: 62 };
const paper = { x: 40, y: 50 };
const levelsAt = (pixels: Uint8Array, { x, y }: { x: number; y: number }) => [
  ...pixels.subarray((y * size.width + x) * 4, (y * size.width + x) * 4 + 3),
];

function corrected(returned: Uint8Array): Uint8Array {
  const match = matchColour(page, returned, hole, size);
  expect(match).not.toBeNull();
  const out = returned.slice();
  colourCorrection(match!, 1)(out);
  return out;
}

test('a little ink on clean paper tells gamma', () => {
  const returned = changed(page, size.width, (level) => 255 * (level / 255) ** 0.88);
  const out = corrected(returned);
  for (const level of levelsAt(out, ink)) expect(Math.abs(level - 48)).toBeLessThanOrEqual(2);
  for (const level of levelsAt(out, paper)) expect(Math.abs(level - 240)).toBeLessThanOrEqual(1);
});

test('paper that came back white in one channel is taken back in all', () => {
  const returned = changed(page, size.width, (level, c) => Math.min(255, level * (c === 1 ? 1.12 : 1.04)));
  const out = corrected(returned);
  for (const level of levelsAt(out, paper)) expect(Math.abs(level - 240)).toBeLessThanOrEqual(2);
});
