import type { PixelRect } from '../../geometry/rect.ts';
import { cutMask } from '../combine.ts';
import { compactTile } from '../denseTile.ts';
import { FrameGrid, type FramePlace, highestCoverage } from '../frameGrid.ts';
import { type Mask, tileY } from '../mask.ts';
import { type DenseTile, TILE_AREA, TILE_SIZE, type Tile } from '../tile.ts';
import { BESIDE, CellGaussian, SEEN_REACH } from './gaussian.ts';

/**
 * The mask blurred with a Gaussian of standard deviation `sigma` (1–256 document px). Only pixels of the frame are
 * averaged, so that nothing fades at the frame's edge. Off by at most one level. Yields after every tile; tiles that
 * no edge is near are passed on.
 */
export const featherMaskSteps = (mask: Mask, frame: PixelRect, sigma: number): Generator<void, Mask> =>
  blurredSteps(mask, frame, sigma, { middle: 0, steepness: 1, highest: 255 });

/**
 * The mask with its corners and jagged edges rounded off: blurred, and cut where half of its highest coverage is left,
 * with an antialiased edge. One step of the flow by curvature of B. Merriman, J. Bence, S. Osher, "Diffusion generated
 * motion by mean curvature" (1992): a straight edge stays where it is, a bump of about `sigma` px goes.
 */
export function smoothMaskSteps(mask: Mask, frame: PixelRect, sigma: number): Generator<void, Mask> {
  const highest = highestCoverage(cutMask(mask, frame));
  // A straight edge falls by highest / (σ √2π) per px in its middle: made to fall by all of it, it is 1 px wide.
  return blurredSteps(mask, frame, sigma, {
    middle: highest / 2,
    steepness: sigma * Math.sqrt(2 * Math.PI),
    highest,
  });
}

/** What becomes of blurred coverage: its distance from `middle` times `steepness`, kept within 0 … `highest`. */
interface Contrast {
  readonly middle: number;
  readonly steepness: number;
  readonly highest: number;
}

function* blurredSteps(
  mask: Mask,
  frame: PixelRect,
  sigma: number,
  contrast: Contrast,
): Generator<void, Mask> {
  const grid = new FrameGrid(cutMask(mask, frame), frame);
  const gaussian = new CellGaussian(sigma);
  const shares = {
    x: shareInFrame(gaussian, frame.x, frame.width),
    y: shareInFrame(gaussian, frame.y, frame.height),
  };
  const cells = new SpreadCells(grid, gaussian);
  const reach = Math.ceil(sigma * SEEN_REACH);
  const tiles = new Map<number, Tile>();
  for (const place of grid.places) {
    const { even } = place;
    const fixed = even === 0 || even === contrast.highest || contrast.steepness === 1;
    const passed = fixed && grid.isStill(place, reach);
    const tile = passed ? place.tile : blurredTile(place, gaussian, cells, shares, contrast);
    if (tile !== 0) tiles.set(place.key, tile);
    if (!passed) yield;
  }
  return { tiles };
}

interface Shares {
  /** By column and by row of the frame: how much of the Gaussian lies in the frame, 0–1. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The same blur of a line that is 1 in the frame and 0 beyond: what an even mask is to be divided by. */
function shareInFrame(gaussian: CellGaussian, start: number, length: number): Float64Array {
  const { cell } = gaussian;
  const from = Math.floor(start / cell) * cell;
  const end = Math.ceil((start + length) / cell) * cell;
  const line = new Float32Array(end - from).fill(1, start - from, start - from + length);
  return gaussian.line(line).subarray(start - from, start - from + length);
}

function blurredTile(
  { tx, ty, part }: FramePlace,
  gaussian: CellGaussian,
  cells: SpreadCells,
  shares: Shares,
  { middle, steepness, highest }: Contrast,
): Tile {
  const blurred = gaussian.block(cells.around(tx, ty), TILE_SIZE);
  const { frame } = cells.grid;
  const columns = shares.x.subarray(part.x - frame.x);
  const rest = middle * (1 - steepness);
  const out = new Uint8Array(TILE_AREA);
  for (let y = part.y; y < part.y + part.height; y++) {
    const start = (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
    const scale = steepness / shares.y[y - frame.y]!;
    for (let x = 0; x < part.width; x++) {
      const value = (blurred[start + x]! * scale) / columns[x]! + rest;
      out[start + x] = Math.max(0, Math.min(highest, value + 0.5));
    }
  }
  return compactTile(out);
}

/** What a mask's tiles are spread to, kept while tiles near them are blurred row by row. */
class SpreadCells {
  readonly grid: FrameGrid;
  readonly #gaussian: CellGaussian;
  /** Of a tile that is 1 all over. */
  readonly #even: Float32Array;
  readonly #known = new Map<number, Float32Array>();
  #row = Number.NEGATIVE_INFINITY;

  constructor(grid: FrameGrid, gaussian: CellGaussian) {
    this.grid = grid;
    this.#gaussian = gaussian;
    this.#even = gaussian.spread(new Uint8Array(TILE_AREA).fill(1), TILE_SIZE);
  }

  /** The cells of a tile and `margin` more on every side, row by row; beyond the frame all is 0. */
  around(tx: number, ty: number): Float32Array {
    const { cell, margin } = this.#gaussian;
    const perTile = TILE_SIZE / cell;
    const side = perTile + 2 * margin;
    const out = new Float32Array(side * side);
    const beside = Math.ceil((margin + BESIDE) / perTile);
    if (ty > this.#row) this.#forgetAbove(ty - beside);
    this.#row = ty;
    for (let oy = -beside; oy <= beside; oy++) {
      for (let ox = -beside; ox <= beside; ox++) {
        const place = this.grid.at(tx + ox, ty + oy);
        if (!place || place.tile === 0) continue;
        const left = margin + ox * perTile - BESIDE;
        const top = margin + oy * perTile - BESIDE;
        if (typeof place.tile === 'number') addBlock(out, side, this.#even, perTile, left, top, place.tile);
        else addBlock(out, side, this.#of(place, place.tile), perTile, left, top, 1);
      }
    }
    return out;
  }

  #of({ key }: FramePlace, tile: DenseTile): Float32Array {
    let cells = this.#known.get(key);
    if (!cells) {
      cells = this.#gaussian.spread(tile.bytes(), TILE_SIZE);
      this.#known.set(key, cells);
    }
    return cells;
  }

  #forgetAbove(ty: number): void {
    for (const key of this.#known.keys()) if (tileY(key) < ty) this.#known.delete(key);
  }
}

/** Adds `factor` times a tile's cells (`BESIDE` more on every side), as far as they lie in the square `out`. */
function addBlock(
  out: Float32Array,
  side: number,
  cells: Float32Array,
  perTile: number,
  left: number,
  top: number,
  factor: number,
): void {
  const across = perTile + 2 * BESIDE;
  const from = Math.max(0, -left);
  const end = Math.min(across, side - left);
  for (let y = Math.max(0, -top); y < Math.min(across, side - top); y++) {
    const to = (top + y) * side + left;
    const row = y * across;
    for (let x = from; x < end; x++) out[to + x]! += cells[row + x]! * factor;
  }
}
