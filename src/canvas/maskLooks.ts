import type { Tint, TintPattern } from '../editor/viewOptions.ts';

/** Where in a canvas's pixels a rectangle is written. */
export interface Target {
  /** Straight RGBA, one little-endian word per pixel (every browser's platform). */
  readonly words: Uint32Array;
  /** Words per row. */
  readonly stride: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Distance from document px (0, 0), so that patterns stay with the picture when its frame grows. */
  readonly fromOriginX: number;
  readonly fromOriginY: number;
}

// Each writer takes coverage with one px more on each side of the rectangle than it writes.

const ALPHA = 0xff000000;
const BLACK = ALPHA;
const WHITE = 0xffffffff;

const greyWord = (grey: number) => grey | (grey << 8) | (grey << 16);

/** Position within a pattern that repeats, also left of and above the picture's corner. */
const within = (at: number, period: number) => ((at % period) + period) % period;

export interface CheckerInk {
  /** Grey levels 0–255. */
  readonly light: number;
  readonly dark: number;
  /** Edge of a square, device px. */
  readonly square: number;
}

/** The erased look: a checkerboard as opaque as the coverage. */
export function writeChecker(target: Target, coverage: Uint8Array, { light, dark, square }: CheckerInk) {
  const { words, stride, width, height } = target;
  const odd = (at: number) => Math.floor(at / square) & 1;
  const rows = [new Uint32Array(width), new Uint32Array(width)] as const;
  for (let x = 0; x < width; x++) {
    const first = odd(target.fromOriginX + x);
    rows[0][x] = greyWord(first ? dark : light);
    rows[1][x] = greyWord(first ? light : dark);
  }
  for (let y = 0; y < height; y++) {
    const row = rows[odd(target.fromOriginY + y) ? 1 : 0];
    const from = (y + 1) * (width + 2) + 1;
    const to = (target.y + y) * stride + target.x;
    for (let x = 0; x < width; x++) words[to + x] = row[x]! | (coverage[from + x]! << 24);
  }
}

/** Width of a stripe, and distance and radius of dots, CSS px. */
const STRIPE = 4;
const DOT_PITCH = 9;
const DOT_RADIUS = 2.2;
/** Share of white or black in stripes and dots. As opaque as what lies between them, they differ from it by the same on every picture. */
const MARK_SHADE = 0.42;

/** A tint made ready for a device's px: what each coverage looks like between the marks of its pattern and on them. */
export interface TintInk {
  readonly ground: Uint32Array;
  readonly mark: Uint32Array;
  /** Edge of the pattern, device px; it repeats. */
  readonly period: number;
  /** 1 on a mark; row by row. */
  readonly marks: Uint8Array;
}

export function tintInk({ colour, pattern, opacity }: Tint, pixelRatio: number): TintInk {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  // Rec. 709 weights on the encoded values: only to tell light from dark.
  const light = rgb[0]! * 0.2126 + rgb[1]! * 0.7152 + rgb[2]! * 0.0722 > 140;
  const shade = rgb.map((channel) => channel + ((light ? 0 : 255) - channel) * MARK_SHADE);
  return {
    ground: inkOf(rgb, opacity),
    mark: inkOf(shade, opacity),
    ...marksOf(pattern, pixelRatio),
  };
}

/** By coverage. */
function inkOf(rgb: readonly number[], opacity: number): Uint32Array {
  const [r, g, b] = rgb.map(Math.round);
  const colour = r! | (g! << 8) | (b! << 16);
  return Uint32Array.from({ length: 256 }, (_, value) => (Math.round(value * opacity) << 24) | colour);
}

function marksOf(pattern: TintPattern, pixelRatio: number): { period: number; marks: Uint8Array } {
  if (pattern === 'plain') return { period: 1, marks: new Uint8Array(1) };
  const stripe = Math.max(1, Math.round(STRIPE * pixelRatio));
  const period =
    pattern === 'stripes' ? stripe * 3 : Math.max(4, 2 * Math.round((DOT_PITCH * pixelRatio) / 2));
  const isMark =
    pattern === 'stripes'
      ? (x: number, y: number) => (x + y) % period < stripe
      : // A dot at the corner, which four repeats share, and one in the middle.
        (x: number, y: number) =>
          [0, period / 2, period].some((at) =>
            (at === period / 2 ? [at] : [0, period]).some(
              (other) => Math.hypot(x + 0.5 - at, y + 0.5 - other) < DOT_RADIUS * pixelRatio,
            ),
          );
  const marks = Uint8Array.from({ length: period * period }, (_, i) =>
    isMark(i % period, Math.floor(i / period)) ? 1 : 0,
  );
  return { period, marks };
}

/** A tint as opaque as the coverage, with its pattern. */
export function writeTint(target: Target, coverage: Uint8Array, { ground, mark, period, marks }: TintInk) {
  const { words, stride, width, height } = target;
  const first = within(target.fromOriginX, period);
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * (width + 2) + 1;
    const to = (target.y + y) * stride + target.x;
    const row = within(target.fromOriginY + y, period) * period;
    for (let x = 0, at = first; x < width; x++) {
      words[to + x] = (marks[row + at] ? mark : ground)[coverage[from + x]!]!;
      if (++at === period) at = 0;
    }
  }
}

/** The mask by itself: its coverage as grey, white where all is erased, over the picture. */
export function writeMask(target: Target, coverage: Uint8Array) {
  const { words, stride, width, height } = target;
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * (width + 2) + 1;
    const to = (target.y + y) * stride + target.x;
    for (let x = 0; x < width; x++) words[to + x] = ALPHA | greyWord(coverage[from + x]!);
  }
}

/** Length of a dash of the outline, CSS px. */
const DASH = 4;

/** Device px. */
export const dashLength = (pixelRatio: number) => Math.max(1, Math.round(DASH * pixelRatio));

/** Coverage from which a device px counts as inside the outline. */
export const HALF = 128;

/**
 * The outline: the inner rim of what is covered, one device px wide, in black and white dashes: seen on every ground.
 *
 * @param dash length in device px @param inside coverage from which a px lies inside
 */
export function writeOutline(target: Target, coverage: Uint8Array, dash: number, inside: number) {
  const { words, stride, width, height } = target;
  const row = width + 2;
  for (let y = 0; y < height; y++) {
    let at = (y + 1) * row + 1;
    const to = (target.y + y) * stride + target.x;
    const phase = target.fromOriginX + target.fromOriginY + y;
    for (let x = 0; x < width; x++, at++) {
      const rim =
        coverage[at]! >= inside &&
        (coverage[at - 1]! < inside ||
          coverage[at + 1]! < inside ||
          coverage[at - row]! < inside ||
          coverage[at + row]! < inside);
      words[to + x] = rim ? (within(phase + x, dash * 2) < dash ? BLACK : WHITE) : 0;
    }
  }
}
