import type { Size } from './size.ts';

/** Lobes of the window; Lanczos3 is the usual choice for photographs. */
const LOBES = 3;

/**
 * Rows `from` … `end` − 1 of a straight RGBA picture scaled to `to`. Separable Lanczos (C. Duchon, "Lanczos
 * Filtering in One and Two Dimensions", 1979); when shrinking, the kernel is widened by the factor, which makes it a
 * low-pass. Works premultiplied in floats, so that a transparent pixel's hidden colour does not bleed; straight out.
 *
 * Where the sizes agree the bytes are copied, hidden colours included.
 *
 * @param readRows straight RGBA of source rows [first, last); asked for each row once per call
 */
export function resampleRows(
  readRows: (first: number, last: number) => Uint8Array,
  size: Size,
  to: Size,
  from: number,
  end: number,
): Uint8Array {
  if (size.width === to.width && size.height === to.height) return readRows(from, end).slice();
  const columns = kernel(size.width, to.width);
  const rows = kernel(size.height, to.height);
  const out = new Uint8Array((end - from) * to.width * 4);
  const first = rows.starts[from]!;
  const last = rows.starts[end - 1]! + rows.taps;
  const source = readRows(Math.max(0, first), Math.min(size.height, last));
  const rowFloats = to.width * 4;
  // One source row after horizontal filtering; only as many as the vertical kernel looks at.
  const ring = new Float32Array(rows.taps * rowFloats);
  const premultiplied = new Float32Array(size.width * 4);
  const mixed = new Float32Array(rowFloats);
  let ready = first;
  const slot = (y: number) => (((y % rows.taps) + rows.taps) % rows.taps) * rowFloats;

  for (let y = from; y < end; y++) {
    const start = rows.starts[y]!;
    for (ready = Math.max(ready, start); ready < start + rows.taps; ready++) {
      const sourceY = Math.min(size.height - 1, Math.max(0, ready)) - Math.max(0, first);
      premultiply(source, sourceY * size.width * 4, premultiplied);
      filterRow(premultiplied, columns, size.width, ring, slot(ready), to.width);
    }
    mixed.fill(0);
    for (let tap = 0; tap < rows.taps; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!;
      const at = slot(start + tap);
      for (let i = 0; i < rowFloats; i++) mixed[i]! += weight * ring[at + i]!;
    }
    unpremultiply(mixed, out, (y - from) * rowFloats);
  }
  return out;
}

/** A whole straight RGBA picture scaled. */
export const resample = (pixels: Uint8Array, size: Size, to: Size): Uint8Array =>
  resampleRows(
    (first, last) => pixels.subarray(first * size.width * 4, last * size.width * 4),
    size,
    to,
    0,
    to.height,
  );

interface Kernel {
  /** Weights per target pixel. */
  readonly taps: number;
  /** First source pixel of each target pixel; may lie outside, where the edge repeats. */
  readonly starts: Int32Array;
  /** `taps` weights per target pixel, with sum 1. */
  readonly weights: Float32Array;
}

function kernel(from: number, to: number): Kernel {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = LOBES * stretch;
  const taps = from === to ? 1 : Math.ceil(reach * 2) + 1;
  const starts = new Int32Array(to);
  const weights = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    const start = taps === 1 ? i : Math.ceil(centre - reach);
    starts[i] = start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += lanczos((start + tap - centre) / stretch);
    for (let tap = 0; tap < taps; tap++) {
      weights[i * taps + tap] = lanczos((start + tap - centre) / stretch) / sum;
    }
  }
  return { taps, starts, weights };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

function premultiply(source: Uint8Array, at: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i += 4) {
    const alpha = source[at + i + 3]!;
    const share = alpha / 255;
    out[i] = source[at + i]! * share;
    out[i + 1] = source[at + i + 1]! * share;
    out[i + 2] = source[at + i + 2]! * share;
    out[i + 3] = alpha;
  }
}

function filterRow(
  row: Float32Array,
  { taps, starts, weights }: Kernel,
  width: number,
  out: Float32Array,
  at: number,
  to: number,
): void {
  for (let x = 0; x < to; x++) {
    const start = starts[x]!;
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = weights[x * taps + tap]!;
      const i = Math.min(width - 1, Math.max(0, start + tap)) * 4;
      r += weight * row[i]!;
      g += weight * row[i + 1]!;
      b += weight * row[i + 2]!;
      a += weight * row[i + 3]!;
    }
    const o = at + x * 4;
    out[o] = r;
    out[o + 1] = g;
    out[o + 2] = b;
    out[o + 3] = a;
  }
}

function unpremultiply(row: Float32Array, out: Uint8Array, at: number): void {
  for (let i = 0; i < row.length; i += 4) {
    const alpha = Math.min(255, Math.max(0, row[i + 3]!));
    out[at + i + 3] = alpha + 0.5;
    if (alpha < 0.5) continue;
    const share = 255 / alpha;
    for (let c = 0; c < 3; c++) {
      out[at + i + c] = Math.min(255, Math.max(0, row[i + c]! * share)) + 0.5;
    }
  }
}
