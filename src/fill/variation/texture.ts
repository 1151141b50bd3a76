import type { FillRequest } from '../picture.ts';

/** Where a picture's texture is stochastic: a grid of square cells, and the luma that it was judged by. */
export interface TextureMap {
  /** Side of a cell in pixels of the picture. */
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  /** 1 where the texture is stochastic, per cell. */
  readonly stochastic: Uint8Array;
  /** `CELL` × `CELL` values per cell, 0..255, in rows of `columns * CELL`. */
  readonly luma: Float32Array;
}

/** Texture is judged as it looks on a screen: with this many pixels on the longer side, or fewer. */
const LONGEST = 512;
/** Side of a cell in pixels of the reduced luma. */
const CELL = 8;
/** A cell is judged together with all cells up to this far from it: 40 × 40 px of the reduced luma. */
const REACH = 2;

// Found by looking at what they let through on photographs; where in doubt, a cell is left out.

/** Least mean squared gradient, in luma steps per px: below it there is nothing to be seen that could vary. */
const LEAST_ENERGY = 6;
/** Most of the gradient energy that lies along one direction (stems, waves, lines): 0 = none, 1 = all. */
const MOST_ALONG = 0.4;
/** The same for two directions at right angles: writing, bricks, buildings. */
const MOST_ACROSS = 0.25;
/** Least (mean gradient)² over mean squared gradient: π / 4 for noise, little where few edges stand on plain ground. */
const LEAST_DENSITY = 0.5;
/** Energy of the quietest and of the liveliest cell in reach, over their mean. */
const LEAST_EVEN = 0.12;
const MOST_EVEN = 2.6;
/** Most distance between a cell's mean colour and that of all in reach, over the deviation of luma within cells. */
const MOST_COLOUR = 3.5;
/** Share of a cell and those that touch it that must be so for the cell to count: no specks, no gaps. */
const AGREEMENT = 0.6;

const SUMS = [
  'red',
  'green',
  'blue',
  'light',
  'light2',
  'steepness',
  'energy',
  'cos2',
  'sin2',
  'cos4',
  'sin4',
] as const;
/** Sums over the pixels of each cell. The last four are energy times cosine and sine of 2 and 4 × its angle. */
type Sums = Readonly<Record<(typeof SUMS)[number], Float64Array>>;

/**
 * Finds where a picture shows the even, directionless texture of grass, foliage, rough water, sand or grain, which looks
 * right however it is arranged. Never in a cell that holds a hole or a pixel that isn't opaque.
 */
export function mapTexture(picture: Omit<FillRequest, 'seed'>): TextureMap {
  const scale = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / LONGEST));
  const columns = Math.floor(picture.width / (scale * CELL));
  const rows = Math.floor(picture.height / (scale * CELL));
  const cells = columns * rows;
  const sums = Object.fromEntries(SUMS.map((name) => [name, new Float64Array(cells)])) as Sums;
  const whole = new Uint8Array(cells).fill(1);
  const luma = new Float32Array(cells * CELL * CELL);
  sumColours(picture, scale, columns, sums, whole, luma);
  sumGradients(luma, columns, rows, sums);
  const judged = Array.from({ length: cells }, (_, cell) => isStochastic(cell, columns, rows, sums, whole));
  const stochastic = new Uint8Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const near = cellsNear(cell, columns, rows, 1);
    const agreeing = near.filter((other) => judged[other]).length;
    if (whole[cell] === 1 && agreeing >= AGREEMENT * near.length) stochastic[cell] = 1;
  }
  return { side: scale * CELL, columns, rows, stochastic, luma };
}

function sumColours(
  { width, rgba, hole }: Omit<FillRequest, 'seed'>,
  scale: number,
  columns: number,
  sums: Sums,
  whole: Uint8Array,
  luma: Float32Array,
): void {
  const across = columns * CELL;
  const share = 1 / (scale * scale);
  for (let at = 0; at < luma.length; at++) {
    const x = at % across;
    const y = (at / across) | 0;
    const cell = ((y / CELL) | 0) * columns + ((x / CELL) | 0);
    let red = 0;
    let green = 0;
    let blue = 0;
    let usable = 1;
    for (let line = y * scale; line < (y + 1) * scale; line++) {
      const start = line * width + x * scale;
      for (let from = start; from < start + scale; from++) {
        red += rgba[from * 4]!;
        green += rgba[from * 4 + 1]!;
        blue += rgba[from * 4 + 2]!;
        if (rgba[from * 4 + 3] !== 255 || hole[from] !== 0) usable = 0;
      }
    }
    if (usable === 0) whole[cell] = 0;
    const light = (0.299 * red + 0.587 * green + 0.114 * blue) * share;
    luma[at] = light;
    sums.red[cell]! += red * share;
    sums.green[cell]! += green * share;
    sums.blue[cell]! += blue * share;
    sums.light[cell]! += light;
    sums.light2[cell]! += light * light;
  }
}

function sumGradients(luma: Float32Array, columns: number, rows: number, sums: Sums): void {
  const across = columns * CELL;
  for (let y = 1; y < rows * CELL - 1; y++)
    for (let x = 1; x < across - 1; x++) {
      const at = y * across + x;
      const right = (luma[at + 1]! - luma[at - 1]!) / 2;
      const down = (luma[at + across]! - luma[at - across]!) / 2;
      const energy = right * right + down * down;
      if (energy === 0) continue;
      const cos2 = right * right - down * down;
      const sin2 = 2 * right * down;
      const cell = ((y / CELL) | 0) * columns + ((x / CELL) | 0);
      sums.steepness[cell]! += Math.sqrt(energy);
      sums.energy[cell]! += energy;
      sums.cos2[cell]! += cos2;
      sums.sin2[cell]! += sin2;
      sums.cos4[cell]! += (cos2 * cos2 - sin2 * sin2) / energy;
      sums.sin4[cell]! += (2 * cos2 * sin2) / energy;
    }
}

function isStochastic(cell: number, columns: number, rows: number, sums: Sums, whole: Uint8Array): boolean {
  const near = cellsNear(cell, columns, rows, REACH);
  if (near.some((other) => whole[other] === 0)) return false;
  const mean = (of: Float64Array) => near.reduce((sum, other) => sum + of[other]!, 0) / near.length;
  const pixels = CELL * CELL;
  const energy = mean(sums.energy);
  if (energy < LEAST_ENERGY * pixels) return false;
  if (Math.hypot(mean(sums.cos2), mean(sums.sin2)) > MOST_ALONG * energy) return false;
  if (Math.hypot(mean(sums.cos4), mean(sums.sin4)) > MOST_ACROSS * energy) return false;
  if (mean(sums.steepness) ** 2 < LEAST_DENSITY * energy * pixels) return false;
  const [red, green, blue] = [mean(sums.red), mean(sums.green), mean(sums.blue)];
  const variance = near.reduce(
    (sum, other) => sum + sums.light2[other]! / pixels - (sums.light[other]! / pixels) ** 2,
    0,
  );
  const farthest = MOST_COLOUR * Math.sqrt(variance / near.length) * pixels;
  return near.every(
    (other) =>
      sums.energy[other]! >= LEAST_EVEN * energy &&
      sums.energy[other]! <= MOST_EVEN * energy &&
      Math.hypot(sums.red[other]! - red, sums.green[other]! - green, sums.blue[other]! - blue) <= farthest,
  );
}

function cellsNear(cell: number, columns: number, rows: number, reach: number): number[] {
  const column = cell % columns;
  const row = (cell / columns) | 0;
  const near: number[] = [];
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++)
    for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++)
      near.push(y * columns + x);
  return near;
}

/** How far a pattern is looked for, in pixels of the reduced luma. */
const LONGEST_PERIOD = 24;
/** Rise of the autocorrelation after its first fall, of the variance: 2 for a checker, near 0 for noise. */
const MOST_RISE = 0.35;

/** Whether these cells show a pattern that comes back at a distance: tiles, dots, lines of writing. */
export function repeats({ luma, columns, rows }: TextureMap, cells: readonly number[]): boolean {
  const across = columns * CELL;
  const down = rows * CELL;
  const points = cells.flatMap((cell) => pointsOf(cell, columns));
  const mean = points.reduce((sum, at) => sum + luma[at]!, 0) / points.length;
  const correlation = (shiftX: number, shiftY: number) => {
    let product = 0;
    let here = 0;
    let there = 0;
    for (const at of points) {
      const x = (at % across) + shiftX;
      const y = ((at / across) | 0) + shiftY;
      if (x < 0 || x >= across || y >= down) continue;
      const a = luma[at]! - mean;
      const b = luma[y * across + x]! - mean;
      product += a * b;
      here += a * a;
      there += b * b;
    }
    return product / Math.sqrt(here * there || 1);
  };
  for (let direction = 0; direction < 12; direction++) {
    const angle = (Math.PI * direction) / 12;
    let least = 1;
    for (let distance = 1; distance <= LONGEST_PERIOD; distance++) {
      const value = correlation(
        Math.round(distance * Math.cos(angle)),
        Math.round(distance * Math.sin(angle)),
      );
      least = Math.min(least, value);
      if (value - least > MOST_RISE) return true;
    }
  }
  return false;
}

/** Every second pixel of a cell each way. */
function pointsOf(cell: number, columns: number): number[] {
  const start = ((cell / columns) | 0) * CELL * columns * CELL + (cell % columns) * CELL;
  const points: number[] = [];
  for (let y = 0; y < CELL; y += 2)
    for (let x = 0; x < CELL; x += 2) points.push(start + y * columns * CELL + x);
  return points;
}
