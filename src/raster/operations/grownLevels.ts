import { area, expand, intersect, type PixelRect, pixelRect, union } from '../../geometry/rect.ts';
import { coverageOf } from '../coverage.ts';
import { columnDistances } from '../distance.ts';
import { type Mask, maskSource } from '../mask.ts';
import { CELL, type CoverageCells } from './coverageCells.ts';
import type { LevelSet } from './levelSets.ts';
import { RowReach } from './rowReach.ts';

/** What the level sets of a mask give to the pixels of `whole` that they reach when each grows by `radius`. */
export class GrownLevels {
  readonly whole: PixelRect;
  /** `whole` and what around it can reach it; `coverage` is that of its pixels. */
  readonly work: PixelRect;
  readonly coverage: Uint8Array;
  /** Per pixel of `whole`; a set gives nothing to its own pixels. Beyond `changed` all of it is 0. */
  readonly sum: Float32Array;
  changed: PixelRect | null = null;
  readonly #reach: number;
  readonly #cells: CoverageCells;
  readonly #row: RowReach;
  readonly #columns: Uint16Array;

  constructor(mask: Mask, cells: CoverageCells, frame: PixelRect, whole: PixelRect, radius: number) {
    this.#reach = Math.ceil(radius) + 1;
    this.#cells = cells;
    this.whole = whole;
    this.work = around(whole, this.#reach, frame);
    this.coverage = coverageOf(maskSource(mask), this.work);
    this.sum = new Float32Array(area(whole));
    this.#row = new RowReach(radius, this.work.width);
    this.#columns = new Uint16Array(this.work.width * (whole.height + 2));
  }

  /** Looks only at what the set can reach anew, in bands: the flatter they are, the less that is, but the more lies around. */
  add({ isOut, weight }: LevelSet): void {
    const { whole, work, coverage, sum } = this;
    const reach = this.#reach;
    const high = Math.max(2, Math.ceil(reach / CELL)) * CELL;
    for (let top = whole.y; top < whole.y + whole.height; top += high) {
      const band = intersect(whole, pixelRect(whole.x, top, whole.width, high))!;
      const anew = this.#reachedAnew(band, isOut);
      if (!anew) continue;
      this.changed = union(this.changed, anew);
      const part = this.#withSides(anew);
      const inWork = pixelRect(part.x - work.x, part.y - work.y, part.width, part.height);
      const columns = columnDistances(coverage, work.width, inWork, isOut, reach, this.#columns);
      for (let y = 0; y < anew.height; y++) {
        const to = (anew.y + y - whole.y) * whole.width + anew.x - whole.x;
        this.#row.add(sum, to, anew.width, weight, columns, y * part.width, part.width, anew.x - part.x);
      }
    }
  }

  /** What of `rect` holds all its pixels that are not in the set but near enough to it. */
  #reachedAnew(rect: PixelRect, isOut: Uint16Array): PixelRect | null {
    const out = this.#cells.bounds(rect, (value) => isOut[value] !== 0);
    if (!out) return null;
    const set = this.#cells.bounds(around(out, this.#reach, this.work), (value) => isOut[value] === 0);
    return set && intersect(out, around(set, this.#reach, rect));
  }

  /**
   * What was found to be reached anew, and what beside it in its rows counts for that: where it ends within `whole`,
   * one pixel, for what follows is all of the set, or nothing of it is near.
   */
  #withSides({ x, y, width, height }: PixelRect): PixelRect {
    const { whole, work } = this;
    const left = x > whole.x ? 1 : this.#reach;
    const right = x + width < whole.x + whole.width ? 1 : this.#reach;
    return intersect(pixelRect(x - left, y, left + width + right, height), work)!;
  }
}

/** `rect` and what lies within `reach` px around it, as far as it is in `frame`. */
function around(rect: PixelRect, reach: number, frame: PixelRect): PixelRect {
  return intersect(expand(rect, reach) ?? rect, frame) ?? rect;
}
