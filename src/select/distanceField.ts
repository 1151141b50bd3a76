import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { TILE_SIZE } from '../raster/tile.ts';
import type { MeasureColours } from './colourDistance.ts';

/** Straight RGBA of the flattened picture in a rectangle; its bytes start at a multiple of four. */
export type ReadPixels = (rect: PixelRect) => Uint8Array;

/** Not measured yet, or not reached. */
export const UNKNOWN = 255;

/**
 * How far each pixel of `frame` is from a colour, in levels: one byte per pixel, row by row. Measured tile by tile when
 * it is first asked for, so that a small region of a large picture costs only its surroundings.
 */
export class DistanceField {
  readonly frame: PixelRect;
  readonly levels: Uint8Array;
  readonly #read: ReadPixels;
  readonly #measure: MeasureColours;

  constructor(frame: PixelRect, read: ReadPixels, measure: MeasureColours) {
    this.frame = frame;
    this.levels = new Uint8Array(frame.width * frame.height).fill(UNKNOWN);
    this.#read = read;
    this.#measure = measure;
  }

  /** Of the pixel with this index. */
  at(index: number): number {
    const level = this.levels[index]!;
    if (level !== UNKNOWN) return level;
    const { width } = this.frame;
    this.#fill(Math.floor((index % width) / TILE_SIZE), Math.floor(index / width / TILE_SIZE));
    return this.levels[index]!;
  }

  /** Measures what is not known yet, a tile at each step. */
  *all(): Generator<void, void> {
    const { width, height } = this.frame;
    for (let ty = 0; ty * TILE_SIZE < height; ty++) {
      for (let tx = 0; tx * TILE_SIZE < width; tx++) {
        if (this.levels[ty * TILE_SIZE * width + tx * TILE_SIZE] !== UNKNOWN) continue;
        this.#fill(tx, ty);
        yield;
      }
    }
  }

  /** Tiles are counted from the frame's corner. */
  #fill(tx: number, ty: number): void {
    const { x, y, width } = this.frame;
    const place = pixelRect(x + tx * TILE_SIZE, y + ty * TILE_SIZE, TILE_SIZE, TILE_SIZE);
    const rect = intersect(place, this.frame)!;
    const levels = new Uint8Array(rect.width * rect.height);
    this.#measure(this.#read(rect), levels);
    for (let row = 0; row < rect.height; row++) {
      this.levels.set(
        levels.subarray(row * rect.width, (row + 1) * rect.width),
        (rect.y - y + row) * width + rect.x - x,
      );
    }
  }
}
