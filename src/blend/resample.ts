import type { Size } from './size.ts';

/** Lobes of the window; Lanczos3 is the usual choice for photographs. */
const LOBES = 3;

/** Target rows given at once: some milliseconds of work. */
const STRIP = 32;

/** The part of a picture that is looked at: px of the picture, fractional; beyond its edge the edge repeats. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const wholeOf = ({ width, height }: Size): Window => ({ x: 0, y: 0, width, height });

/**
 * What a window shows of a straight RGBA picture, scaled to `to`, in strips of whole rows from the top. Separable
 * Lanczos (C. Duchon, "Lanczos Filtering in One and Two Dimensions", 1979); when shrinking, the kernel is widened by
 * the factor, which makes it a low-pass. Works premultiplied in floats, so that a transparent pixel's hidden colour
 * does not bleed; straight out.
 *
 * Where the window holds whole pixels of the picture, one for each of the target's, their bytes are copied, hidden
 * colours included.
 *
 * @param readRows straight RGBA of source rows [first, last), whole rows; asked for each row at most once, in order
 */
export function* resampledStrips(
  readRows: (first: number, last: number) => Uint8Array,
  size: Size,
  to: Size,
  window: Window = wholeOf(size),
): Generator<Uint8Array, void> {
  const next = holdsWholePixels(window, size, to)
    ? cutter(readRows, size, window)
    : scaler(readRows, size, to, window);
  for (let y = 0; y < to.height; y += STRIP) yield next(y, Math.min(to.height, y + STRIP));
}

/** What a window shows of a straight RGBA picture, scaled, as a whole. */
export function resample(
  pixels: Uint8Array,
  size: Size,
  to: Size,
  window: Window = wholeOf(size),
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(to.width * to.height * 4);
  const rowBytes = size.width * 4;
  const read = (first: number, last: number) => pixels.subarray(first * rowBytes, last * rowBytes);
  let at = 0;
  for (const strip of resampledStrips(read, size, to, window)) {
    out.set(strip, at);
    at += strip.length;
  }
  return out;
}

/** Gives target rows [from, end); each call goes on where the last one ended. */
type NextRows = (from: number, end: number) => Uint8Array;

const holdsWholePixels = ({ x, y, width, height }: Window, size: Size, to: Size) =>
  width === to.width &&
  height === to.height &&
  Number.isInteger(x) &&
  Number.isInteger(y) &&
  x >= 0 &&
  y >= 0 &&
  x + width <= size.width &&
  y + height <= size.height;

function cutter(
  readRows: (first: number, last: number) => Uint8Array,
  { width }: Size,
  window: Window,
): NextRows {
  return (from, end) => {
    const rows = readRows(window.y + from, window.y + end);
    if (window.width === width) return rows;
    const out = new Uint8Array((end - from) * window.width * 4);
    for (let y = 0; y < end - from; y++) {
      const start = (y * width + window.x) * 4;
      out.set(rows.subarray(start, start + window.width * 4), y * window.width * 4);
    }
    return out;
  };
}

function scaler(
  readRows: (first: number, last: number) => Uint8Array,
  size: Size,
  to: Size,
  window: Window,
): NextRows {
  const columns = kernel(window.x, window.width, to.width);
  const rows = kernel(window.y, window.height, to.height);
  // Source rows after horizontal filtering, as many as the vertical kernel looks at: row y is in slot y % taps.
  const ring = Array.from({ length: rows.taps }, () => new Float32Array(to.width * 4));
  const row = edgedRow(size.width, columns);
  const mixed = new Float32Array(to.width * 4);
  const inside = (y: number) => Math.min(size.height - 1, Math.max(0, y));
  const tapped = (y: number) => ring[inside(y) % rows.taps]!;
  /** The first row that target row y does not need any more; at least one is always there to be repeated. */
  const neededBy = (y: number) => inside(rows.starts[y]! + rows.taps - 1) + 1;
  let ready = inside(rows.starts[0]!);

  return (from, end) => {
    const out = new Uint8Array((end - from) * to.width * 4);
    const first = ready;
    const last = neededBy(end - 1);
    const source = last > first ? readRows(first, last) : out;
    for (let y = from; y < end; y++) {
      const needed = neededBy(y);
      for (; ready < needed; ready++) {
        premultiply(source, ((ready - first) * size.width + row.from) * 4, row);
        filterRow(row.floats, columns, ring[ready % rows.taps]!);
      }
      mixed.fill(0);
      const start = rows.starts[y]!;
      const weights = rows.weights.subarray(y * rows.taps, (y + 1) * rows.taps);
      for (let tap = 0; tap < rows.taps; tap += 6) {
        const six = Array.from({ length: 6 }, (_, i) => tapped(start + tap + i));
        addRows(mixed, six, weights.subarray(tap, tap + 6));
      }
      unpremultiply(mixed, out, (y - from) * mixed.length);
    }
    return out;
  };
}

interface Kernel {
  /** Weights per target pixel. */
  readonly taps: number;
  /** First source pixel of each target pixel; it and its followers may lie outside, where the edge repeats. */
  readonly starts: Int32Array;
  /** `taps` weights per target pixel, with sum 1. */
  readonly weights: Float32Array;
}

/** For `to` target pixels that show [offset, offset + length) of the source. */
function kernel(offset: number, length: number, to: number): Kernel {
  const scale = length / to;
  const stretch = Math.max(1, scale);
  const reach = LOBES * stretch;
  const taps = Math.ceil(2 * reach);
  const starts = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = offset + (i + 0.5) * scale - 0.5;
    const start = Math.floor(centre - reach) + 1;
    starts[i] = start;
    const own = weights.subarray(i * taps, (i + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += own[tap] = lanczos((start + tap - centre) / stretch);
    for (let tap = 0; tap < taps; tap++) own[tap]! /= sum;
  }
  return { taps, starts, weights };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** The premultiplied part of a row that the kernel looks at, with its edge pixels repeated as far as it reaches. */
interface EdgedRow {
  readonly floats: Float32Array;
  /** The first pixel of the source's row that is taken. */
  readonly from: number;
  /** Where the part itself begins and ends in `floats`. */
  readonly start: number;
  readonly end: number;
}

function edgedRow(width: number, { starts, taps }: Kernel): EdgedRow {
  const first = starts[0]!;
  const end = starts.at(-1)! + taps;
  const from = Math.min(width - 1, Math.max(0, first));
  const until = Math.max(from + 1, Math.min(width, end));
  const before = Math.max(0, from - first);
  const after = Math.max(0, end - until);
  // The kernel's starts count from the source's first pixel; in the part they count from what stands before it.
  for (let i = 0; i < starts.length; i++) starts[i]! -= from - before;
  return {
    floats: new Float32Array((before + until - from + after) * 4),
    from,
    start: before * 4,
    end: (before + until - from) * 4,
  };
}

function premultiply(source: Uint8Array, at: number, { floats, start, end }: EdgedRow): void {
  for (let i = start, s = at; i < end; i += 4, s += 4) {
    const alpha = source[s + 3]!;
    const share = alpha / 255;
    floats[i] = source[s]! * share;
    floats[i + 1] = source[s + 1]! * share;
    floats[i + 2] = source[s + 2]! * share;
    floats[i + 3] = alpha;
  }
  for (let i = 0; i < start; i += 4) floats.copyWithin(i, start, start + 4);
  for (let i = end; i < floats.length; i += 4) floats.copyWithin(i, end - 4, end);
}

function filterRow(row: Float32Array, { taps, starts, weights }: Kernel, out: Float32Array): void {
  for (let x = 0, w = 0; x < starts.length; x++) {
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let i = starts[x]! * 4, end = i + taps * 4; i < end; i += 4, w++) {
      const weight = weights[w]!;
      r += weight * row[i]!;
      g += weight * row[i + 1]!;
      b += weight * row[i + 2]!;
      a += weight * row[i + 3]!;
    }
    const o = x * 4;
    out[o] = r;
    out[o + 1] = g;
    out[o + 2] = b;
    out[o + 3] = a;
  }
}

/** Six rows at once, which is all for enlarging: twice as fast as one or two. A weight that is missing is 0. */
function addRows(to: Float32Array, rows: readonly Float32Array[], weights: Float32Array): void {
  const [a, b, c, d, e, f] = rows as unknown as Six<Float32Array>;
  const [wa = 0, wb = 0, wc = 0, wd = 0, we = 0, wf = 0] = weights;
  for (let i = 0; i < to.length; i++) {
    to[i]! += wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]! + we * e[i]! + wf * f[i]!;
  }
}

type Six<T> = readonly [T, T, T, T, T, T];

function unpremultiply(row: Float32Array, out: Uint8Array, at: number): void {
  for (let i = 0, o = at; i < row.length; i += 4, o += 4) {
    const alpha = Math.min(255, Math.max(0, row[i + 3]!));
    out[o + 3] = alpha + 0.5;
    if (alpha < 0.5) continue;
    const share = 255 / alpha;
    out[o] = Math.min(255, Math.max(0, row[i]! * share)) + 0.5;
    out[o + 1] = Math.min(255, Math.max(0, row[i + 1]! * share)) + 0.5;
    out[o + 2] = Math.min(255, Math.max(0, row[i + 2]! * share)) + 0.5;
  }
}
