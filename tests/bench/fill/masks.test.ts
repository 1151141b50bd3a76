import { expect, test } from 'vitest';
import { drawMask, MASKS } from './masks.ts';

const [width, height] = [256, 192];
const shareOf = (hole: Uint8Array) => hole.reduce((sum, value) => sum + value, 0) / hole.length;

test.each([
  ['scribble', 0.03, 0.035],
  ['blob', 0.095, 0.105],
  ['hole', 0.245, 0.255],
  ['outpaint-right', 0.25, 0.25],
  ['outpaint-all', 0.29, 0.44],
] as const)('%s covers what it says, at every seed', (name, least, most) => {
  for (let seed = 0; seed < 20; seed++) {
    const share = shareOf(drawMask(name, width, height, seed));
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  }
});

test('a seed draws one shape, at twice the size the same; another seed another', () => {
  for (const name of MASKS) {
    const hole = drawMask(name, width, height, 5);
    expect(drawMask(name, width, height, 5)).toEqual(hole);
    const large = drawMask(name, 2 * width, 2 * height, 5);
    const differing = hole.filter((value, at) => {
      const x = at % width;
      const y = (at - x) / width;
      return value !== large[2 * y * 2 * width + 2 * x];
    }).length;
    expect(differing / hole.length, name).toBeLessThan(0.01);
    if (name !== 'outpaint-right') expect(drawMask(name, width, height, 6)).not.toEqual(hole);
  }
});

test('a border on each side, between an 1/12.5 and an eighth wide', () => {
  const hole = drawMask('outpaint-all', width, height, 9);
  const row = hole.subarray(96 * width, 97 * width);
  for (const margin of [row.indexOf(0), width - 1 - row.lastIndexOf(0)]) {
    expect(margin).toBeGreaterThanOrEqual(0.08 * width - 1);
    expect(margin).toBeLessThanOrEqual(0.125 * width + 1);
  }
});
