import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { type Mask, maskSource } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import type { ReadPixels } from './distanceField.ts';
import type { ToOklab } from './oklab.ts';

/** A region seen coarsely: each of its pixels stands for `factor` × `factor` document px, fewer at the right and below. */
export interface Grid {
  readonly region: PixelRect;
  readonly factor: number;
  readonly width: number;
  readonly height: number;
}

export const gridOf = (region: PixelRect, factor: number): Grid => ({
  region,
  factor,
  width: Math.ceil(region.width / factor),
  height: Math.ceil(region.height / factor),
});

/** The document px that some of a grid's pixels stand for. */
export function documentRect({ region, factor }: Grid, part: PixelRect): PixelRect {
  const place = pixelRect(
    region.x + part.x * factor,
    region.y + part.y * factor,
    part.width * factor,
    part.height * factor,
  );
  return intersect(place, region)!;
}

/**
 * Mean colours of a part of a grid: L, a, b in hundredths of OKLab, row by row. Means are taken of the picture's numbers, which
 * is a third of the work; transparent pixels are black.
 */
export function meanColours(grid: Grid, part: PixelRect, read: ReadPixels, lab: ToOklab): Float32Array {
  const rect = documentRect(grid, part);
  const rgba = read(rect);
  const { factor } = grid;
  const out = new Float32Array(part.width * part.height * 3);
  const mean = new Uint8Array(4);
  for (let y = 0, to = 0; y < part.height; y++) {
    const rows = Math.min(rect.height, (y + 1) * factor);
    for (let x = 0; x < part.width; x++, to += 3) {
      const columns = Math.min(rect.width, (x + 1) * factor);
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let row = y * factor; row < rows; row++) {
        for (let at = (row * rect.width + x * factor) * 4; at < (row * rect.width + columns) * 4; at += 4) {
          const weight = rgba[at + 3]!;
          red += rgba[at]! * weight;
          green += rgba[at + 1]! * weight;
          blue += rgba[at + 2]! * weight;
          alpha += weight;
        }
      }
      const count = (rows - y * factor) * (columns - x * factor);
      if (alpha > 0) {
        mean[0] = red / alpha + 0.5;
        mean[1] = green / alpha + 0.5;
        mean[2] = blue / alpha + 0.5;
      }
      lab(mean, 0, out, to);
      const scale = (alpha / 255 / count) * 100;
      for (let axis = 0; axis < 3; axis++) out[to + axis]! *= scale;
    }
  }
  return out;
}

/** 1 for the grid's pixels of which a mask covers half or more; all that it touches when it is thinner than that. */
export function coveredPixels(grid: Grid, mask: Mask): Uint8Array {
  const { region, factor, width, height } = grid;
  const counts = new Uint32Array(width * height);
  const bounds = maskBounds(mask);
  const rect = bounds && intersect(bounds, region);
  const out = new Uint8Array(counts.length);
  if (!rect) return out;
  const bytes = coverageOf(maskSource(mask), rect);
  for (let y = 0, at = 0; y < rect.height; y++) {
    const row = Math.floor((rect.y - region.y + y) / factor) * width;
    for (let x = 0; x < rect.width; x++, at++) {
      if (bytes[at]! >= 128) counts[row + Math.floor((rect.x - region.x + x) / factor)]!++;
    }
  }
  const half = Math.ceil((factor * factor) / 2);
  const least = counts.some((count) => count >= half) ? half : 1;
  for (let i = 0; i < out.length; i++) out[i] = counts[i]! >= least ? 1 : 0;
  return out;
}
