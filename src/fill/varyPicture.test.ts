import { expect, test } from 'vitest';
import { drawPicture, stripes } from './testPictures.ts';
import { varyPicture } from './varyPicture.ts';

test('same size, same seed same bytes, another seed another picture, never the picture itself', () => {
  const picture = stripes(90, 60);
  const vary = (seed: number) => varyPicture({ ...picture, seed, strength: 0.6 });
  expect(vary(1).length).toBe(picture.rgba.length);
  expect(vary(1)).toEqual(vary(1));
  expect(vary(1)).not.toEqual(vary(2));
  expect(vary(1)).not.toEqual(picture.rgba);
});

test('hues turn by no more than 15 degrees: red stays red', () => {
  const picture = drawPicture(40, 40, (x) => [180 + (x % 3), 40, 40]);
  for (let seed = 0; seed < 8; seed++) {
    const rgba = varyPicture({ ...picture, seed, strength: 1 });
    for (let at = 0; at < rgba.length; at += 4) {
      expect(rgba[at]!).toBeGreaterThan(rgba[at + 1]! + 60);
      expect(rgba[at]!).toBeGreaterThan(rgba[at + 2]! + 60);
    }
  }
});

test('transparency is kept, moved along with the picture', () => {
  const picture = drawPicture(60, 60, (x, y) => [200, 120, 60, Math.hypot(x - 30, y - 30) < 20 ? 255 : 0]);
  const rgba = varyPicture({ ...picture, seed: 3, strength: 0.6 });
  const opaque = (pixels: Uint8Array) =>
    pixels.filter((value, byte) => byte % 4 === 3 && value === 255).length;
  expect(opaque(rgba)).toBe(opaque(picture.rgba));
});
