import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rimPath } from './marchingAnts.ts';

const WIDTH = 13;

test('the path covers exactly the px that are set', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0xff000000, 0xffffffff), { minLength: WIDTH, maxLength: 91 }),
      (list) => {
        const height = Math.floor(list.length / WIDTH);
        const words = Uint32Array.from(list.slice(0, WIDTH * height));
        const seen = new Uint8Array(words.length);
        for (const [, x, y, run] of (rimPath(words, WIDTH, height) ?? '').matchAll(
          /M(\d+) (\d+)h(\d+)v1h-\3z/g,
        )) {
          for (let k = 0; k < Number(run); k++) seen[Number(y) * WIDTH + Number(x) + k]!++;
        }
        expect(Array.from(seen)).toEqual(Array.from(words, (word) => (word === 0 ? 0 : 1)));
      },
    ),
  );
});

test('nothing, and noise, have no path', () => {
  expect(rimPath(new Uint32Array(WIDTH * 4), WIDTH, 4)).toBeNull();
  const noise = Uint32Array.from({ length: 400 * 400 }, (_, i) => i & 1);
  expect(rimPath(noise, 400, 400)).toBeNull();
});
