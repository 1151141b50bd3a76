import { bottom, intersect, type PixelRect, pixelRect, rectBetween, right } from '../geometry/rect.ts';
import type { Draft } from './draft.ts';
import { tileIndex } from './mask.ts';
import { TILE_SIZE } from './tile.ts';

/** Where a tip is: `radius` is half of its width. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Per row: columns starts[i] … ends[i] − 1, none when the end is no greater. */
export interface RowSpans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** How covered pixels are written. */
export interface Ink {
  readonly erase: boolean;
  /** 255 · opacity, unrounded, and rounded: what full coverage writes. */
  readonly scale: number;
  readonly strength: number;
}

/** What a tip covers between two samples, as the painting loop asks for it. */
export interface Sweep {
  /** Around all pixels that are covered. */
  readonly bounds: PixelRect;
  /** Of the rows from `firstRow`: the pixels that may be covered, and among them those that surely are, fully. */
  spans(firstRow: number, count: number, outer: RowSpans, solid: RowSpans): void;
  /** Evaluates and writes the pixels start … end − 1 of row y; `row` + x is a pixel's place in `bytes`. */
  paintRim(bytes: Uint8Array, row: number, start: number, end: number, y: number, ink: Ink): void;
}

const rowSpans = (): RowSpans => ({ starts: new Int32Array(TILE_SIZE), ends: new Int32Array(TILE_SIZE) });
const outer = rowSpans();
const solid = rowSpans();

/** Writes one sweep of one opacity (0–1) into the draft, tile by tile. */
export function paintSweep(draft: Draft, erase: boolean, opacity: number, sweep: Sweep): void {
  const strength = Math.round(255 * opacity);
  const reach = intersect(draft.bounds, sweep.bounds);
  if (strength === 0 || !reach) return;
  const ink: Ink = { erase, scale: 255 * opacity, strength };
  const endTileX = tileIndex(right(reach) - 1);
  const endTileY = tileIndex(bottom(reach) - 1);
  for (let ty = tileIndex(reach.y); ty <= endTileY; ty++) {
    const y = Math.max(reach.y, ty * TILE_SIZE);
    const height = Math.min(bottom(reach), (ty + 1) * TILE_SIZE) - y;
    sweep.spans(y, height, outer, solid);
    for (let tx = tileIndex(reach.x); tx <= endTileX; tx++) {
      const tile = draft.tile(tx, ty);
      if (typeof tile === 'number' && (ink.erase ? tile >= strength : tile <= 255 - strength)) continue;
      const x = Math.max(reach.x, tx * TILE_SIZE);
      const width = Math.min(right(reach), (tx + 1) * TILE_SIZE) - x;
      const painted = paintTile(draft, tx, ty, pixelRect(x, y, width, height), sweep, ink);
      if (painted) draft.touch(painted);
    }
  }
}

/**
 * Paints the pixels of `part` (inside tile (tx, ty), its rows those of the span arrays); gives back the
 * rectangle that may have changed. A tile that no span reaches is not copied.
 */
function paintTile(
  draft: Draft,
  tx: number,
  ty: number,
  part: PixelRect,
  sweep: Sweep,
  ink: Ink,
): PixelRect | null {
  const end = right(part);
  let bytes: Uint8Array | null = null;
  let minX = end;
  let maxX = part.x;
  let minY = 0;
  let maxY = 0;
  for (let i = 0; i < part.height; i++) {
    const outerStart = Math.max(part.x, outer.starts[i]!);
    const outerEnd = Math.min(end, outer.ends[i]!);
    if (outerStart >= outerEnd) continue;
    const y = part.y + i;
    if (!bytes) {
      bytes = draft.writable(tx, ty);
      minY = y;
    }
    maxY = y + 1;
    if (outerStart < minX) minX = outerStart;
    if (outerEnd > maxX) maxX = outerEnd;
    const row = (y - ty * TILE_SIZE) * TILE_SIZE - tx * TILE_SIZE;
    const solidStart = Math.max(outerStart, solid.starts[i]!);
    const solidEnd = Math.min(outerEnd, solid.ends[i]!);
    if (solidStart < solidEnd) {
      sweep.paintRim(bytes, row, outerStart, solidStart, y, ink);
      paintCore(bytes, row + solidStart, row + solidEnd, ink);
      sweep.paintRim(bytes, row, solidEnd, outerEnd, y, ink);
    } else {
      sweep.paintRim(bytes, row, outerStart, outerEnd, y, ink);
    }
  }
  return rectBetween(minX, minY, maxX, maxY);
}

function paintCore(bytes: Uint8Array, start: number, end: number, { erase, strength }: Ink): void {
  if (strength === 255) {
    bytes.fill(erase ? 255 : 0, start, end);
  } else if (erase) {
    for (let at = start; at < end; at++) if (bytes[at]! < strength) bytes[at] = strength;
  } else {
    const rest = 255 - strength;
    for (let at = start; at < end; at++) if (bytes[at]! > rest) bytes[at] = rest;
  }
}
