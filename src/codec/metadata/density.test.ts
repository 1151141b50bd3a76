import fc from 'fast-check';
import { expect, test } from 'vitest';
import { densityOfJfif, densityOfPhys, inWholeNumbers, physOf } from './density.ts';

const jfif = (unit: number, x: number, y: number) =>
  Uint8Array.from([...Buffer.from('JFIF\0\x01\x02', 'latin1'), unit, x >> 8, x & 255, y >> 8, y & 255, 0, 0]);

test('72 and 300 per inch survive the whole numbers of a PNG', () => {
  for (const dpi of [72, 96, 150, 240, 300, 600, 1200]) {
    const density = densityOfJfif(jfif(1, dpi, dpi))!;
    expect(inWholeNumbers(densityOfPhys(physOf(density))!)).toEqual({ unit: 'inch', x: dpi, y: dpi });
  }
  expect(inWholeNumbers(densityOfJfif(jfif(2, 40, 50))!)).toEqual({ unit: 'centimetre', x: 40, y: 50 });
});

test('a ratio of sides, nothing and nonsense are no resolution', () => {
  expect(densityOfJfif(jfif(0, 1, 1))).toBeNull();
  expect(densityOfJfif(jfif(1, 0, 72))).toBeNull();
  expect(densityOfJfif(jfif(7, 72, 72))).toBeNull();
  expect(densityOfPhys(Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 0))).toBeNull();
  expect(densityOfPhys(new Uint8Array(4))).toBeNull();
});

test('whole numbers are within half of one', () => {
  const metre = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(metre, metre, (x, y) => {
      const whole = inWholeNumbers({ x, y });
      const metres = whole.unit === 'inch' ? 0.0254 : 0.01;
      expect(Math.abs(whole.x - Math.max(1, x * metres))).toBeLessThanOrEqual(0.5);
      expect(Math.abs(whole.y - Math.max(1, y * metres))).toBeLessThanOrEqual(0.5);
    }),
  );
});
