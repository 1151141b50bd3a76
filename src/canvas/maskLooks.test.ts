import { describe, expect, test } from 'vitest';
import { defaultView, type Tint } from '../editor/viewOptions.ts';
import { HALF, type Target, tintInk, writeChecker, writeMask, writeOutline, writeTint } from './maskLooks.ts';

/** Coverage as hexadecimal digits of its upper half byte: 0 keep … f edit. */
const blob = [
  '000000000000',
  '00048cc84000',
  '004cffffc400',
  '008ffffff800',
  '008ffffff8ff',
  '004cffffc4ff',
  '00048cc840ff',
];
const WIDTH = blob[0]!.length;
const HEIGHT = blob.length;

const at = (x: number, y: number) => Number.parseInt(blob[y]?.[x] ?? '0', 16) * 17;

/** With the rim of one px that the writers read around a rectangle. */
function coverageOf(x: number, y: number, width: number, height: number): Uint8Array {
  const row = width + 2;
  return Uint8Array.from({ length: row * (height + 2) }, (_, i) =>
    at(x + (i % row) - 1, y + Math.floor(i / row) - 1),
  );
}

type Write = (target: Target, coverage: Uint8Array) => void;

/** What a writer makes of a rectangle of the blob, in a canvas of the blob's size. */
function written(
  write: Write,
  x = 0,
  y = 0,
  width = WIDTH,
  height = HEIGHT,
  origin = { x: 0, y: 0 },
): Uint32Array {
  const words = new Uint32Array(WIDTH * HEIGHT);
  const from = { fromOriginX: x - origin.x, fromOriginY: y - origin.y };
  write({ words, stride: WIDTH, x, y, width, height, ...from }, coverageOf(x, y, width, height));
  return words;
}

const rows = (words: Uint32Array, letter: (word: number) => string) =>
  Array.from({ length: HEIGHT }, (_, y) =>
    Array.from(words.subarray(y * WIDTH, (y + 1) * WIDTH), letter).join(''),
  );

const alpha = (word: number) => word >>> 24;
const hex = (value: number) => (value >> 4).toString(16);

const checker: Write = (target, coverage) =>
  writeChecker(target, coverage, { light: 0xff, dark: 0xdc, square: 2 });
const outline: Write = (target, coverage) => writeOutline(target, coverage, 2, HALF);
const tint =
  (change: Partial<Tint> = {}, pixelRatio = 0.5): Write =>
  (target, coverage) =>
    writeTint(target, coverage, tintInk({ ...defaultView.tint, ...change }, pixelRatio));

describe('each look, as text', () => {
  test('erased: as opaque as the coverage, in squares', () => {
    const words = written(checker);
    expect(rows(words, (word) => hex(alpha(word)))).toEqual(blob);
    expect(rows(words, (word) => ((word & 0xff) === 0xff ? '□' : '■'))).toEqual([
      '□□■■□□■■□□■■',
      '□□■■□□■■□□■■',
      '■■□□■■□□■■□□',
      '■■□□■■□□■■□□',
      '□□■■□□■■□□■■',
      '□□■■□□■■□□■■',
      '■■□□■■□□■■□□',
    ]);
  });

  test('tint: as opaque as the coverage, with stripes', () => {
    const words = written(tint({ opacity: 1 }));
    expect(rows(words, (word) => hex(alpha(word)))).toEqual(blob);
    const { mark } = tintInk(defaultView.tint, 1);
    const onMark = (word: number) => (word & 0xffffff) === (mark[255]! & 0xffffff);
    expect(
      rows(words, (word) => (alpha(word) === 0 ? '·' : onMark(word) ? '/' : '▒')),
    ).toMatchInlineSnapshot(`
      [
        "············",
        "···▒▒//▒▒···",
        "··▒▒//▒▒▒▒··",
        "··▒//▒▒▒▒/··",
        "··//▒▒▒▒//▒▒",
        "··/▒▒▒▒//▒▒▒",
        "···▒▒▒//▒·▒▒",
      ]
    `);
  });

  test('mask only: grey and opaque everywhere', () => {
    const words = written(writeMask);
    expect(rows(words, (word) => hex(word & 0xff))).toEqual(blob);
    expect(new Set(Array.from(words, alpha))).toEqual(new Set([255]));
  });

  test('outline: the rim at 50 %, in dashes of black and white', () => {
    const letter = (word: number) => (word === 0 ? '·' : word === 0xffffffff ? 'w' : 'b');
    expect(rows(written(outline), letter)).toMatchInlineSnapshot(`
      [
        "············",
        "····bwwb····",
        "···b····w···",
        "··b······b··",
        "··w······bww",
        "···b····b·wb",
        "····wwbb··bb",
      ]
    `);
  });
});

const looks: Record<string, Write> = {
  erased: checker,
  stripes: tint(),
  dots: tint({ pattern: 'dots' }),
  plain: tint({ pattern: 'plain' }),
  mask: writeMask,
  outline,
};

test.each(Object.keys(looks))('%s: a part painted alone is a part of the whole', (name) => {
  const whole = written(looks[name]!);
  const part = written(looks[name]!, 3, 2, 6, 4);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside = x >= 3 && x < 9 && y >= 2 && y < 6;
      expect(part[y * WIDTH + x]).toBe(inside ? whole[y * WIDTH + x] : 0);
    }
  }
});

test.each([
  ['erased', 4],
  ['stripes', 6],
  ['dots', 4],
  ['outline', 4],
] as const)('%s: the pattern goes on evenly left of the picture’s corner', (name, period) => {
  const here = written(looks[name]!);
  const beyond = written(looks[name]!, 0, 0, WIDTH, HEIGHT, { x: period * 3, y: period * 2 });
  expect(beyond).toEqual(here);
});

describe('tint', () => {
  const alphas = (value: number, ink = tintInk(defaultView.tint, 1)) =>
    [ink.ground, ink.mark].map((of) => alpha(of[value]!));

  test('has the opacity that was chosen where the coverage is full, and its share below', () => {
    expect(alphas(0)).toEqual([0, 0]);
    expect(alphas(255)).toEqual([153, 153]);
    expect(alphas(128)).toEqual([77, 77]);
  });

  test('has the chosen colour, and marks of another shade: they are seen on a ground of that colour', () => {
    for (const colour of ['#e5379f', '#ffd21f', '#000000', '#ffffff']) {
      const { ground, mark } = tintInk({ colour, pattern: 'dots', opacity: 0.6 }, 2);
      const bytes = [1, 3, 5].map((k) => Number.parseInt(colour.slice(k, k + 2), 16));
      expect([0, 8, 16].map((shift) => (ground[255]! >>> shift) & 255)).toEqual(bytes);
      const apart = [0, 8, 16].map((shift, k) => Math.abs(((mark[255]! >>> shift) & 255) - bytes[k]!));
      expect(Math.max(...apart)).toBeGreaterThan(60);
    }
  });

  test('plain has no marks', () => {
    expect(tintInk({ ...defaultView.tint, pattern: 'plain' }, 2).marks).toEqual(new Uint8Array(1));
  });

  test('dots join where the pattern repeats, at every pixel ratio', () => {
    for (const ratio of [1, 1.25, 1.5, 2, 3]) {
      const { period, marks } = tintInk({ ...defaultView.tint, pattern: 'dots' }, ratio);
      const mark = (x: number, y: number) => marks[y * period + x]!;
      for (let y = 0; y < period; y++) {
        for (let x = 0; x < period; x++) {
          expect(mark(x, y)).toBe(mark(period - 1 - x, y));
          // Moved by half a pattern both ways, it is the same.
          expect(mark(x, y)).toBe(mark((x + period / 2) % period, (y + period / 2) % period));
        }
      }
      const share = marks.reduce((sum, value) => sum + value, 0) / marks.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.6);
    }
  });
});
