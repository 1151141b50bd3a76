/** The kernel is cut off here, in standard deviations; what lies beyond is less than a tenth of a level. */
const KERNEL_REACH = 3.5;
/**
 * An edge farther away than this, in standard deviations, does not show: of a step of 255 it leaves 255 · 0.00135,
 * which is rounded away.
 */
export const SEEN_REACH = 3;
/** A large Gaussian is computed on cells of several pixels, as long as it stays this wide, in cells. */
const FEWEST_CELLS = 3;
/** Cells beside a tile that its outermost pixels are spread to, and interpolated from. */
export const BESIDE = 2;
const LARGEST_CELL = 64;

/**
 * A Gaussian blur of blocks of a plane that is cut into square cells: each pixel is spread to the cells around it by
 * cubics, the cells are blurred, and the pixels are interpolated by the same cubics. Cubics keep the first three
 * moments, so that even single pixels stay where they are: against the Gaussian of every pixel it is off by less than
 * half of a 255th, and its cost does not grow with σ.
 */
export class CellGaussian {
  /** Edge of a cell, px: a power of two up to 64; 1 for a small σ. */
  readonly cell: number;
  /** Cells that are needed on each side of what is asked for. */
  readonly margin: number;
  /** Weight of a cell's own value, then of its neighbours' at 1, 2, … */
  readonly #kernel: Float64Array;
  /** Four weights for each of a cell's pixels, and the first of the four cells, counted from the pixel's own. */
  readonly #cubics: Float64Array;
  readonly #first: Int8Array;

  constructor(sigma: number) {
    let cell = 1;
    while (cell < LARGEST_CELL && sigma / (cell * 2) >= FEWEST_CELLS) cell *= 2;
    this.cell = cell;
    this.#kernel = gaussianKernel(sigma / cell);
    this.margin = this.#kernel.length - 1 + BESIDE;
    this.#cubics = new Float64Array(cell * 4);
    this.#first = new Int8Array(cell);
    for (let k = 0; k < cell; k++) {
      const at = (k + 0.5) / cell - 0.5;
      const t = at - Math.floor(at);
      this.#first[k] = Math.floor(at) - 1;
      this.#cubics.set(cubicWeights(t), k * 4);
    }
  }

  /** Spreads the pixels of a block of `side` × `side` to its cells and `BESIDE` more on every side. */
  spread(pixels: ArrayLike<number>, side: number): Float32Array {
    const { cell } = this;
    const across = side / cell + 2 * BESIDE;
    const out = new Float32Array(across * across);
    const row = new Float64Array(across);
    const share = 1 / cell;
    for (let y = 0; y < side; y++) {
      this.#spreadRow(pixels, y * side, side, row);
      const k = y % cell;
      const top = BESIDE + (y - k) / cell + this.#first[k]!;
      for (let j = 0; j < 4; j++) {
        const weight = this.#cubics[k * 4 + j]! * share;
        if (weight === 0) continue;
        const to = (top + j) * across;
        for (let x = 0; x < across; x++) out[to + x]! += weight * row[x]!;
      }
    }
    return out;
  }

  #spreadRow(pixels: ArrayLike<number>, start: number, side: number, row: Float64Array): void {
    const { cell } = this;
    const cubics = this.#cubics;
    const share = 1 / cell;
    row.fill(0);
    for (let k = 0; k < cell; k++) {
      const w0 = cubics[k * 4]! * share;
      const w1 = cubics[k * 4 + 1]! * share;
      const w2 = cubics[k * 4 + 2]! * share;
      const w3 = cubics[k * 4 + 3]! * share;
      let c = BESIDE + this.#first[k]!;
      for (let x = k; x < side; x += cell, c++) {
        const value = pixels[start + x]!;
        if (value === 0) continue;
        row[c]! += w0 * value;
        row[c + 1]! += w1 * value;
        row[c + 2]! += w2 * value;
        row[c + 3]! += w3 * value;
      }
    }
  }

  /** Blurs one line of pixels (a multiple of `cell`); beyond it all is 0. */
  line(pixels: Float32Array): Float64Array {
    const count = pixels.length / this.cell;
    const reach = this.#kernel.length - 1;
    const row = new Float64Array(count + 2 * BESIDE);
    this.#spreadRow(pixels, 0, pixels.length, row);
    const cells = new Float32Array(row.length + 2 * reach);
    cells.set(row, reach);
    const smooth = Float64Array.from(row, (_, i) => weighted(cells, i + reach, this.#kernel));
    const out = new Float32Array(pixels.length);
    this.#stretch(smooth, out, 0, out.length);
    return Float64Array.from(out);
  }

  /**
   * Blurs a block of `side` × `side` pixels (a multiple of `cell`). `cells` are what was spread to its cells and to
   * `margin` more on every side, row by row.
   */
  block(cells: Float32Array, side: number): Float32Array {
    const across = side / this.cell + 2 * this.margin;
    const kept = side / this.cell + 2 * BESIDE;
    const narrowed = this.#alongRows(cells, across, kept);
    const smooth = this.#alongColumns(narrowed, across, kept);
    return this.#interpolated(smooth, kept, side);
  }

  #alongRows(cells: Float32Array, across: number, kept: number): Float32Array {
    const kernel = this.#kernel;
    const reach = kernel.length - 1;
    const out = new Float32Array(across * kept);
    for (let y = 0; y < across; y++) {
      const row = cells.subarray(y * across, (y + 1) * across);
      const to = y * kept;
      if (isEven(row)) out.fill(row[0]!, to, to + kept);
      else for (let x = 0; x < kept; x++) out[to + x] = weighted(row, x + reach, kernel);
    }
    return out;
  }

  /** A row at a time, so that memory is read in order. */
  #alongColumns(rows: Float32Array, across: number, kept: number): Float32Array {
    const kernel = this.#kernel;
    const reach = kernel.length - 1;
    const out = new Float32Array(kept * kept);
    const sums = new Float64Array(kept);
    // How many rows up to each are the same as the one before it: a window of such rows needs no blur.
    const same = new Int32Array(across);
    for (let y = 1; y < across; y++) same[y] = sameRows(rows, y, kept) ? same[y - 1]! + 1 : 0;
    for (let y = 0; y < kept; y++) {
      const middle = (y + reach) * kept;
      if (same[y + 2 * reach]! >= 2 * reach) {
        out.set(rows.subarray(middle, middle + kept), y * kept);
        continue;
      }
      for (let x = 0; x < kept; x++) sums[x] = rows[middle + x]! * kernel[0]!;
      for (let k = 1; k <= reach; k++) {
        const weight = kernel[k]!;
        const above = middle - k * kept;
        const below = middle + k * kept;
        for (let x = 0; x < kept; x++) sums[x]! += weight * (rows[above + x]! + rows[below + x]!);
      }
      out.set(sums, y * kept);
    }
    return out;
  }

  #interpolated(smooth: Float32Array, kept: number, side: number): Float32Array {
    const { cell } = this;
    const cubics = this.#cubics;
    const out = new Float32Array(side * side);
    const row = new Float64Array(kept);
    for (let y = 0; y < side; y++) {
      const k = y % cell;
      const a = (BESIDE + (y - k) / cell + this.#first[k]!) * kept;
      const [w0, w1, w2, w3] = cubics.subarray(k * 4, k * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      for (let x = 0; x < kept; x++) {
        row[x] =
          w0 * smooth[a + x]! +
          w1 * smooth[a + kept + x]! +
          w2 * smooth[a + 2 * kept + x]! +
          w3 * smooth[a + 3 * kept + x]!;
      }
      this.#stretch(row, out, y * side, side);
    }
    return out;
  }

  /** A row of cells' values to pixels. */
  #stretch(row: Float64Array, out: Float32Array, start: number, side: number): void {
    const { cell } = this;
    const cubics = this.#cubics;
    for (let k = 0; k < cell; k++) {
      const w0 = cubics[k * 4]!;
      const w1 = cubics[k * 4 + 1]!;
      const w2 = cubics[k * 4 + 2]!;
      const w3 = cubics[k * 4 + 3]!;
      let c = BESIDE + this.#first[k]!;
      for (let x = k; x < side; x += cell, c++) {
        out[start + x] = w0 * row[c]! + w1 * row[c + 1]! + w2 * row[c + 2]! + w3 * row[c + 3]!;
      }
    }
  }
}

/** One half of a Gaussian of this σ, its middle included; both halves together have the sum 1. */
function gaussianKernel(sigma: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(KERNEL_REACH * sigma) + 1 }, (_, k) =>
    Math.exp((-k * k) / (2 * sigma * sigma)),
  );
  const sum = half.reduce((total, weight) => total + weight) * 2 - half[0]!;
  return half.map((weight) => weight / sum);
}

/** Lagrange's cubic through values at −1, 0, 1, 2, read at t (0–1). */
const cubicWeights = (t: number): [number, number, number, number] => [
  (-t * (t - 1) * (t - 2)) / 6,
  ((t + 1) * (t - 1) * (t - 2)) / 2,
  (-(t + 1) * t * (t - 2)) / 2,
  ((t + 1) * t * (t - 1)) / 6,
];

function weighted(values: Float32Array, at: number, kernel: Float64Array): number {
  let sum = values[at]! * kernel[0]!;
  for (let k = 1; k < kernel.length; k++) {
    sum += kernel[k]! * (values[at - k]! + values[at + k]!);
  }
  return sum;
}

function isEven(values: Float32Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}

/** Whether row y is the same as the row above it. */
function sameRows(rows: Float32Array, y: number, width: number): boolean {
  for (let i = y * width; i < (y + 1) * width; i++) if (rows[i] !== rows[i - width]) return false;
  return true;
}
