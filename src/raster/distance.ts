import { bottom, type PixelRect, pixelRect } from '../geometry/rect.ts';

/**
 * How far, in px, the nearest pixel of the set lies above or below each pixel of `part`, row by row; `reach` + 1 where
 * it lies farther than `reach` (up to 65,534). `values` are those of a block, `width` wide, that `part` lies in: what
 * of the block is above and below `part` counts too. `isOut` says of each value 0–255 whether pixels of this value are
 * not in the set: 0xffff, else 0. `buffer` has room for `part` and two rows more.
 */
export function columnDistances(
  values: Uint8Array,
  width: number,
  part: PixelRect,
  isOut: Uint16Array,
  reach: number,
  buffer: Uint16Array = new Uint16Array(part.width * (part.height + 2)),
): Uint16Array {
  const height = values.length / width;
  const length = part.width;
  const none = reach + 1;
  // The rows around `part` are swept within one row each.
  const above = 0;
  const first = length;
  const below = (part.height + 1) * length;
  buffer.fill(none, above, first);
  for (let y = Math.max(0, part.y - reach); y < part.y; y++) {
    sweepRow(values, y * width + part.x, isOut, none, buffer, above, above, length);
  }
  for (let y = 0; y < part.height; y++) {
    const row = first + y * length;
    sweepRow(values, (part.y + y) * width + part.x, isOut, none, buffer, row - length, row, length);
  }
  buffer.fill(none, below, below + length);
  for (let y = Math.min(height, bottom(part) + reach) - 1; y >= bottom(part); y--) {
    sweepRow(values, y * width + part.x, isOut, none, buffer, below, below, length);
  }
  for (let i = below - 1; i >= first; i--) buffer[i] = Math.min(buffer[i]!, buffer[i + length]! + 1);
  return buffer.subarray(first, below);
}

/** From the row at `before` to the one beside it, at `to`, whose values begin at `at`. */
function sweepRow(
  values: Uint8Array,
  at: number,
  isOut: Uint16Array,
  none: number,
  distances: Uint16Array,
  before: number,
  to: number,
  length: number,
): void {
  for (let x = 0; x < length; x++) {
    // A mask instead of a branch: twice as fast at ragged edges.
    distances[to + x] = Math.min(distances[before + x]! + 1, none) & isOut[values[at + x]!]!;
  }
}

/**
 * From distances within the columns to distances in the plane, a row at a time: the lower envelope of parabolas.
 * P. Felzenszwalb, D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012).
 */
class RowEnvelope {
  /** Squared distances of the row that was measured last, from `from` up to `end`. */
  readonly squared: Float64Array;
  /** What lies before `from`, and from `end` on, is farther than `reach`. */
  from = 0;
  end = 0;
  /** Places of the parabolas that make up the envelope, their heights, and where each takes over. */
  readonly #apex: Int32Array;
  readonly #height: Float64Array;
  readonly #border: Float64Array;

  constructor(length: number) {
    this.squared = new Float64Array(length);
    this.#apex = new Int32Array(length);
    this.#height = new Float64Array(length);
    this.#border = new Float64Array(length + 1);
  }

  /** Measures the row whose distances within the columns, made with the same `reach`, begin at `start`. */
  measure(columns: Uint16Array, start: number, length: number, reach: number): void {
    const top = this.#build(columns, start, length, reach);
    const squared = this.squared;
    const apex = this.#apex;
    const height = this.#height;
    const border = this.#border;
    this.from = top < 0 ? 0 : Math.max(0, apex[0]! - reach);
    this.end = top < 0 ? 0 : Math.min(length, apex[top]! + reach + 1);
    for (let q = this.from, at = 0; q < this.end; q++) {
      if (columns[start + q] === 0) {
        squared[q] = 0;
        continue;
      }
      while (border[at + 1]! < q) at++;
      const across = q - apex[at]!;
      squared[q] = across * across + height[at]!;
    }
  }

  /** Index of the envelope's last parabola; −1 when there is none. */
  #build(columns: Uint16Array, start: number, length: number, reach: number): number {
    const apex = this.#apex;
    const height = this.#height;
    const border = this.#border;
    let top = -1;
    let before = -1;
    for (let q = 0; q < length; q++) {
      const far = columns[start + q]!;
      // In the middle of a run of the set a pixel is nearest to itself only.
      const needless = far > reach || (far === 0 && before === 0 && columns[start + q + 1] === 0);
      before = far;
      if (needless && !(far === 0 && q === length - 1)) continue;
      const own = far * far + q * q;
      let from = Number.NEGATIVE_INFINITY;
      while (top >= 0) {
        const p = apex[top]!;
        from = (own - height[top]! - p * p) / (2 * (q - p));
        if (from > border[top]!) break;
        top--;
      }
      top++;
      apex[top] = q;
      height[top] = far * far;
      border[top] = top === 0 ? Number.NEGATIVE_INFINITY : from;
      border[top + 1] = Number.POSITIVE_INFINITY;
    }
    return top;
  }
}

const isNotOne = Uint16Array.from({ length: 256 }, (_, value) => (value === 1 ? 0 : 0xffff));

/**
 * Exact Euclidean distance, in px, from each pixel's centre to the nearest centre of a pixel in the set; Infinity
 * when the set is empty.
 */
export function distanceTo(isInSet: (index: number) => boolean, width: number, height: number): Float32Array {
  const set = new Uint8Array(width * height);
  for (let i = 0; i < set.length; i++) set[i] = isInSet(i) ? 1 : 0;
  const reach = Math.max(width, height);
  const columns = columnDistances(set, width, pixelRect(0, 0, width, height), isNotOne, reach);
  const distance = new Float32Array(set.length).fill(Number.POSITIVE_INFINITY);
  const row = new RowEnvelope(width);
  for (let start = 0; start < set.length; start += width) {
    row.measure(columns, start, width, reach);
    for (let x = row.from; x < row.end; x++) distance[start + x] = Math.sqrt(row.squared[x]!);
  }
  return distance;
}
