/** Values per pixel: red, green, blue. */
export const CHANNELS = 3;

/** What a pixel of a membrane is. */
export const HOLE = 2;
export const RIM = 1;
export const ABSENT = 0;

/** One grid of the hierarchy. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** HOLE, RIM or ABSENT per pixel. */
  readonly kind: Uint8Array;
  /** Unknown values; at rim pixels what they are held at. Three per pixel. */
  readonly values: Float32Array;
  /** Right-hand side; null where it is 0 everywhere. */
  readonly source: Float32Array | null;
  /** Half-open runs of hole pixels, all of whose four neighbours take part: [from, end, from, end, …]. */
  readonly runs: Int32Array;
  /** The other hole pixels: for these, absent neighbours count for nothing (their slope is 0). */
  readonly odd: Int32Array;
}

export function gridOf(
  width: number,
  height: number,
  kind: Uint8Array,
  values: Float32Array,
  source: Float32Array | null,
): Grid {
  const runs: number[] = [];
  const odd: number[] = [];
  for (let y = 0, i = 0; y < height; y++) {
    const inner = y > 0 && y < height - 1;
    let from = -1;
    for (let x = 0; x < width; x++, i++) {
      const hole = kind[i] === HOLE;
      const whole =
        hole &&
        inner &&
        x > 0 &&
        x < width - 1 &&
        kind[i - 1] !== ABSENT &&
        kind[i + 1] !== ABSENT &&
        kind[i - width] !== ABSENT &&
        kind[i + width] !== ABSENT;
      if (whole && from < 0) from = i;
      if (!whole && from >= 0) {
        runs.push(from, i);
        from = -1;
      }
      if (hole && !whole) odd.push(i);
    }
  }
  return { width, height, kind, values, source, runs: Int32Array.from(runs), odd: Int32Array.from(odd) };
}

/** Half the size. Held where any of the four pixels is, absent where all are. */
export function coarser({ width, height, kind }: Grid): Grid {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const coarse = new Uint8Array(w * h);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const o = (y >> 1) * w + (x >> 1);
      if (kind[i] === RIM) coarse[o] = RIM;
      else if (kind[i] === HOLE && coarse[o] === ABSENT) coarse[o] = HOLE;
    }
  }
  const values = new Float32Array(w * h * CHANNELS);
  return gridOf(w, h, coarse, values, new Float32Array(values.length));
}

/** A sweep of Gauss–Seidel over all hole pixels. */
export function relax(grid: Grid, backwards: boolean): void {
  const { values, source, runs } = grid;
  const row = grid.width * CHANNELS;
  if (backwards) relaxOdd(grid);
  for (let r = 0; r < runs.length; r += 2) {
    const run = backwards ? runs.length - 2 - r : r;
    const from = runs[run]! * CHANNELS;
    const end = runs[run + 1]! * CHANNELS;
    if (source && backwards) {
      for (let i = end - 1; i >= from; i--) {
        const sum = values[i - 3]! + values[i + 3]! + values[i - row]! + values[i + row]!;
        values[i] = 0.25 * (sum + source[i]!);
      }
    } else if (source) {
      for (let i = from; i < end; i++) {
        const sum = values[i - 3]! + values[i + 3]! + values[i - row]! + values[i + row]!;
        values[i] = 0.25 * (sum + source[i]!);
      }
    } else if (backwards) {
      for (let i = end - 1; i >= from; i--) {
        values[i] = 0.25 * (values[i - 3]! + values[i + 3]! + values[i - row]! + values[i + row]!);
      }
    } else {
      for (let i = from; i < end; i++) {
        values[i] = 0.25 * (values[i - 3]! + values[i + 3]! + values[i - row]! + values[i + row]!);
      }
    }
  }
  if (!backwards) relaxOdd(grid);
}

function relaxOdd(grid: Grid): void {
  for (const i of grid.odd) {
    for (let c = 0; c < CHANNELS; c++) {
      const at = i * CHANNELS + c;
      const { sum, count } = presentAround(grid, i, c);
      if (count > 0) grid.values[at] = (sum + (grid.source?.[at] ?? 0)) / count;
    }
  }
}

/** Sum and number of the values of a pixel's neighbours that take part. */
export function presentAround({ width, height, kind, values }: Grid, i: number, c: number) {
  const x = i % width;
  let sum = 0;
  let count = 0;
  const take = (n: number) => {
    if (kind[n] === ABSENT) return;
    sum += values[n * CHANNELS + c]!;
    count++;
  };
  if (x > 0) take(i - 1);
  if (x < width - 1) take(i + 1);
  if (i >= width) take(i - width);
  if (i < (height - 1) * width) take(i + width);
  return { sum, count };
}
