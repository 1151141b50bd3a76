import { expect, test } from 'vitest';
import { createRandom } from '../src/fill/random.ts';
import { erased, hole } from './softMask/hole.ts';
import { paintDisc } from './softMask/paint.ts';
import { bytesOf, createPlanes } from './softMask/planes.ts';
import { FAITHFUL, softMaskReply } from './softMask/softMaskModel.ts';
import { type TruthKind, truth } from './softMask/truth.ts';

const size = { width: 96, height: 80 };
const kinds: readonly TruthKind[] = [
  'texture',
  'edges',
  'text',
  'scene',
  'gradient',
  'faint',
  'sparse',
  'flat',
];

/** Greatest difference of two bytes, `margin` px from the border. */
function worst(a: Uint8Array, b: Uint8Array, margin = 0): number {
  let most = 0;
  for (let y = margin; y < size.height - margin; y++) {
    const [from, to] = [(y * size.width + margin) * 4, ((y + 1) * size.width - margin) * 4];
    for (let i = from; i < to; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  }
  return most;
}

test.each(kinds)('%s: the same seed draws the same picture, another seed another', (kind) => {
  const picture = truth(kind, size, 3);
  expect(truth(kind, size, 3)).toEqual(picture);
  expect(truth(kind, size, 4)).not.toEqual(picture);
});

test('a faithful service returns the truth, and the given content in the hole', () => {
  const picture = truth('scene', size, 1);
  for (const kind of ['centre', 'border', 'most', 'several'] as const) {
    const asked = hole(kind, size, 2);
    const sent = erased(picture, asked);
    expect(sent).not.toEqual(picture);
    expect(softMaskReply(sent, asked, size, picture, FAITHFUL)).toEqual(picture);
    const other = truth('text', size, 9);
    const returned = softMaskReply(sent, asked, size, other, FAITHFUL);
    for (let i = 0; i < asked.length; i++) {
      expect(returned[i * 4]).toBe((asked[i] === 255 ? other : picture)[i * 4]);
    }
  }
});

test('a moved disc is the disc drawn where the placement says', () => {
  const random = createRandom(8);
  const nothing = new Uint8Array(size.width * size.height);
  const disc = (x: number, y: number) => {
    const planes = createPlanes(size);
    paintDisc(planes, x, y, 9, [200, 120, 60]);
    return bytesOf(planes);
  };
  const centroid = (pixels: Uint8Array) => {
    let [sum, x, y] = [0, 0, 0];
    for (let i = 0; i < nothing.length; i++) {
      const v = pixels[i * 4]!;
      sum += v;
      x += v * ((i % size.width) + 0.5);
      y += v * (Math.floor(i / size.width) + 0.5);
    }
    return [x / sum, y / sum] as const;
  };
  for (let i = 0; i < 10; i++) {
    const [shiftX, shiftY] = [random.between(-8, 8), random.between(-8, 8)];
    const moved = softMaskReply(disc(40, 37), nothing, size, disc(40, 37), { ...FAITHFUL, shiftX, shiftY });
    expect(worst(moved, disc(40 + shiftX, 37 + shiftY))).toBeLessThanOrEqual(2);
    const scale = { scaleX: random.between(0.97, 1.03), scaleY: random.between(0.97, 1.03) };
    const placed = { ...FAITHFUL, ...scale, shiftX, shiftY };
    const [x, y] = centroid(softMaskReply(disc(40, 37), nothing, size, disc(40, 37), placed));
    expect(x).toBeCloseTo(40 * scale.scaleX + shiftX, 1);
    expect(y).toBeCloseTo(37 * scale.scaleY + shiftY, 1);
  }
});

test.each(kinds)('%s: moved and moved back it is the same picture', (kind) => {
  const picture = truth(kind, size, 5);
  const nothing = new Uint8Array(size.width * size.height);
  const there = { ...FAITHFUL, scaleX: 1.03, scaleY: 1.01, shiftX: 2.37, shiftY: -1.81 };
  const back = { ...FAITHFUL, scaleX: 1 / 1.03, scaleY: 1 / 1.01, shiftX: -2.37 / 1.03, shiftY: 1.81 / 1.01 };
  const moved = softMaskReply(picture, nothing, size, picture, there);
  expect(worst(softMaskReply(moved, nothing, size, moved, back), picture, 16)).toBeLessThanOrEqual(8);
});

test('gain, noise, loss and repainting change what they say they change', () => {
  const picture = truth('scene', size, 6);
  const asked = hole('centre', size, 1);
  const sent = erased(picture, asked);
  const reply = (change: object) => softMaskReply(sent, asked, size, picture, { ...FAITHFUL, ...change });
  const mean = (pixels: Uint8Array, channel: number) =>
    pixels.reduce((sum, v, i) => sum + (i % 4 === channel ? v : 0), 0) / asked.length;
  const dimmed = reply({ gain: [0.8, 1, 1], gamma: [1, 1.2, 1] });
  expect(mean(dimmed, 0)).toBeCloseTo(mean(picture, 0) * 0.8, 0);
  expect(mean(dimmed, 1)).toBeLessThan(mean(picture, 1) - 3);
  expect(mean(dimmed, 2)).toBe(mean(picture, 2));

  const variance = (pixels: Uint8Array) =>
    pixels.reduce((sum, v, i) => sum + (v - picture[i]!) ** 2, 0) / (asked.length * 3);
  expect(Math.sqrt(variance(reply({ noise: 3 })))).toBeCloseTo(3, 0);
  const [fine, coarse] = [variance(reply({ loss: 2 })), variance(reply({ loss: 8 }))];
  expect(fine).toBeGreaterThan(0.2);
  expect(coarse).toBeGreaterThan(fine * 2);
  expect(Math.sqrt(coarse)).toBeLessThan(12);

  const repainted = reply({ repaint: 0.3 });
  let [inside, outside, free] = [0, 0, 0];
  for (let i = 0; i < asked.length; i++) {
    const changed = [0, 1, 2].some((c) => repainted[i * 4 + c] !== picture[i * 4 + c]);
    if (asked[i] === 0) free++;
    if (changed && asked[i] === 0) outside++;
    if (changed && asked[i] === 255) inside++;
  }
  expect(inside).toBe(0);
  expect(outside / free).toBeGreaterThan(0.27);
  expect(outside / free).toBeLessThan(0.4);
});
