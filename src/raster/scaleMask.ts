import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { coverageOf } from './coverage.ts';
import { CoverageWriter } from './coverageWriter.ts';
import { forEachTile, type Mask, maskSource, tileKey } from './mask.ts';

/**
 * The part of a mask in `from`, moved and scaled to `to`: exact where only moved, otherwise smooth, linear between
 * the centres of pixels when enlarged and averaged when reduced. Yields after each tile.
 */
export function* scaledMaskSteps(mask: Mask, from: PixelRect, to: PixelRect): Generator<void, Mask> {
  const parts: PixelRect[] = [];
  if (mask.tiles.size > 0) forEachTile(to, (_tx, _ty, part) => parts.push(part));
  const onlyMoved = from.width === to.width && from.height === to.height;
  const writer = new CoverageWriter(to);
  for (const part of parts) {
    const coverage = onlyMoved
      ? coverageOf(maskSource(mask), { ...part, x: part.x - to.x + from.x, y: part.y - to.y + from.y })
      : scaledPart(mask, from, to, part);
    writer.write(coverage, part);
    yield;
  }
  return writer.finish();
}

/** Pixels of the source that one of the target is made of along an axis, and how much each counts; the sum is 1. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** A triangle around the target pixel's centre, one pixel of the coarser side to each end. */
function tapsOf(at: number, length: number, fromLength: number): Taps {
  const step = fromLength / length;
  const reach = Math.max(1, step);
  const centre = (at + 0.5) * step - 0.5;
  const first = Math.max(0, Math.ceil(centre - reach));
  const last = Math.min(fromLength - 1, Math.floor(centre + reach));
  const weights: number[] = [];
  for (let i = first; i <= last; i++) weights.push(1 - Math.abs(i - centre) / reach);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

const endOf = ({ first, weights }: Taps) => first + weights.length;

/** Coverage of `part`, which lies in `to`: along the rows first, then along the columns. */
function scaledPart(mask: Mask, from: PixelRect, to: PixelRect, part: PixelRect): Uint8Array {
  const columns = Array.from({ length: part.width }, (_, k) =>
    tapsOf(part.x - to.x + k, to.width, from.width),
  );
  const rows = Array.from({ length: part.height }, (_, k) =>
    tapsOf(part.y - to.y + k, to.height, from.height),
  );
  const left = columns[0]!.first;
  const top = rows[0]!.first;
  const width = endOf(columns.at(-1)!) - left;
  const height = endOf(rows.at(-1)!) - top;
  const seen = pixelRect(from.x + left, from.y + top, width, height);
  const out = new Uint8Array(part.width * part.height);
  const uniform = uniformIn(mask, seen);
  if (uniform !== null) return out.fill(uniform);

  const source = coverageOf(maskSource(mask), seen);
  const across = new Float32Array(height * part.width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < part.width; x++) {
      const { first, weights } = columns[x]!;
      const start = y * width + first - left;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * source[start + i]!;
      across[y * part.width + x] = sum;
    }
  }
  for (let y = 0; y < part.height; y++) {
    const { first, weights } = rows[y]!;
    for (let x = 0; x < part.width; x++) {
      const start = (first - top) * part.width + x;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * across[start + i * part.width]!;
      out[y * part.width + x] = sum + 0.5;
    }
  }
  return out;
}

/** The value of all tiles that `rect` touches, when they are one number. */
function uniformIn(mask: Mask, rect: PixelRect): number | null {
  const values = new Set<unknown>();
  forEachTile(rect, (tx, ty) => values.add(mask.tiles.get(tileKey(tx, ty)) ?? 0));
  const [value] = values;
  return values.size === 1 && typeof value === 'number' ? value : null;
}
