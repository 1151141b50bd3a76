import { expect, test } from 'vitest';
import { dilate, erode, filter, halve, type Plane, pyramidDown, shrinkTo } from './planes.ts';

const plane = (rows: readonly (readonly number[])[]): Plane => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Float64Array.from(rows.flat()),
});
const one = Float64Array.of(1);

test('borders repeat the outermost pixel or do not', () => {
  const line = plane([[1, 2, 3]]);
  const [fromLeft, fromRight] = [Float64Array.of(1, 0, 0, 0, 0), Float64Array.of(0, 0, 0, 0, 1)];
  expect([...filter(line, fromLeft, one, 'inner').data]).toEqual([3, 2, 1]);
  expect([...filter(line, fromLeft, one, 'edge').data]).toEqual([2, 1, 1]);
  expect([...filter(line, fromRight, one, 'inner').data]).toEqual([3, 2, 1]);
  expect([...filter(line, fromRight, one, 'edge').data]).toEqual([3, 3, 2]);
  // Down as across, and a kernel longer than the picture.
  const column = plane([[1], [2]]);
  expect([...filter(column, one, Float64Array.of(1, 0, 0, 0, 0, 0, 0), 'inner').data]).toEqual([2, 1]);
});

test('halves are means; an odd column stands alone or is dropped, by what half rounds to', () => {
  expect(
    halve(
      plane([
        [0, 4, 8],
        [2, 6, 10],
      ]),
    ),
  ).toEqual(plane([[3, 9]]));
  expect(
    halve(
      plane([
        [0, 4, 8, 8, 100],
        [2, 6, 10, 10, 100],
      ]),
    ),
  ).toEqual(plane([[3, 9]]));
});

test('an odd plane shrinks by parts of pixels', () => {
  const { data } = shrinkTo(plane([[0, 3, 6]]), plane([[0, 0]]));
  expect(data[0]).toBeCloseTo(1, 12);
  expect(data[1]).toBeCloseTo(5, 12);
});

test('a pyramid keeps what is flat and rounds sides up', () => {
  const { width, height, data } = pyramidDown({ width: 5, height: 3, data: new Float64Array(15).fill(7) });
  expect([width, height]).toEqual([3, 2]);
  expect(data.every((value) => Math.abs(value - 7) < 1e-12)).toBe(true);
});

test('erosion stops at the picture’s border, dilation undoes it for squares', () => {
  const set = Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0);
  const inner = erode(set, 4, 4, 1);
  expect([...inner]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...dilate(inner, 4, 4, 1)]).toEqual([...set]);
});
